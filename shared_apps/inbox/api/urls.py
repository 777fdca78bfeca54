from django.urls import path

from shared_apps.inbox.api import views

app_name = "inbox_api"
urlpatterns = [
    path("inbox/", views.InboxView.as_view(), name="list"),
    path("inbox/<int:item_id>/enter/", views.EnterView.as_view(), name="enter"),
]

from django.urls import path

from shared_apps.inbox.web import views

app_name = "inbox"
urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/badge/", views.badge, name="badge"),
    path("inbox/<int:item_id>/enter/", views.enter, name="enter"),
]

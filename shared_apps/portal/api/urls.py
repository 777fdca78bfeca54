from django.urls import path

from shared_apps.portal.api import views

app_name = "portal_api"
urlpatterns = [path("malls/", views.MallsView.as_view(), name="malls")]

from django.urls import path

from shared_apps.insight.api import views

app_name = "insight_api"
urlpatterns = [path("supervision/", views.SupervisionView.as_view(), name="supervision")]

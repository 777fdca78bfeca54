from django.urls import path

from shared_apps.insight.web import views

app_name = "insight"
urlpatterns = [path("supervision/", views.supervision_page, name="supervision")]

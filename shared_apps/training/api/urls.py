"""The API of practice, on the region's host."""

from __future__ import annotations

from django.urls import path

from shared_apps.training.api import views

app_name = "training_api"
urlpatterns = [
    path("practice/malls/", views.Malls.as_view(), name="malls"),
    path("practice/malls/<str:tenant_code>/open/", views.Open.as_view(), name="open"),
    path("practice/malls/<str:tenant_code>/remake/", views.Remake.as_view(), name="remake"),
    path("practice/malls/<str:tenant_code>/remove/", views.Remove.as_view(), name="remove"),
    path("practice/people/", views.People.as_view(), name="people"),
    path("practice/exercises/", views.Mine.as_view(), name="mine"),
]

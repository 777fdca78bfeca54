"""The fleet's API, on the region's host."""

from __future__ import annotations

from django.urls import path

from shared_apps.fleet.api import views

app_name = "fleet_api"
urlpatterns = [
    path("tenants/", views.Malls.as_view(), name="malls"),
    path("tenants/<str:code>/", views.Mall.as_view(), name="mall"),
    path("supervised/", views.Supervised.as_view(), name="supervised"),
]

"""Onboarding's API, on the region's host."""

from __future__ import annotations

from django.urls import path

from shared_apps.onboarding.api import views

app_name = "onboarding_api"
urlpatterns = [
    path("applications/", views.Applications.as_view(), name="applications"),
    path("applications/apply/", views.Apply.as_view(), name="apply"),
    path("applications/divisions/", views.Divisions.as_view(), name="divisions"),
    path("applications/<int:application_id>/", views.OneApplication.as_view(), name="application"),
    path("applications/<int:application_id>/approve/", views.Approve.as_view(), name="approve"),
    path("applications/<int:application_id>/refuse/", views.Refuse.as_view(), name="refuse"),
    path("applications/<int:application_id>/retry/", views.Retry.as_view(), name="retry"),
]

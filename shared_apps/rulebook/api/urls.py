"""The rulebook's API, on the region's host."""

from __future__ import annotations

from django.urls import path

from shared_apps.rulebook.api import views

app_name = "rulebook_api"
urlpatterns = [
    path("calendar/", views.CalendarYears.as_view(), name="calendar"),
    path("rules/", views.Versions.as_view(), name="rules"),
    path("rules/enter/", views.EnterVersion.as_view(), name="enter_version"),
    path("rules/<int:version_id>/", views.Version.as_view(), name="version"),
    path("rules/<int:version_id>/enter/", views.EnterParameters.as_view(), name="enter_parameters"),
    path("rules/<int:version_id>/verify/", views.VerifyVersion.as_view(), name="verify"),
    path("rules/<int:version_id>/withdraw/", views.WithdrawVersion.as_view(), name="withdraw"),
]

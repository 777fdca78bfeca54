"""The rulebook in the region's console, on the region's host."""

from __future__ import annotations

from django.urls import path

from shared_apps.rulebook.web import calendars, parameters, versions

app_name = "rulebook"
urlpatterns = [
    path("console/calendar/", calendars.calendar, name="calendar"),
    path("console/rules/", versions.rules, name="rules"),
    path("console/rules/new/", versions.new_version, name="new_version"),
    path("console/rules/<int:version_id>/", versions.version, name="version"),
    path("console/rules/<int:version_id>/new/", parameters.new_parameters, name="new_parameters"),
    path("console/rules/<int:version_id>/verify/", versions.verify, name="verify"),
    path("console/rules/<int:version_id>/withdraw/", versions.withdraw, name="withdraw"),
]

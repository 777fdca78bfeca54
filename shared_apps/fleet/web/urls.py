"""The console of the fleet, on the region's host."""

from __future__ import annotations

from django.urls import path

from shared_apps.fleet.web import jobs, lists, malls, supervised

app_name = "fleet"
urlpatterns = [
    path("console/", lists.console, name="console"),
    path("console/malls/", lists.malls, name="malls"),
    path("console/malls.csv", lists.malls_csv, name="malls_csv"),
    path("console/tiles/", lists.tiles, name="tiles"),
    path("console/jobs/", jobs.jobs, name="jobs"),
    path("console/jobs/new/", jobs.new_job, name="new_job"),
    path("console/jobs/<int:job_id>/", jobs.job, name="job"),
    path("console/jobs/<int:job_id>/progress/", jobs.job_progress, name="job_progress"),
    path("console/malls/<str:code>/", malls.mall, name="mall"),
    *(path(f"console/malls/<str:code>/{name}/", view, name=name) for name, view in malls.VIEWS.items()),
    path("supervised/", supervised.supervised, name="supervised"),
]

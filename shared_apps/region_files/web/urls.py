"""Files on the region's host."""

from __future__ import annotations

from django.urls import path

from shared_apps.region_files.web import views

app_name = "region_files"
urlpatterns = [path("files/<slug:key>/", views.open_file, name="open")]

"""Files on a tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.files.web import views

app_name = "files"
urlpatterns = [path("files/<slug:key>/", views.open_file, name="open")]

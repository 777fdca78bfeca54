"""API of access, on a tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.access.api import views

app_name = "access_api"
urlpatterns = [
    path("me/", views.Me.as_view(), name="me"),
]

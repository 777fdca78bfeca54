"""Pages of approvals, on a tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.approvals.web import views

app_name = "approvals"
urlpatterns = [
    path("approvals/", views.inbox, name="inbox"),
    path("approvals/badge/", views.badge, name="badge"),
]

"""Pages of approvals, on a tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.approvals.web import flows, views

app_name = "approvals"
urlpatterns = [
    path("approvals/", views.inbox, name="inbox"),
    path("approvals/badge/", views.badge, name="badge"),
    path("approvals/decide/", views.decide, name="decide"),
    path("bureau/approvals/", flows.overview, name="flows"),
    path("bureau/approvals/times.csv", flows.times, name="times"),
    path("bureau/approvals/flow/", flows.flow, name="flow"),
    path("bureau/approvals/flow/<int:flow_id>/end/", flows.end, name="end_flow"),
]

"""API of approvals, on a tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.approvals.api import views

app_name = "approvals_api"
urlpatterns = [
    path("approvals/", views.Waiting.as_view(), name="waiting"),
    path("approvals/decide/", views.Decide.as_view(), name="decide"),
    path("approvals/times/", views.Times.as_view(), name="times"),
    path("approval-flows/", views.Flows.as_view(), name="flows"),
    path("approval-flows/set/", views.SetFlow.as_view(), name="set_flow"),
    path("approval-flows/<int:flow_id>/end/", views.EndFlow.as_view(), name="end_flow"),
]

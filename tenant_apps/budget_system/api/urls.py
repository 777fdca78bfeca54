"""The API of the budget-management system's adapter, on the tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.budget_system.api import views

app_name = "budget_system_api"
urlpatterns = [
    path("budget-reports/", views.Reports.as_view(), name="reports"),
    path("budget-reports/<int:report_id>/resend/", views.Resend.as_view(), name="resend"),
    path("budget-quotas/", views.Quotas.as_view(), name="quotas"),
    path("budget-quotas/take-over/", views.TakeOver.as_view(), name="take_over"),
]

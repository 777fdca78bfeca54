"""Pages of the budget-management system's adapter, on the tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.budget_system.web import views

app_name = "budget_system"
urlpatterns = [
    path("bureau/budget-system/", views.reports, name="reports"),
    path("bureau/budget-system/reports.csv", views.reports_csv, name="reports_csv"),
    path("bureau/budget-system/<int:report_id>/resend/", views.resend, name="resend"),
    path("bureau/budget-system/quotas/", views.quotas, name="quotas"),
    path("bureau/budget-system/quotas.csv", views.quotas_csv, name="quotas_csv"),
    path("bureau/budget-system/quotas/take-over/", views.take_over, name="take_over"),
]

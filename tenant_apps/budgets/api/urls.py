"""The API of budgets, on the tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.budgets.api import views

app_name = "budgets_api"
urlpatterns = [
    path("budget-units/", views.Units.as_view(), name="units"),
    path("budget-units/create/", views.CreateUnit.as_view(), name="create_unit"),
    path("budget-units/import/", views.ImportUnits.as_view(), name="import_units"),
    path("budget-lines/", views.Lines.as_view(), name="lines"),
    path("budget-lines/create/", views.CreateLine.as_view(), name="create_line"),
    path("budget-lines/<int:line_id>/", views.Statement.as_view(), name="statement"),
    path("budget-lines/<int:line_id>/adjust/", views.Adjust.as_view(), name="adjust"),
    path("budget-lines/<int:line_id>/file-plan/", views.FilePlan.as_view(), name="file_plan"),
]

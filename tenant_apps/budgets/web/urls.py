"""Pages of budgets, on the tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.budgets.web import bureau, importing, lines

app_name = "budgets"
urlpatterns = [
    path("budgets/", lines.lines, name="lines"),
    path("budgets/<int:line_id>/", lines.statement, name="statement"),
    path("bureau/units/", bureau.units, name="units"),
    path("bureau/units/new/", bureau.new_unit, name="new_unit"),
    path("bureau/units/import/", importing.upload, name="import_units"),
    path("bureau/units/import/confirm/", importing.confirm, name="confirm_import"),
    path("bureau/units/template.xlsx", importing.template, name="units_template"),
    path("bureau/units.xlsx", importing.export, name="units_xlsx"),
    path("bureau/budget-lines/new/", bureau.new_line, name="new_line"),
    path("bureau/budget-lines/<int:line_id>/adjust/", bureau.adjust, name="adjust"),
    path("bureau/budget-lines/<int:line_id>/file-plan/", bureau.file_plan, name="file_plan"),
    path("bureau/budget-lines.csv", bureau.lines_csv, name="lines_csv"),
]

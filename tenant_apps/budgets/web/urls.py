"""Pages of budgets, on the tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.budgets.web import adjusting, bureau, importing, line_importing, lines, plans, years

app_name = "budgets"
urlpatterns = [
    path("budgets/", lines.lines, name="lines"),
    path("budgets/<int:line_id>/", lines.statement, name="statement"),
    path("budgets/<int:line_id>/statement.csv", lines.statement_csv, name="statement_csv"),
    path("budgets/<int:line_id>/plan/", plans.draft, name="draft_plan"),
    path("budgets/plans/", plans.plan_list, name="plans"),
    path("budgets/plans/<int:plan_id>/", plans.plan_page, name="plan"),
    path("budgets/plans/<int:plan_id>/amend/", plans.amend, name="amend_plan"),
    path("budgets/plans/<int:plan_id>/submit/", plans.submit, name="submit_plan"),
    path("budgets/plans/<int:plan_id>/decide/", plans.decide, name="decide_plan"),
    path("budgets/adjustments/", adjusting.adjustment_list, name="adjustments"),
    path("budgets/adjustments/transfer/", adjusting.ask, name="ask_transfer"),
    path("budgets/adjustments/<int:adjustment_id>/", adjusting.adjustment_page, name="adjustment"),
    path("budgets/adjustments/<int:adjustment_id>/decide/", adjusting.decide, name="decide_transfer"),
    path("budgets/years/", years.year_list, name="years"),
    path("budgets/years/open/", years.open_year, name="open_year"),
    path("budgets/years/<int:year>/", years.year_page, name="year"),
    path("budgets/years/<int:year>/step/", years.step_year, name="step_year"),
    path("budgets/years/<int:year>/carry-over.csv", years.carry_overs_csv, name="carry_overs_csv"),
    path("budgets/<int:line_id>/carry-over/", years.carry_over, name="carry_over"),
    path("bureau/units/", bureau.units, name="units"),
    path("bureau/units/new/", bureau.new_unit, name="new_unit"),
    path("bureau/units/import/", importing.upload, name="import_units"),
    path("bureau/units/import/confirm/", importing.confirm, name="confirm_import"),
    path("bureau/units/template.xlsx", importing.template, name="units_template"),
    path("bureau/units.xlsx", importing.export, name="units_xlsx"),
    path("bureau/budget-lines/new/", bureau.new_line, name="new_line"),
    path("bureau/budget-lines/import/", line_importing.upload, name="import_lines"),
    path("bureau/budget-lines/import/confirm/", line_importing.confirm, name="confirm_lines"),
    path("bureau/budget-lines/template.xlsx", line_importing.template, name="lines_template"),
    path("bureau/budget-lines.xlsx", line_importing.export, name="lines_xlsx"),
    path("bureau/budget-lines/<int:line_id>/adjust/", bureau.adjust, name="adjust"),
    path("bureau/budget-lines/<int:line_id>/file-plan/", bureau.file_plan, name="file_plan"),
    path("bureau/budget-lines.csv", bureau.lines_csv, name="lines_csv"),
]

"""The API of budgets, on the tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.budgets.api import process, views

app_name = "budgets_api"
urlpatterns = [
    path("budget-units/", views.Units.as_view(), name="units"),
    path("budget-units/create/", views.CreateUnit.as_view(), name="create_unit"),
    path("budget-units/import/", views.ImportUnits.as_view(), name="import_units"),
    path("budget-lines/", views.Lines.as_view(), name="lines"),
    path("budget-lines/create/", views.CreateLine.as_view(), name="create_line"),
    path("budget-lines/import/", process.ImportLines.as_view(), name="import_lines"),
    path("budget-lines/<int:line_id>/", views.Statement.as_view(), name="statement"),
    path("budget-lines/<int:line_id>/adjust/", views.Adjust.as_view(), name="adjust"),
    path("budget-lines/<int:line_id>/file-plan/", views.FilePlan.as_view(), name="file_plan"),
    path("budget-lines/<int:line_id>/draft-plan/", process.DraftPlan.as_view(), name="draft_plan"),
    path("budget-lines/<int:line_id>/ask-carry-over/", process.AskCarryOver.as_view(), name="ask_carry_over"),
    path("budget-lines/<int:line_id>/decide-carry-over/", process.DecideCarryOver.as_view(), name="decide_carry_over"),
    path("procurement-plans/", process.Plans.as_view(), name="plans"),
    path("procurement-plans/<int:plan_id>/amend/", process.AmendPlan.as_view(), name="amend_plan"),
    path("procurement-plans/<int:plan_id>/submit/", process.SubmitPlan.as_view(), name="submit_plan"),
    path("procurement-plans/<int:plan_id>/decide/", process.DecidePlan.as_view(), name="decide_plan"),
    path("budget-adjustments/", process.Adjustments.as_view(), name="adjustments"),
    path("budget-adjustments/transfer/", process.AskTransfer.as_view(), name="ask_transfer"),
    path("budget-adjustments/<int:adjustment_id>/decide/", process.DecideTransfer.as_view(), name="decide_transfer"),
    path("fiscal-years/", process.Years.as_view(), name="years"),
    path("fiscal-years/open/", process.OpenYear.as_view(), name="open_year"),
    path("fiscal-years/<int:year>/step/", process.StepYear.as_view(), name="step_year"),
    path("fiscal-years/<int:year>/carry-over/", process.CarryOvers.as_view(), name="carry_overs"),
]

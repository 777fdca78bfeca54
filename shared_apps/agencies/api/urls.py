"""API of the agency library, on the region's host."""

from __future__ import annotations

from django.urls import path

from shared_apps.agencies.api import agreements, checks, desk, own, public

app_name = "agencies_api"
urlpatterns = [
    path("agencies/", public.Agencies.as_view(), name="agencies"),
    path("agencies/register/", public.Register.as_view(), name="register"),
    path("agencies/<int:agency_id>/", public.OneAgency.as_view(), name="agency"),
    path("agency/", own.Own.as_view(), name="own"),
    path("agency/content/", own.SaveContent.as_view(), name="save_content"),
    path("agency/staff/", own.AddStaff.as_view(), name="add_staff"),
    path("agency/submit/", own.Submit.as_view(), name="submit"),
    path("agency/withdraw/", own.Withdraw.as_view(), name="withdraw"),
    path("agency/changes/", own.ReportChange.as_view(), name="report_change"),
    path("agency/deregister/", own.Deregister.as_view(), name="deregister"),
    path("agency-agreements/", agreements.Agreements.as_view(), name="agreements"),
    path("agency-agreements/file/", agreements.FileAgreement.as_view(), name="file_agreement"),
    path("agency-agreements/<int:agreement_id>/", agreements.OneAgreement.as_view(), name="agreement"),
    path("agency-agreements/<int:agreement_id>/start/", agreements.StartAgreement.as_view(), name="start_agreement"),
    path(
        "agency-agreements/<int:agreement_id>/complete/",
        agreements.CompleteAgreement.as_view(),
        name="complete_agreement",
    ),
    path("agency-agreements/<int:agreement_id>/end/", agreements.EndAgreement.as_view(), name="end_agreement"),
    path("agency-agreements/<int:agreement_id>/evaluate/", agreements.Evaluate.as_view(), name="evaluate"),
    path(
        "agency-evaluations/<int:evaluation_id>/answer/",
        agreements.AnswerEvaluation.as_view(),
        name="answer_evaluation",
    ),
    path(
        "agency-evaluations/<int:evaluation_id>/appeal/",
        agreements.AppealEvaluation.as_view(),
        name="appeal_evaluation",
    ),
    path("agency-evaluations/<int:evaluation_id>/decide/", agreements.DecideAppeal.as_view(), name="decide_appeal"),
    path("agency-check-plans/", checks.Plans.as_view(), name="plans"),
    path("agency-check-plans/make/", checks.MakePlan.as_view(), name="make_plan"),
    path("agency-check-plans/<int:plan_id>/", checks.OnePlan.as_view(), name="plan"),
    path("agency-check-plans/<int:plan_id>/draw/", checks.DrawChecks.as_view(), name="draw_checks"),
    path("agency-check-plans/<int:plan_id>/order/", checks.OrderCheck.as_view(), name="order_check"),
    path("agency-checks/<int:check_id>/", checks.OneCheck.as_view(), name="check"),
    path("agency-checks/<int:check_id>/record/", checks.RecordCheck.as_view(), name="record_check"),
    path("agency-checks/<int:check_id>/rectified/", checks.ReportRectified.as_view(), name="report_rectified"),
    path("agency-checks/<int:check_id>/decide/", checks.DecideCheck.as_view(), name="decide_check"),
    path("agency-draws/<int:draw_id>/", checks.OneDraw.as_view(), name="draw"),
    path("library/agencies/", desk.Registrations.as_view(), name="registrations"),
    path("library/agencies/<int:agency_id>/", desk.Registration.as_view(), name="registration"),
    path("library/agencies/<int:agency_id>/publish/", desk.Publish.as_view(), name="publish"),
    path("library/agencies/<int:agency_id>/return/", desk.Return.as_view(), name="return"),
]

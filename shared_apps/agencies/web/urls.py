"""Pages of the agency library, on the region's host."""

from __future__ import annotations

from django.urls import path

from shared_apps.agencies.web import agreements, checks, desk, own, public

app_name = "agencies"
urlpatterns = [
    path("agencies/", public.agencies, name="agencies"),
    path("agencies/list.csv", public.agencies_csv, name="agencies_csv"),
    path("agencies/register/", public.register, name="register"),
    path("agencies/<int:agency_id>/", public.agency, name="agency"),
    path("agency/", own.own, name="own"),
    path("agency/content/", own.content, name="content"),
    path("agency/staff/", own.staff, name="staff"),
    path("agency/staff/<int:staff_id>/remove/", own.remove_staff, name="remove_staff"),
    path("agency/staff/<int:staff_id>/left/", own.staff_left, name="staff_left"),
    path("agency/files/", own.files, name="files"),
    path("agency/submit/", own.submit, name="submit"),
    path("agency/withdraw/", own.withdraw, name="withdraw"),
    path("agency/reopen/", own.reopen, name="reopen"),
    path("agency/change/", own.change, name="change"),
    path("agency/deregister/", own.deregister, name="deregister"),
    path("agency-agreements/", agreements.agreements, name="agreements"),
    path("agency-agreements/new/", agreements.file, name="file_agreement"),
    path("agency-agreements/<int:agreement_id>/", agreements.agreement, name="agreement"),
    path("agency-agreements/<int:agreement_id>/start/", agreements.start, name="start_agreement"),
    path("agency-agreements/<int:agreement_id>/complete/", agreements.complete, name="complete_agreement"),
    path("agency-agreements/<int:agreement_id>/end/", agreements.end, name="end_agreement"),
    path("agency-agreements/<int:agreement_id>/evaluate/", agreements.evaluate, name="evaluate"),
    path("agency-evaluations/<int:evaluation_id>/answer/", agreements.answer, name="answer_evaluation"),
    path("agency-evaluations/<int:evaluation_id>/appeal/", agreements.appeal, name="appeal_evaluation"),
    path("agency-evaluations/<int:evaluation_id>/decide/", agreements.decide, name="decide_appeal"),
    path("agency-checks/", checks.plans, name="plans"),
    path("agency-checks/make/", checks.make_plan, name="make_plan"),
    path("agency-checks/plans/<int:plan_id>/", checks.plan, name="plan"),
    path("agency-checks/plans/<int:plan_id>/draw/", checks.draw_checks, name="draw_checks"),
    path("agency-checks/plans/<int:plan_id>/order/", checks.order_check, name="order_check"),
    path("agency-checks/draws/<int:draw_id>/", checks.draw, name="draw"),
    path("agency-checks/<int:check_id>/", checks.check, name="check"),
    path("agency-checks/<int:check_id>/record/", checks.record_check, name="record_check"),
    path("agency-checks/<int:check_id>/rectified/", checks.report_rectified, name="report_rectified"),
    path("agency-checks/<int:check_id>/decide/", checks.decide_check, name="decide_check"),
    path("library/review/agencies/", desk.registrations, name="desk"),
    path("library/review/agencies/badge/", desk.badge, name="desk_badge"),
    path("library/review/agencies/<int:agency_id>/", desk.registration, name="registration"),
    path("library/review/agencies/<int:agency_id>/publish/", desk.publish, name="publish"),
    path("library/review/agencies/<int:agency_id>/return/", desk.return_, name="return"),
    path("library/review/agencies/<int:agency_id>/deregister/", desk.deregister, name="desk_deregister"),
]

"""Pages of the agency library, on the region's host."""

from __future__ import annotations

from django.urls import path

from shared_apps.agencies.web import desk, own, public

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
    path("library/review/agencies/", desk.registrations, name="desk"),
    path("library/review/agencies/badge/", desk.badge, name="desk_badge"),
    path("library/review/agencies/<int:agency_id>/", desk.registration, name="registration"),
    path("library/review/agencies/<int:agency_id>/publish/", desk.publish, name="publish"),
    path("library/review/agencies/<int:agency_id>/return/", desk.return_, name="return"),
    path("library/review/agencies/<int:agency_id>/deregister/", desk.deregister, name="desk_deregister"),
]

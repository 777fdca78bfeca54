"""API of the agency library, on the region's host."""

from __future__ import annotations

from django.urls import path

from shared_apps.agencies.api import desk, own, public

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
    path("library/agencies/", desk.Registrations.as_view(), name="registrations"),
    path("library/agencies/<int:agency_id>/", desk.Registration.as_view(), name="registration"),
    path("library/agencies/<int:agency_id>/publish/", desk.Publish.as_view(), name="publish"),
    path("library/agencies/<int:agency_id>/return/", desk.Return.as_view(), name="return"),
]

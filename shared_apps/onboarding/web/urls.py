"""Applications, on the region's host: the applicant's pages and the region's."""

from __future__ import annotations

from django.urls import path

from shared_apps.onboarding.web import applicant, region

app_name = "onboarding"
urlpatterns = [
    path("apply/", applicant.divisions, name="divisions"),
    path("apply/<int:division_code>/", applicant.apply, name="apply"),
    path("applications/<str:number>/<str:secret>/", applicant.followed, name="followed"),
    path("applications/<str:number>/<str:secret>/steps/", applicant.steps, name="followed_steps"),
    path("applications/<str:number>/<str:secret>/amend/", applicant.amend, name="amend"),
    path("applications/<str:number>/<str:secret>/withdraw/", applicant.withdraw, name="withdraw"),
    path("console/applications/", region.applications, name="applications"),
    path("console/applications/badge/", region.badge, name="badge"),
    path("console/applications/<int:application_id>/", region.application, name="application"),
    path("console/applications/<int:application_id>/steps/", region.steps, name="steps"),
    path("console/applications/<int:application_id>/approve/", region.approve, name="approve"),
    path("console/applications/<int:application_id>/refuse/", region.refuse, name="refuse"),
    path("console/applications/<int:application_id>/retry/", region.retry, name="retry"),
]

"""Pages of the takeover, on the tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.takeover.web import codes, packages

app_name = "takeover"
urlpatterns = [
    path("takeover/", packages.packages, name="packages"),
    path("takeover/template.xlsx", packages.template, name="template"),
    path("takeover/codes/", codes.codes, name="codes"),
    path("takeover/codes/map/", codes.map_code, name="map_code"),
    path("takeover/<int:takeover_id>/", packages.package, name="package"),
    path("takeover/<int:takeover_id>/progress/", packages.progress, name="progress"),
    path("takeover/<int:takeover_id>/judge/", packages.judge_again, name="judge_again"),
    path("takeover/<int:takeover_id>/propose/", packages.propose, name="propose"),
    path("takeover/<int:takeover_id>/send-back/", packages.send_back, name="send_back"),
    path("takeover/<int:takeover_id>/confirm/", packages.confirm, name="confirm"),
    path("takeover/<int:takeover_id>/cancel/", packages.cancel, name="cancel"),
    path("takeover/<int:takeover_id>/errors.csv", packages.errors_csv, name="errors_csv"),
    path("takeover/<int:takeover_id>/sums.csv", packages.sums_csv, name="sums_csv"),
    path("takeover/<int:takeover_id>/result.csv", packages.result_csv, name="result_csv"),
]

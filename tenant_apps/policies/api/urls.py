"""The API of local configuration, on the tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.policies.api import views

app_name = "policies_api"
urlpatterns = [
    path("bureau/checklist/", views.Checklist.as_view(), name="checklist"),
    path("bureau/modules/", views.Modules.as_view(), name="modules"),
    path("bureau/modules/choose/", views.ChooseModules.as_view(), name="choose_modules"),
    path("bureau/go-live/", views.GoLive.as_view(), name="go_live"),
    path("bureau/modules/<slug:module>/open/", views.OpenModule.as_view(), name="open_module"),
    path("bureau/modules/<slug:module>/close/", views.CloseModule.as_view(), name="close_module"),
    path("bureau/rules/", views.Rules.as_view(), name="rules"),
    path("bureau/rules/acknowledge/", views.Acknowledge.as_view(), name="acknowledge"),
    path("bureau/rules/tighten/", views.Tighten.as_view(), name="tighten"),
    path("bureau/rules/end-tightening/", views.EndTightening.as_view(), name="end_tightening"),
    path("bureau/tariff/accept/", views.AcceptTariff.as_view(), name="accept_tariff"),
    path("bureau/what-if/", views.WhatIf.as_view(), name="what_if"),
]

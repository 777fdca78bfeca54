"""The bureau's console, on the tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.policies.web import bureau, local_rules

app_name = "policies"
urlpatterns = [
    path("bureau/", bureau.bureau, name="bureau"),
    path("bureau/modules/choose/", bureau.choose_modules, name="choose_modules"),
    path("bureau/go-live/", bureau.go_live, name="go_live"),
    path("bureau/modules/<slug:module>/open/", bureau.open_module, name="open_module"),
    path("bureau/modules/<slug:module>/close/", bureau.close_module, name="close_module"),
    path("bureau/tariff/", bureau.tariff, name="tariff"),
    path("bureau/rules/", local_rules.rules, name="rules"),
    path("bureau/rules/acknowledge/", local_rules.acknowledge, name="acknowledge"),
    path("bureau/rules/tighten/", local_rules.tighten, name="tighten"),
    path("bureau/rules/end-tightening/", local_rules.end_tightening, name="end_tightening"),
    path("bureau/what-if/", local_rules.what_if, name="what_if"),
]

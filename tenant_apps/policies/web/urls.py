"""The bureau's console, on the tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.policies.web import bureau, rules

app_name = "policies"
urlpatterns = [
    path("bureau/", bureau.bureau, name="bureau"),
    path("bureau/modules/<slug:module>/open/", bureau.open_module, name="open_module"),
    path("bureau/modules/<slug:module>/close/", bureau.close_module, name="close_module"),
    path("bureau/tariff/", bureau.tariff, name="tariff"),
    path("bureau/rules/", rules.rules, name="rules"),
    path("bureau/rules/acknowledge/", rules.acknowledge, name="acknowledge"),
    path("bureau/rules/tighten/", rules.tighten, name="tighten"),
    path("bureau/rules/end-tightening/", rules.end_tightening, name="end_tightening"),
    path("bureau/what-if/", rules.what_if, name="what_if"),
]

"""Pages of contracts, on a tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.contracts.web import lists, steps

app_name = "contracts"
urlpatterns = [
    path("contracts/", lists.contract_list, name="list"),
    path("contracts/export.csv", lists.export, name="export"),
    path("contracts/<int:contract_id>/", lists.contract_page, name="contract"),
    path("contracts/<int:contract_id>/supplement/", steps.supplement, name="supplement"),
    path("orders/<int:order_id>/contract/", steps.draft, name="draft"),
    path("contracts/versions/<int:contract_version_id>/rework/", steps.rework, name="rework"),
    path("contracts/versions/<int:contract_version_id>/offer/", steps.offer, name="offer"),
    path("contracts/versions/<int:contract_version_id>/supersede/", steps.supersede, name="supersede"),
    path("contracts/versions/<int:contract_version_id>/withdraw/", steps.withdraw, name="withdraw"),
    path("contracts/versions/<int:contract_version_id>/sign/", steps.sign, name="sign"),
    path("contracts/versions/<int:contract_version_id>/publish/", steps.publish, name="publish"),
    path("contracts/versions/<int:contract_version_id>/file/", steps.file, name="file"),
    path("contracts/versions/<int:contract_version_id>/order/", steps.link_order, name="link_order"),
    path("contracts/versions/<int:contract_version_id>/announce/", steps.announce, name="announce"),
    path("bureau/contracts/", lists.filings, name="filings"),
    path("bureau/contracts/export.csv", lists.filings_export, name="filings_export"),
    path("bureau/contracts/rule/", steps.rule, name="rule"),
    path("notices/contracts/", lists.published_list, name="published_list"),
    path("notices/contracts/<int:contract_version_id>/", lists.published, name="published"),
]

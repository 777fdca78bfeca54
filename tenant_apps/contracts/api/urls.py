"""API of contracts, on a tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.contracts.api import views

app_name = "contracts_api"
urlpatterns = [
    path("contracts/", views.Contracts.as_view(), name="list"),
    path("contracts/<int:contract_id>/", views.OneContract.as_view(), name="contract"),
    path("contracts/<int:contract_id>/supplement/", views.DraftSupplement.as_view(), name="supplement"),
    path("orders/<int:order_id>/contract/", views.DraftContract.as_view(), name="draft"),
    path("contracts/versions/<int:contract_version_id>/rework/", views.Rework.as_view(), name="rework"),
    path("contracts/versions/<int:contract_version_id>/offer/", views.Offer.as_view(), name="offer"),
    path("contracts/versions/<int:contract_version_id>/supersede/", views.Supersede.as_view(), name="supersede"),
    path("contracts/versions/<int:contract_version_id>/withdraw/", views.Withdraw.as_view(), name="withdraw"),
    path("contracts/versions/<int:contract_version_id>/sign/", views.Sign.as_view(), name="sign"),
    path("contracts/versions/<int:contract_version_id>/publish/", views.Publish.as_view(), name="publish"),
    path("contracts/versions/<int:contract_version_id>/file/", views.File.as_view(), name="file"),
    path("contracts/versions/<int:contract_version_id>/order/", views.LinkOrder.as_view(), name="link_order"),
    path("contracts/versions/<int:contract_version_id>/announce/", views.Announce.as_view(), name="announce"),
    path("contract-filings/", views.Filings.as_view(), name="filings"),
    path("contract-rule/", views.DecideRule.as_view(), name="decide_rule"),
    path("notices/contracts/", views.PublishedContracts.as_view(), name="published_list"),
    path("notices/contracts/<int:contract_version_id>/", views.PublishedContract.as_view(), name="published"),
]

"""API of contracts, on a tenant's host."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import utc_now
from kernel.inputs import StrictSerializer
from kernel.posts import SUPERVISE_FROM_ABOVE, Post
from tenant_apps.contracts import needing, selectors
from tenant_apps.contracts.inputs import (
    ContractListSerializer,
    ContractPublishInput,
    ContractQuery,
    ContractReworkInput,
    ContractRuleInput,
    ContractRuleSerializer,
    ContractSerializer,
    ContractSignInput,
    ContractVersionSerializer,
    ContractWithdrawInput,
    FilingQuery,
    PublicQuery,
    PublishedContractSerializer,
    PublishedListSerializer,
    SignatureSerializer,
    SupplementInput,
    SupplementOrderInput,
    as_added,
    as_published,
)
from tenant_apps.contracts.rules import CLERK, SIGNERS, SUPPLIER
from tenant_apps.contracts.services import announcing, drafting, linking, publishing, signing
from tenant_apps.orders.permissions import READERS
from tenant_apps.orders.serializers import VersionInput

BUREAU = frozenset({Post.TIER_SUPERVISOR, Post.AUDITOR, *SUPERVISE_FROM_ABOVE})
PAGING = "Pass `next_after` of one page as `after` of the next; it is null on the last page."


@documented(summary="Versions of contracts the caller may see, newest first", description=PAGING)
class Contracts(ReadView):
    access = Access("contracts.list", posts=READERS)
    query_serializer = ContractQuery
    output_serializer = ContractListSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.versions_for(actor=actor_of(request), **self.query(request))


@documented(summary="A contract with its versions")
class OneContract(ReadView):
    access = Access("contracts.contract", posts=READERS)
    output_serializer = ContractSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.contract_for(actor=actor_of(request), contract_id=path["contract_id"])


@documented(summary="The clerk has the contract of an accepted order drafted")
class DraftContract(WriteView):
    access = Access("contracts.draft", posts=CLERK)
    input_serializer = StrictSerializer
    output_serializer = ContractVersionSerializer
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return drafting.draft_contract(actor=actor_of(request), order_id=path["order_id"], now=utc_now())


@documented(
    summary="The clerk drafts a supplement to a signed contract",
    description="All supplements together are at most a tenth of the contract (`supplement-too-large`).",
)
class DraftSupplement(WriteView):
    access = Access("contracts.supplement", posts=CLERK)
    input_serializer = SupplementInput
    output_serializer = ContractVersionSerializer
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return drafting.draft_supplement(
            actor=actor_of(request), contract_id=path["contract_id"], now=utc_now(), **as_added(data)
        )


@documented(
    summary="The clerk names the order that buys what a signed supplement adds",
    description="Of the same unit and supplier, placed after signing, of the added goods alone: else "
    "`order-not-of-supplement`. The order has no contract of its own then (`order-under-supplement`).",
)
class LinkOrder(WriteView):
    access = Access("contracts.link_order", posts=CLERK)
    input_serializer = SupplementOrderInput
    output_serializer = ContractVersionSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return linking.link_order(
            actor=actor_of(request), version_id=path["contract_version_id"], now=utc_now(), **data
        )


@documented(summary="The clerk changes a draft")
class Rework(WriteView):
    access = Access("contracts.rework", posts=CLERK)
    input_serializer = ContractReworkInput
    output_serializer = ContractVersionSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        data = {"delivery_on": None, **data}
        return drafting.rework(actor=actor_of(request), version_id=path["contract_version_id"], now=utc_now(), **data)


@documented(summary="The clerk offers a draft for signature; its document is made and kept")
class Offer(WriteView):
    access = Access("contracts.offer", posts=CLERK)
    input_serializer = VersionInput
    output_serializer = ContractVersionSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return drafting.offer(actor=actor_of(request), version_id=path["contract_version_id"], now=utc_now(), **data)


@documented(summary="The clerk takes an offered text back; answers the new draft")
class Supersede(WriteView):
    access = Access("contracts.supersede", posts=CLERK)
    input_serializer = VersionInput
    output_serializer = ContractVersionSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return drafting.supersede(
            actor=actor_of(request), version_id=path["contract_version_id"], now=utc_now(), **data
        )


@documented(summary="Either side withdraws a text that both have not signed")
class Withdraw(WriteView):
    access = Access("contracts.withdraw", posts=CLERK | SUPPLIER)
    input_serializer = ContractWithdrawInput
    output_serializer = ContractVersionSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return drafting.withdraw(actor=actor_of(request), version_id=path["contract_version_id"], now=utc_now(), **data)


@documented(
    summary="One side asks the signature service to sign",
    description="For the purchaser an approver who did not write the draft. The service answers by itself afterwards.",
)
class Sign(WriteView):
    access = Access("contracts.sign", posts=SIGNERS)
    input_serializer = ContractSignInput
    output_serializer = SignatureSerializer
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return signing.ask_to_sign(
            actor=actor_of(request), version_id=path["contract_version_id"], now=utc_now(), **data
        )


@documented(summary="The clerk publishes a signed contract, without what is a secret")
class Publish(WriteView):
    access = Access("contracts.publish", posts=CLERK)
    input_serializer = ContractPublishInput
    output_serializer = ContractVersionSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        data = as_published(data)
        return publishing.publish(
            actor=actor_of(request), version_id=path["contract_version_id"], now=utc_now(), **data
        )


@documented(summary="The clerk files the copy with the bureau")
class File(WriteView):
    access = Access("contracts.file", posts=CLERK)
    input_serializer = VersionInput
    output_serializer = ContractVersionSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return publishing.file(actor=actor_of(request), version_id=path["contract_version_id"], now=utc_now(), **data)


@documented(
    summary="The clerk sends a published contract to the designated medium once more",
    description="After a refusal, or where it was never sent; else `not-to-announce` (Regulation art. 50).",
)
class Announce(WriteView):
    access = Access("contracts.announce", posts=CLERK)
    input_serializer = StrictSerializer
    output_serializer = ContractVersionSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return announcing.send_again(actor=actor_of(request), version_id=path["contract_version_id"], now=utc_now())


@documented(summary="The bureau's register of signed contracts, newest first", description=PAGING)
class Filings(ReadView):
    access = Access("contracts.filings", posts=BUREAU)
    query_serializer = FilingQuery
    output_serializer = ContractListSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.filings_for(actor=actor_of(request), now=utc_now(), **self.query(request))


@documented(summary="The bureau decides from what amount on goods are shipped only under a signed contract")
class DecideRule(WriteView):
    access = Access("contracts.decide_rule", posts=frozenset({Post.TIER_SUPERVISOR}))
    input_serializer = ContractRuleInput
    output_serializer = ContractRuleSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return needing.decide(actor=actor_of(request), now=utc_now(), **data)


@documented(summary="Published contracts, newest first", description=PAGING)
class PublishedContracts(ReadView):
    access = Access("contracts.published_list", public=True)
    query_serializer = PublicQuery
    output_serializer = PublishedListSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.published(**self.query(request))


@documented(summary="A published contract, without what is withheld")
class PublishedContract(ReadView):
    access = Access("contracts.published", public=True)
    output_serializer = PublishedContractSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.published_version(version_id=path["contract_version_id"])

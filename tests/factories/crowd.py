"""A shop with one more person for every post it lacks, and the ids that routes and bodies may name."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.test import Client

from kernel.access import Route
from kernel.actor import SYSTEM
from kernel.clock import local_date, utc_now
from kernel.posts import Post
from shared_apps.accounts.models import Membership, Organisation, User
from shared_apps.accounts.rules import OrganisationKind
from shared_apps.exchange.services import receive_table
from shared_apps.fees.rules.months import next_month
from shared_apps.fees.services.shares import enter_share_rule
from shared_apps.rulebook.models import RuleVersion
from tenant_apps.access.models import PostHolding
from tenants.database.context import region_as, tenant_selected
from tests.factories.bargains import proposed as bargain_with
from tests.factories.cast import KIND_OF_POST, LOCAL_KINDS
from tests.factories.checkouts import address
from tests.factories.contracts import offered as offer_contract
from tests.factories.disputes import dispute as open_dispute
from tests.factories.exchange import as_csv
from tests.factories.fees import issued_july
from tests.factories.fulfilment import accepted, goods_accepted, requested, shipped
from tests.factories.invoices import record as record_invoice
from tests.factories.onboarding import file_application
from tests.factories.orders import Shop, make_shop
from tests.factories.people import actor_of, join, make_organisation, make_user, sign_in
from tests.factories.proposals import make_profile, propose, seller_of
from tests.factories.sanctions import drafted
from tests.factories.scores import orders as counted_orders
from tests.factories.scores import outcome
from tests.matrix import sample_path

_PARAMETER = re.compile(r"<(?:[a-z_]+:)?([a-z_]+)>")


@dataclass
class Crowd:
    """People by post, the clients they are signed in with, and real ids by the name they go by."""

    shop: Shop
    people: dict[Post, User]
    ids: dict[str, Any]
    _clients: dict[tuple[Post | None, str], Client] = field(default_factory=dict)

    def client(self, route: Route, room: str) -> Client:
        """Signed in as somebody who may call the route; nobody where it is public."""
        assert route.access is not None
        if route.access.public:
            post = Post.BUYER_CLERK if room == "tenant" else None
        else:
            post = min(route.access.posts or {Post.TIER_SUPERVISOR}, key=list(Post).index)
        if (post, room) not in self._clients:
            client = Client(raise_request_exception=False)
            tenant = self.shop.tenant if room == "tenant" else None
            client.defaults["HTTP_HOST"] = "localhost"
            self._clients[post, room] = client if post is None else sign_in(client, self.people[post], tenant)
        return self._clients[post, room]

    def sign_in_for(self, routes: Iterable[Route], room: str) -> None:
        """Everybody who will be needed, so that their sign-ins are not among the rows that are counted."""
        for route in routes:
            self.client(route, room)

    def again(self) -> Crowd:
        """The same people, each with a client that what a test before did to it has not touched."""
        return replace(self, _clients={key: _twin(client) for key, client in self._clients.items()})

    def path(self, route: Route) -> str:
        """The route's address with real ids where there are some."""
        pattern = _PARAMETER.sub(lambda match: str(self.ids.get(match[1], match[0])), route.pattern)
        return sample_path(pattern)


def _twin(client: Client) -> Client:
    twin = Client(raise_request_exception=client.raise_request_exception)
    twin.defaults, twin.cookies = dict(client.defaults), copy.deepcopy(client.cookies)
    return twin


def _proposed(person: User) -> dict[str, Any]:
    """A product that the person's organisation has proposed, as a supplier of its own."""
    product = propose(seller_of(person))
    profile = make_profile()
    return {
        "product_id": product.pk, "proposal_code": product.code, "subject": "product", "subject_id": product.pk,
        "profile_id": profile.pk,
    }  # fmt: skip


def make_crowd() -> Crowd:
    """A county that can buy, with an order that is being paid and one that waits for its approver."""
    shop = make_shop()
    people = dict(shop.people)
    organisations: dict[OrganisationKind, Organisation] = {}
    for post in KIND_OF_POST:
        if post in people:
            continue
        kind = KIND_OF_POST[post]
        if kind not in organisations:
            tenant = shop.tenant if kind in LOCAL_KINDS else None
            organisations[kind] = make_organisation(kind, f"{kind}-C"[:40], "测试机构", tenant)
        people[post] = make_user(name="测试庚")
        join(people[post], organisations[kind], [post])
    colleague, successor = shop.hire("测试辛", Post.BUYER_CLERK), shop.hire("测试壬", Post.BUYER_PAYER)
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        instruction = requested(shop)
        order = shop.submit()
        bargain, entry = bargain_with(shop), address(shop)
        invoice, disputed = record_invoice(shop, goods_accepted(shop)), open_dispute(shop, shipped(shop))
        contract = offer_contract(shop, accepted(shop))
        holding = PostHolding.objects.filter(user_id=colleague.pk).first()
    application, secret = file_application("653121")
    ban = drafted(shop.supplier.uscc)
    counted_orders(shop.supplier.pk, "declined", first=990_000_001)
    version = RuleVersion.objects.order_by("id").first()
    membership = Membership.objects.filter(user=people[Post.SUPPLIER_SALES]).first()
    assert holding is not None
    assert version is not None
    assert membership is not None
    ids: Mapping[str, Any] = {
        "order_id": order.pk,
        "instruction_id": instruction.pk,
        "invoice_id": invoice.pk,
        "dispute_id": disputed.pk,
        "contract_id": contract.contract_id,
        "contract_version_id": contract.pk,
        "bargain_id": bargain.pk,
        "address_id": entry.pk,
        "line_id": shop.line.pk,
        "budget_line_id": shop.line.pk,
        "unit_id": shop.unit_id,
        "offer_id": shop.offer.pk,
        "supplier_id": shop.supplier.pk,
        "organisation_id": shop.organisation_id,
        "membership_id": membership.pk,
        "holding_id": holding.pk,
        "user_id": colleague.pk,
        "to_user_id": successor.pk,
        "version_id": version.pk,
        "application_id": application.pk,
        "sanction_id": ban.pk,
        "outcome_id": outcome(shop.supplier.pk, 990_000_001).pk,
        "number": application.number,
        "secret": secret,
        "division_code": "653101",
        "category_code": "C-01",
        **_proposed(people[Post.SUPPLIER_ADMIN]),
        "tenant": shop.tenant,
        "tenant_code": shop.tenant,
        "compared_offer_ids": [shop.offer.pk],
        "excluded_supplier_ids": [],
        "table_kind": "products",
        "channel": "email",
        "import_id": _table_of(people[Post.PLATFORM_OPERATOR]),
        "rule_id": _share_rule(shop.tenant),
        "fee_dispute_id": issued_july(shop.tenant)[shop.tenant].pk,
        "month": "2026-07",
        "position": 1,
    }
    return Crowd(shop, people, dict(ids))


def _share_rule(tenant: str) -> int:
    """A rule of who bears the mall's fees, of a month to come."""
    begins = next_month(next_month(local_date(utc_now()).replace(day=1)))
    with region_as("yz_region"):
        row = enter_share_rule(
            actor=SYSTEM, tenant_code=tenant, valid_from=begins, document_number="新财购〔2026〕1号",
            parts={tenant: Decimal(100)}, now=utc_now(),
        )  # fmt: skip
    return int(row.pk)


def _table_of(user: User) -> int:
    """A table of products that waits to be confirmed."""
    with region_as("yz_region"):
        row = receive_table(
            actor=actor_of(user), kind="products", name="t.csv", content=as_csv([], "products"), now=utc_now()
        )
    return int(row.pk)

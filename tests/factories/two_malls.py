"""Two malls made alike, so that every id of one exists in the other; each with its own word in everything people write.

The words are markers: whoever is of one mall and reads the other's word has seen what is not theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models
from django.test import Client

from kernel.actor import SYSTEM
from kernel.clock import local, utc_now
from kernel.posts import Post
from shared_apps.accounts.models import Invitation, User
from shared_apps.accounts.rules import OrganisationKind
from shared_apps.accounts.services import invite
from shared_apps.fees import demo as tariff
from shared_apps.inbox.models import InboxItem
from shared_apps.messaging.models import Message
from shared_apps.products.shelf_bounds import set_shelf_bound
from shared_apps.rulebook.models import RuleVersion
from tenant_apps.access.models import PostHolding
from tenant_apps.approvals.rules import FlowStep
from tenant_apps.bargains.models import Bargain
from tenant_apps.budgets.awaiting import await_units
from tenant_apps.budgets.models import AwaitedUnit
from tenant_apps.contracts import needing as contract_rule
from tenant_apps.contracts.models import Contract, ContractVersion
from tenant_apps.disputes.models import Dispute
from tenant_apps.evaluations.services import decide_indicators, evaluate
from tenant_apps.files.services import store_file
from tenant_apps.invoices.models import Invoice
from tenant_apps.invoices.services import buyer_of
from tenant_apps.orders.models import AcceptanceCertificate, Order
from tenant_apps.orders.services import approving as order_approving
from tenant_apps.payments import terms as payment_terms
from tenant_apps.payments.models import PaymentInstruction
from tenant_apps.storefront import approving
from tenant_apps.supermarket.models import DeliveryAddress
from tenant_apps.takeover.models import Takeover
from tenants.database.context import region_as, tenant_selected
from tenants.database.rooms import room_of, tenant_apps
from tenants.registry.models import Tenant
from tests.database import admin
from tests.factories import agencies, contracts, takeover
from tests.factories import files as samples
from tests.factories import fulfilment as made
from tests.factories.approvals import flow_of, set_flow
from tests.factories.bargains import countered as bargain_with
from tests.factories.budget_pages import make_budget_papers
from tests.factories.cast import GRANTED_POSTS, KIND_OF_POST, LOCAL_KINDS
from tests.factories.checkouts import address, beside_checkout, favourite, noted
from tests.factories.commitments import make_policy_papers
from tests.factories.disputes import dispute as open_dispute
from tests.factories.fees import issued_july
from tests.factories.goods import valid_uscc
from tests.factories.invoices import NUMBER
from tests.factories.invoices import record as record_invoice
from tests.factories.orders import Shop, make_shop
from tests.factories.people import actor_of, join, make_organisation, make_user, sign_in
from tests.factories.relayed import relay_tenant

A, B = "990001", "990002"
MARKERS = {A: "界碑甲", B: "界碑乙"}
# Posts whose people belong to one mall; the others' trades or duties reach over all of them.
LOCAL_POSTS = frozenset(
    post for post in GRANTED_POSTS if post not in KIND_OF_POST or KIND_OF_POST[post] in LOCAL_KINDS
)  # fmt: skip
# Who oversees every mall, by duty.
OVERSEERS = frozenset({Post.PLATFORM_OPERATOR, Post.REGION_SUPERVISOR, Post.AUDITOR})

# Text columns without a marker, by table: what is in them is a code of ours, a hash or a word from a list. A new
# column is marked by itself; one that cannot be is added here by hand.
CODES: Mapping[str, frozenset[str]] = {
    "policies_ruleacknowledgement": frozenset({"code", "level", "kind"}),
    "policies_ruletightening": frozenset({"code", "kind"}),
    "budgets_budgetunit": frozenset({"code"}),
    "budgets_awaitedunit": frozenset({"code", "organisation_code"}),
    "budgets_budgetitem": frozenset({"functional_class", "economic_class", "project_code"}),
    "budgets_budgetline": frozenset({"functional_class", "economic_class", "quota_number"}),
    "budget_system_budgetreport": frozenset({"number", "kind", "quota_number", "unit_code", "state", "reference"}),
    "budget_system_simulatedquota": frozenset(
        {"number", "unit_code", "functional_class", "economic_class", "fund_source", "project_code"}
    ),
    "budget_system_simulatedquotaentry": frozenset({"number", "reference", "quota_number", "kind", "scenario"}),
    "orders_order": frozenset(
        {
            "number_stem", "module", "mode", "supplier_code", "state", "cancel_asked_by", "disputed_in", "area_code",
        }
    ),
    "orders_orderline": frozenset({"product_code", "category_code", "kind"}),
    "orders_orderdecision": frozenset({"occasion", "fingerprint", "rule"}),
    "orders_acceptancecertificate": frozenset({"conclusion"}),
    "payments_paymentinstruction": frozenset(
        {"number_stem", "order_number", "payee_code", "payee_account", "state", "provider", "provider_reference"}
    ),
    "payments_paymentterm": frozenset({"state"}),
    "evaluations_indicatorset": frozenset({"side"}),
    "evaluations_evaluation": frozenset({"order_number", "side"}),
    "payments_simulatedtreasuryentry": frozenset({"number", "reference", "payee_account", "scenario"}),
    "commitments_ledgerrow": frozenset({"budget_item", "item_code"}),
    "commitments_splitexception": frozenset({"code", "kind", "file_key", "state"}),
    "approvals_approvalstep": frozenset({"post", "state"}),
    "takeover_takeover": frozenset({"file_key", "reason"}),
    "takeover_takeoveritem": frozenset({"state", "fingerprint"}),
    "takeover_codemapping": frozenset({"our_code"}),
    "takeover_takenorder": frozenset({"fingerprint"}),
    "invoices_invoice": frozenset(
        {
            "order_number", "code", "number", "fingerprint", "seller_code", "buyer_code", "state", "verifier",
        }
    ),
    "invoices_redinvoice": frozenset({"code", "number", "fingerprint"}),
    "invoices_simulatedverification": frozenset({"fingerprint"}),
    "storefront_favourite": frozenset({"product_code"}),
    "supermarket_deliveryaddress": frozenset({"area_code"}),
    "supermarket_ordernote": frozenset({"paper_key"}),
    "supermarket_draftpaper": frozenset({"paper_key"}),
    "bargains_bargain": frozenset({"number_stem", "area_code", "supplier_code", "state"}),
    "bargains_bargainline": frozenset({"product_code"}),
    "bargains_bargainmove": frozenset({"action", "side"}),
    "contracts_contract": frozenset({"number_stem", "order_number"}),
    "contracts_contractversion": frozenset({"kind", "state"}),
    "contracts_contractdocument": frozenset({"wording", "file_key", "sm3"}),
    "contracts_signature": frozenset(
        {"side", "state", "certificate", "digest", "provider", "provider_reference", "value"}
    ),
    "contracts_simulatedsignature": frozenset({"request", "reference", "digest", "certificate"}),
    "contracts_supplementorder": frozenset({"order_number"}),
    "contracts_announcement": frozenset({"state", "provider", "reference", "address"}),
    "contracts_simulatednotice": frozenset({"number", "reference", "digest", "address"}),
    "payments_interestpayment": frozenset({"state"}),
    "disputes_dispute": frozenset({"order_number", "stopped_in", "opened_by", "state", "outcome"}),
    "disputes_disputestatement": frozenset({"side", "paper_key"}),
    "journal_journalentry": frozenset({"event", "object_type", "object_id"}),
    "idempotency_idempotencykey": frozenset({"endpoint", "key", "request_hash"}),
    "files_tenantfile": frozenset({"key", "sm3", "purpose"}),
}  # fmt: skip


@dataclass
class Mall:
    """One of the two: its people by post and the ids that its routes and the region's may name."""

    code: str
    shop: Shop
    people: dict[Post, User]
    # Of the unit, without a post: whoever is given one in a test gets no more into the matrix by it.
    colleague: User
    ids: dict[str, list[Any]] = field(default_factory=dict)
    _clients: dict[tuple[Post | None, str | None], Client] = field(default_factory=dict)

    @property
    def marker(self) -> str:
        return MARKERS[self.code]

    def client(self, post: Post | None, host: str | None) -> Client:
        """One of this mall's people on a tenant's host or, with None, the region's; signed in there, kept."""
        if (post, host) not in self._clients:
            client = Client(HTTP_HOST=f"{host}.localhost" if host else "localhost", raise_request_exception=False)
            self._clients[post, host] = client if post is None else sign_in(client, self.people[post], host)
        return self._clients[post, host]


def make_two_malls() -> tuple[Mall, Mall]:
    """Both malls at work, with orders in every state, files, invitations, inboxes and statements."""
    _same_ids_from_here()
    malls = (_make_mall(A), _make_mall(B))
    with region_as("yz_region"):
        tariff.load(utc_now())
        versions = [pk for (pk,) in RuleVersion.objects.order_by("pk").values_list("pk")[:2]]
    disputes = issued_july(A, B)
    for mall in malls:
        mall.ids["version_id"] = versions
        mall.ids |= {"fee_dispute_id": [disputes[mall.code].pk], "month": ["2026-07"], "position": [1]}
    return malls


def _same_ids_from_here() -> None:
    """Rows taken back leave their numbers used up, in one mall more than in the other."""
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('ALTER SEQUENCE %%I.%%I RESTART WITH 700001', schemaname, sequencename) FROM pg_sequences"
            " WHERE schemaname = ANY (%s)",
            [[f"t{A}", f"t{B}"]],
        )
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)


def _make_mall(code: str) -> Mall:
    marker = MARKERS[code]
    shop = make_shop(code)
    with region_as("yz_region"):
        Tenant.objects.filter(code=code).update(state="live", live_at=utc_now())
    _people_of_every_post(shop, code)
    _write_region(code, shop)
    mark_tenant(code)
    shop.actors.clear()
    texts = {
        "delivery_address": f"{marker}路1号", "contact_name": f"{marker}老师", "note": f"{marker}备注",
        "choice_reason": f"{marker}理由",
    }  # fmt: skip
    plain = shop.checkout
    shop.checkout = lambda amount, **changes: plain(amount, **(texts | changes))  # type: ignore[method-assign]
    _approve_locally(shop, marker)
    with tenant_selected(code), region_as("yz_mall"):
        _trade(shop, marker)
        waits = AwaitedUnit(
            code="009", name=f"{marker}新单位", organisation_code=valid_uscc(70_000 + int(code[-1])),
            organisation_name=f"{marker}新机构",
        )  # fmt: skip
        await_units(actor=shop.actor(Post.TIER_SUPERVISOR), units=[waits], now=utc_now())
        papers = make_budget_papers(
            clerk=shop.clerk, bureau=shop.actor(Post.TIER_SUPERVISOR), unit_id=shop.unit_id, marker=marker
        )
        policy = make_policy_papers(clerk=shop.clerk, unit_id=shop.unit_id, marker=marker)
        file = store_file(
            actor=shop.clerk, name=f"{marker}.pdf", content=samples.pdf(marker), purpose="files.attachment",
            organisation_id=shop.organisation_id, now=utc_now(),
        )  # fmt: skip
        money, last = FlowStep(f"{marker}财务", Post.BUYER_PAYER), FlowStep(f"{marker}审批", Post.BUYER_APPROVER)
        flow_id = set_flow(shop, flow_of((money,), (last,))).pk
    takeover.sent(shop.actor(Post.CPB_OPERATOR), takeover.packed(shop), tenant=code, name=f"{marker}.xlsx")
    shop.fill_cart(quantity=3)
    relay_tenant(code)
    mark_tenant(code)
    colleague = make_user(name=f"{marker}同事")
    join(colleague, shop.organisation)
    mall = Mall(code, shop, shop.people, colleague)
    mall.ids |= _ids_of(mall, file.key)
    mall.ids |= {
        "plan_id": [papers.plan_id], "adjustment_id": [papers.adjustment_id], "report_id": [papers.report_id],
        "flow_id": [flow_id], "exception_id": [policy.exception_id], "purchase_id": [policy.purchase_id],
        "year": [papers.year], "numbers": [["ZB-84-11"]], "to_line_id": [papers.told_line_id],
        **agencies.commissioned(shop.people, marker=marker),
    }  # fmt: skip
    return mall


def _people_of_every_post(shop: Shop, code: str) -> None:
    organisations = {OrganisationKind.SUPPLIER: shop.people[Post.SUPPLIER_SALES].memberships.get().organisation}
    for post, kind in KIND_OF_POST.items():
        if post in shop.people:
            continue
        if kind not in organisations:
            local_one = kind in LOCAL_KINDS
            organisations[kind] = make_organisation(
                kind, f"{kind}-{code}"[:40], "测试机构", code if local_one else None
            )
        shop.people[post] = make_user(name="测试庚")
        join(shop.people[post], organisations[kind], [post])


def _write_region(code: str, shop: Shop) -> None:
    """The marker in what the region keeps of a mall's own: its people and its public bodies."""
    marker = MARKERS[code]
    with admin() as connection, connection.cursor() as cursor:
        local_people = [shop.people[post].pk for post in LOCAL_POSTS if post in shop.people]
        cursor.execute("UPDATE accounts_user SET name = %s || id WHERE id = ANY (%s)", [marker, local_people])
        cursor.execute("UPDATE accounts_organisation SET name = %s || id WHERE tenant_code = %s", [marker, code])
    with region_as("yz_region"):
        bureau = shop.people[Post.TIER_SUPERVISOR]
        for person in shop.people.values():
            person.refresh_from_db()
        invite(
            actor=actor_of(bureau), organisation_id=bureau.memberships.get().organisation_id, name=f"{marker}新人",
            email=f"new{code}@example.com", posts=[Post.TIER_SUPERVISOR], now=utc_now(),
        )  # fmt: skip


def _approve_locally(shop: Shop, marker: str) -> None:
    """The mall has switched local approval on and approves who sells in it."""
    with region_as("yz_region"):
        set_shelf_bound(actor=SYSTEM, local_approval_allowed=True, reason="测试文件1号", now=utc_now())
    bureau, central = shop.people[Post.TIER_SUPERVISOR], shop.people[Post.CPB_OPERATOR]
    with tenant_selected(shop.tenant):
        approving.decide_supplier(
            actor=actor_of(central, shop.tenant), supplier_id=shop.supplier.pk, is_approved=True,
            reason=f"{marker}齐全", version=0, now=utc_now(),
        )  # fmt: skip
        decide_indicators(
            actor=actor_of(bureau, shop.tenant), side="supplier", names=["付款及时"], reason=f"{marker}决定",
            now=utc_now(),
        )  # fmt: skip
        approving.switch_local_approval(
            actor=actor_of(bureau, shop.tenant), is_on=True, reason=f"{marker}决定", version=0, now=utc_now()
        )


def _trade(shop: Shop, marker: str) -> None:
    rejected = shop.submit()
    order_approving.reject(actor=shop.approver, order_id=rejected.pk, reason=f"{marker}不同意", now=utc_now())
    shop.submit()
    shop.place()
    longer = made.accepted(shop)
    payment_terms.ask(actor=shop.clerk, order_id=longer.pk, days=45, reason=f"{marker}资金下达较晚", now=utc_now())
    made.shipped(shop)
    received = made.goods_accepted(shop)
    # The organisation goes by its marker; the order was placed with the unit's plain name.
    buyer = buyer_of(organisation_id=received.organisation_id, unit_name=received.unit_name)
    # A number is recorded in one mall only, so that this is not alike.
    record_invoice(shop, received, buyer_name=buyer.name, number=f"{NUMBER[:-6]}{shop.tenant}00")
    open_dispute(shop, made.returned(shop))
    contracts.published(shop, made.accepted(shop))
    contracts.offered(shop, made.accepted(shop))
    contract_rule.decide(
        actor=shop.actor(Post.TIER_SUPERVISOR), needed=False, from_amount=Decimal(0), reason=f"{marker}会议",
        now=utc_now(),
    )  # fmt: skip
    bargain_with(shop)
    address(shop)
    beside_checkout(shop)
    favourite(shop)
    noted(shop, received, f"{marker}附言")
    evaluate(actor=shop.clerk, order_id=made.paid(shop).pk, marks=(5, 4, 4), comment=f"{marker}按期到货", now=utc_now())
    made.requested(shop, account=made.GOOD_ACCOUNT[:-2] + "01")
    made.settle(start=utc_now() + timedelta(seconds=1), minutes=3)


def _ids_of(mall: Mall, file_key: str) -> dict[str, list[Any]]:
    code, shop = mall.code, mall.shop
    with tenant_selected(code):
        found: dict[str, list[Any]] = {
            "order_id": list(Order.objects.order_by("pk").values_list("pk", flat=True)),
            "certificate_id": list(AcceptanceCertificate.objects.order_by("pk").values_list("pk", flat=True)),
            "instruction_id": list(PaymentInstruction.objects.order_by("pk").values_list("pk", flat=True)),
            "holding_id": list(PostHolding.objects.order_by("pk").values_list("pk", flat=True)[:3]),
            "line_id": [shop.line.pk],
            "takeover_id": list(Takeover.objects.order_by("pk").values_list("pk", flat=True)),
            "invoice_id": list(Invoice.objects.order_by("pk").values_list("pk", flat=True)),
            "address_id": list(DeliveryAddress.objects.order_by("pk").values_list("pk", flat=True)),
            "bargain_id": list(Bargain.objects.order_by("pk").values_list("pk", flat=True)),
            "dispute_id": list(Dispute.objects.order_by("pk").values_list("pk", flat=True)),
            "contract_id": list(Contract.objects.order_by("pk").values_list("pk", flat=True)),
            "contract_version_id": list(ContractVersion.objects.order_by("pk").values_list("pk", flat=True)),
        }
    with region_as("yz_region"):
        bureau = mall.people[Post.TIER_SUPERVISOR].memberships.get()
        found |= {
            "item_id": list(InboxItem.objects.filter(tenant_code=code).values_list("pk", flat=True)[:3]),
            "message_id": list(
                Message.objects.filter(tenant_code=code, user_id=mall.people[Post.BUYER_CLERK].pk)
                .order_by("pk")
                .values_list("pk", flat=True)[:3]
            ),
            "organisation_id": [bureau.organisation_id, shop.organisation_id],
            "membership_id": [bureau.pk, mall.people[Post.BUYER_CLERK].memberships.get().pk],
            "key": list(
                Invitation.objects.filter(organisation_id=bureau.organisation_id).values_list("key", flat=True)
            ),
        }
    return found | {
        "file_key": [file_key],
        "supplier_id": [shop.supplier.pk],
        "product_code": [shop.offer.product.code],
        "tenant": [code],
        "month": [f"{local(utc_now()):%Y-%m}"],
        "module": ["online_supermarket"],
        "unit_id": [shop.unit_id],
        "offer_id": [shop.offer.pk],
        "user_id": [mall.colleague.pk],
        "to_user_id": [mall.colleague.pk],
        "compared_offer_ids": [[shop.offer.pk]],
        "excluded_supplier_ids": [[]],
    }


def text_columns() -> list[tuple[str, str, int | None]]:
    """(table, column, length or None) of every text of a tenant's room that is not a code of ours.

    What stands in JSON came through a service, with its texts.
    """
    found = []
    for config in tenant_apps():
        for model in config.get_models():
            table = model._meta.db_table
            for column in model._meta.concrete_fields:
                text = isinstance(column, models.CharField | models.TextField)
                if text and not column.choices and column.column not in CODES.get(table, ()):
                    found.append((table, column.column, column.max_length))
    return found


def mark_tenant(code: str) -> set[str]:
    """Writes the marker into every text column of the tenant, as the superuser; returns the columns without a row."""
    marker, empty = MARKERS[code], set()
    with admin() as connection, connection.cursor() as cursor:
        for table, column, length in text_columns():
            kept = f"left({column}, {length - len(marker)})" if length else column
            cursor.execute(
                f"UPDATE t{code}.{table} SET {column} = {kept} || %s WHERE strpos({column}, %s) = 0",
                [marker, marker],
            )
            cursor.execute(f"SELECT count(*) FROM t{code}.{table} WHERE strpos({column}, %s) > 0", [marker])
            if cursor.fetchone() == (0,):
                empty.add(f"{table}.{column}")
        _mark_region(cursor, code)
    return empty


def _mark_region(cursor: Any, code: str) -> None:
    """What the region holds of one mall's writing: facts of to-dos and of supervision."""
    marker = MARKERS[code]
    for model in apps.get_models():
        columns = {column.column: column for column in model._meta.concrete_fields}
        if room_of(model._meta.app_label) == "region" and "tenant_code" in columns and "unit_name" in columns:
            cursor.execute(
                f"UPDATE {model._meta.db_table} SET unit_name = %s || id WHERE tenant_code = %s", [marker, code]
            )

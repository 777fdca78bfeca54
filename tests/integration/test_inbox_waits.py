"""What waits for the other party, for the bureau and for the region: in the right list, gone with the answer."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kernel.actor import Actor
from kernel.clock import utc_now
from kernel.posts import Post
from shared_apps.accounts.models import HandOff, Organisation
from shared_apps.inbox import cancelling
from shared_apps.inbox.audience import asked_by
from shared_apps.inbox.models import InboxItem
from shared_apps.inbox.rules import ItemState
from shared_apps.inbox.selectors import inbox_page
from shared_apps.inbox.services import enter_item, follow_order
from tenant_apps.budgets import adjusting, plans, years
from tenant_apps.contracts import needing as contracts_needing
from tenant_apps.contracts.services import drafting
from tenant_apps.invoices import needing as invoices_needing
from tenant_apps.orders.services import ending, fulfilment
from tenant_apps.takeover import services as packages
from tenants.database.context import region_as, tenant_selected
from tenants.journaling import relay
from tests.factories import fulfilment as made
from tests.factories.budget_pages import make_budget_papers
from tests.factories.contracts import bureau, drafted
from tests.factories.orders import Shop, make_shop
from tests.factories.people import actor_of, join, make_organisation, make_user
from tests.factories.relayed import BUYER, SUPPLIER, UNIT, relay_region, relay_tenant, write_order_event
from tests.factories.rules import entered_threshold, shipped_rules
from tests.factories.takeover import example, make_bureau, sent

A = "990001"
STAYS = {"state": "accepted", "next_post": "supplier_sales", "clerk_id": 43}


def waits(kind: str, tenant: str = A) -> list[tuple[str, str, int | None, int | None]]:
    """Open steps of a kind after the relay: the step, its post, and where."""
    relay_tenant(tenant)
    rows = InboxItem.objects.filter(kind=kind, state=ItemState.OPEN).order_by("id")
    return [(row.step, row.audience_post, row.audience_organisation_id, row.unit_id) for row in rows]


def seen(actor: Actor) -> list[str]:
    with region_as("yz_region"):
        return sorted(item.step for item in inbox_page(actor=actor, now=utc_now()).items)


def test_a_request_to_cancel_waits_for_the_other_party_until_an_answer() -> None:
    supplier = ("cancel_asked", "supplier_sales", SUPPLIER, None)
    write_order_event(A, "accepted", **STAYS)
    write_order_event(A, "cancel_asked", cancel_asked_by="buyer", **STAYS)
    assert waits("cancellation") == [supplier]
    assert [row.step for row in InboxItem.objects.filter(kind="order", state=ItemState.OPEN)] == ["accepted"]
    write_order_event(A, "cancelled", cancel_asked_by="buyer", state="cancelled", next_post=None)
    assert waits("cancellation") == []


def test_a_request_of_the_supplier_waits_for_the_clerk_and_the_approvers_until_goods_come() -> None:
    facts = {"state": "partly_accepted", "next_post": "supplier_sales", "clerk_id": 43}
    write_order_event(A, "rest_cancel_asked", cancel_asked_by="supplier", **facts)
    assert waits("cancellation") == [("rest_cancel_asked", "buyer_clerk", BUYER, UNIT)]
    assert InboxItem.objects.get(kind="cancellation").asked == ["buyer_clerk:43", "buyer_approver:*"]
    write_order_event(A, "shipped", state="shipped", next_post="buyer_acceptor")
    assert waits("cancellation") == []


def test_a_request_relayed_after_its_answer_opens_nothing() -> None:
    asked = write_order_event(A, "cancel_asked", cancel_asked_by="buyer", **STAYS)
    write_order_event(A, "cancelled", cancel_asked_by="buyer", state="cancelled", next_post=None)
    rows: list[object] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(relay, "handlers_of", lambda event: [rows.append])
        relay_tenant(A)
    late = next(row for row in rows if row.journal_id == asked)  # type: ignore[attr-defined]
    for row in sorted(rows, key=lambda row: -row.journal_id):  # type: ignore[attr-defined]
        follow_order(entry=row)  # type: ignore[arg-type]
    assert cancelling.follow_cancellation(entry=late) is None  # type: ignore[arg-type]
    assert not InboxItem.objects.filter(kind="cancellation").exists()


@pytest.fixture
def shop() -> Shop:
    return make_shop(A)


def bureau_colleague() -> Actor:
    office = Organisation.objects.get(code=f"F{A}M")
    with region_as("yz_region"):
        user = make_user(name="测试丑")
        join(user, office, [Post.TIER_SUPERVISOR])
    return actor_of(user, A)


def test_real_requests_carry_who_asks(shop: Shop) -> None:
    with tenant_selected(A):
        order = made.accepted(shop)
        ending.ask_to_cancel(actor=shop.seller, order_id=order.pk, reason="缺货", now=utc_now())
    assert [row[:2] for row in waits("cancellation")] == [("cancel_asked", "buyer_clerk")]
    with tenant_selected(A):
        ending.cancel(actor=shop.clerk, order_id=order.pk, now=utc_now())
    assert waits("cancellation") == []


def test_where_a_contract_or_an_invoice_comes_first_its_maker_must_act(shop: Shop) -> None:
    office = bureau(shop)
    with tenant_selected(A):
        contracts_needing.decide(actor=office, needed=True, from_amount=Decimal(1), reason="会议纪要", now=utc_now())
        order = made.accepted(shop)
    assert [row[:2] for row in waits("order")] == [("contract_due", "buyer_clerk")]
    with tenant_selected(A):
        version = drafted(shop, order)
    assert waits("order") == [], "from here on the contract has its own thread"
    with tenant_selected(A):
        drafting.withdraw(actor=shop.clerk, version_id=version.pk, reason="重拟", now=utc_now())
    assert [row[:2] for row in waits("order")] == [("contract_due", "buyer_clerk")]
    with tenant_selected(A):
        contracts_needing.decide(actor=office, needed=False, from_amount=Decimal(1), reason="会议纪要", now=utc_now())
        invoices_needing.decide(actor=office, needed=True, reason="会议纪要", now=utc_now())
        made.ship(shop, order)
        acceptor = shop.actor(Post.BUYER_ACCEPTOR)
        fulfilment.accept_goods(actor=acceptor, order_id=order.pk, now=utc_now(), **made.STANDARDS)
    assert [row[:2] for row in waits("order")] == [("invoice_due", "supplier_sales")]


def test_what_is_filed_with_a_bureau_waits_for_it_and_comes_back(shop: Shop) -> None:
    asker, other = bureau(shop), bureau_colleague()
    with tenant_selected(A):
        papers = make_budget_papers(clerk=shop.clerk, bureau=asker, unit_id=shop.unit_id)
    found = {row[0]: row for row in waits("bureau")}
    assert sorted(found) == ["plan_returned", "plan_submitted", "transfer_asked"]
    assert found["plan_submitted"][1] == "tier_supervisor"
    assert found["plan_returned"][1:] == ("buyer_clerk", shop.organisation_id, shop.unit_id)
    # Who asked for a transfer does not decide it.
    assert seen(asker) == ["plan_submitted"]
    assert seen(other) == ["plan_submitted", "transfer_asked"]
    item = InboxItem.objects.get(step="transfer_asked", state=ItemState.OPEN)
    assert {one.user_id for one in asked_by(item)} == {other.user_id}
    with region_as("yz_region"):
        address = enter_item(actor=other, item_id=item.pk, now=utc_now())
    assert HandOff.objects.get().next_path == f"/budgets/adjustments/{papers.adjustment_id}/", address
    with tenant_selected(A):
        adjusting.refuse_transfer(actor=other, adjustment_id=papers.adjustment_id, comment="不同意", now=utc_now())
        plans.accept_plan(actor=asker, plan_id=papers.plan_id, comment="", now=utc_now())
        plans.submit_plan(actor=shop.clerk, plan_id=papers.returned_plan_id, now=utc_now())
        years.ask_carry_over(
            actor=shop.actor(Post.UNIT_ADMINISTRATOR),
            line_id=papers.carried_line_id,
            amount=Decimal(1),
            reason="未完",
            now=utc_now(),
        )
    assert [row[0] for row in waits("bureau")] == ["plan_submitted", "carry_over_asked"]
    with tenant_selected(A):
        years.decide_carry_over(
            actor=asker, line_id=papers.carried_line_id, decision="lapse", amount=Decimal(0), reason="", now=utc_now()
        )
    assert [row[0] for row in waits("bureau")] == ["plan_submitted"]


def test_a_package_waits_for_its_senders_and_then_for_another_of_the_bureau(shop: Shop) -> None:
    office = make_bureau(A)
    package = sent(office.proposer, example())
    relay_tenant(A)
    with tenant_selected(A):
        package.refresh_from_db()
    assert package.state == "checked"
    for actor in (office.proposer, office.confirmer, office.operator):
        assert seen(actor) == ["package_checked"]
    with tenant_selected(A):
        packages.cancel(actor=office.proposer, takeover_id=package.pk, now=utc_now())
    assert waits("bureau") == []


def test_an_entered_rule_waits_for_another_person_of_the_region() -> None:
    region = make_organisation("region_finance", None, "测试厅", None)
    people = []
    for name in ("厅一", "厅二"):
        user = make_user(name=name)
        join(user, region, [Post.REGION_SUPERVISOR])
        people.append(actor_of(user))
    shipped_rules()
    entered_threshold(actor=people[0])
    relay_region()
    assert [seen(person) for person in people] == [[], ["rule_entered"]]

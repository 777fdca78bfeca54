"""Several shipments, acceptance in part, exchange, return, and the rest given up: counts, budget, journal, who may."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connections, transaction

from kernel.clock import utc_now
from kernel.posts import Post
from kernel.problems import InvalidInput, NotPermitted
from tenant_apps.access.rules import IncompatiblePosts
from tenant_apps.budgets.models import BudgetLine
from tenant_apps.journal.models import JournalEntry
from tenant_apps.orders.models import AcceptanceCertificate, LineProgress, Order, Shipment
from tenant_apps.orders.services import fulfilment
from tenant_apps.orders.services.counting import NothingToInspect
from tenant_apps.orders.services.ending import CancelAlreadyAsked, CancelNotAsked
from tenant_apps.orders.services.shipping import NothingToReturn, NothingToShip
from tenant_apps.payments import services as payments
from tenant_apps.payments.models import PaymentInstruction
from tenants.database.context import region_as, tenant_selected
from tests.factories import fulfilment as made
from tests.factories.orders import Shop, make_shop
from tests.factories.people import actor_of, grant

PRICE = Decimal("20.00")


@pytest.fixture
def shop() -> Iterator[Shop]:
    shop = make_shop()
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        yield shop


def counts(order: Order) -> tuple[int, ...]:
    row = LineProgress.objects.get(order_line__order=order)
    return row.shipped, row.accepted, row.refused, row.returned, row.cancelled


def state(order: Order) -> str:
    order.refresh_from_db()
    return order.state


def judge(shop: Shop, order: Order, accepted: int, refused: int, *, reason: str = "外壳破损", **more: object) -> Order:
    found = [fulfilment.LineFinding(1, accepted, refused, reason if refused else "")]
    met = {**made.STANDARDS, "technical_met": not refused}
    acceptor = shop.actor(Post.BUYER_ACCEPTOR)
    return fulfilment.accept_part(actor=acceptor, order_id=order.pk, lines=found, now=utc_now(), **met, **more)


def events(order: Order) -> list[str]:
    rows = JournalEntry.objects.filter(object_type="order", object_id=str(order.pk)).order_by("id")
    return [name.removeprefix("orders.") for name in rows.values_list("event", flat=True)]


def test_two_shipments_are_inspected_one_by_one_and_the_order_is_accepted_with_the_last(shop: Shop) -> None:
    order = made.accepted(shop, quantity=5)
    made.ship(shop, order, lines=[(1, 3)])
    made.ship(shop, order, lines=[(1, 2)])
    assert (state(order), counts(order)) == ("shipped", (5, 0, 0, 0, 0))
    with pytest.raises(NothingToShip):
        made.ship(shop, order)
    first, second = Shipment.objects.order_by("id")
    assert (first.lines, second.lines) == ([{"line": 1, "quantity": 3}], [{"line": 1, "quantity": 2}])
    acceptor = shop.actor(Post.BUYER_ACCEPTOR)
    fulfilment.accept_goods(actor=acceptor, order_id=order.pk, shipment_id=second.pk, now=utc_now(), **made.STANDARDS)
    assert (state(order), order.goods_accepted_at, counts(order)) == ("shipped", None, (5, 2, 0, 0, 0))
    with pytest.raises(NothingToInspect):
        fulfilment.accept_goods(
            actor=acceptor, order_id=order.pk, shipment_id=second.pk, now=utc_now(), **made.STANDARDS
        )
    fulfilment.accept_goods(actor=acceptor, order_id=order.pk, now=utc_now(), **made.STANDARDS)
    assert (state(order), counts(order)) == ("goods_accepted", (5, 5, 0, 0, 0))
    assert order.goods_accepted_at is not None
    assert events(order)[-4:] == ["shipped", "shipped", "goods_partly_accepted", "goods_accepted"]


def test_refused_pieces_are_exchanged_and_come_back(shop: Shop) -> None:
    order = made.shipped(shop, quantity=5)
    judge(shop, order, 3, 2)
    assert (state(order), order.state_reason, counts(order)) == ("partly_accepted", "外壳破损", (5, 3, 2, 0, 0))
    certificate = AcceptanceCertificate.objects.get()
    assert certificate.conclusion == "partly_accepted"
    assert certificate.quantities == [{"line": 1, "accepted": 3, "refused": 2, "reason": "外壳破损"}]
    fulfilment.return_goods(actor=shop.seller, order_id=order.pk, now=utc_now())
    assert (state(order), counts(order)) == ("partly_accepted", (5, 3, 2, 2, 0))
    with pytest.raises(NothingToReturn):
        fulfilment.return_goods(actor=shop.seller, order_id=order.pk, now=utc_now())
    made.ship(shop, order)
    assert (Shipment.objects.latest("id").lines, counts(order)) == ([{"line": 1, "quantity": 2}], (7, 3, 2, 2, 0))
    judge(shop, order, 2, 0)
    assert (state(order), order.state_reason, order.payable_amount) == ("goods_accepted", "", 5 * PRICE)


def test_a_second_shipment_refused_whole_leaves_what_was_accepted(shop: Shop) -> None:
    order = made.accepted(shop, quantity=5)
    made.ship(shop, order, lines=[(1, 3)])
    judge(shop, order, 3, 0)
    assert state(order) == "partly_accepted"
    made.ship(shop, order)
    fulfilment.refuse_goods(
        actor=shop.actor(Post.BUYER_ACCEPTOR), order_id=order.pk, reason="型号不符", now=utc_now(), **made.STANDARDS
    )
    # Not "refused": the order could then be terminated and what was accepted would not be paid.
    assert (state(order), counts(order)) == ("partly_accepted", (5, 3, 2, 0, 0))
    assert events(order)[-1] == "goods_refused"


def test_the_rest_is_given_up_by_both_and_its_budget_comes_back(shop: Shop) -> None:
    order = made.shipped(shop, quantity=5)
    judge(shop, order, 3, 2)
    for party in (shop.clerk, shop.seller):
        with pytest.raises(CancelNotAsked):
            fulfilment.cancel_rest(actor=party, order_id=order.pk, now=utc_now())
    fulfilment.ask_to_cancel_rest(actor=shop.seller, order_id=order.pk, reason="已停产", now=utc_now())
    with pytest.raises(CancelAlreadyAsked):
        fulfilment.ask_to_cancel_rest(actor=shop.clerk, order_id=order.pk, reason="再问", now=utc_now())
    with pytest.raises(CancelNotAsked):
        fulfilment.cancel_rest(actor=shop.seller, order_id=order.pk, now=utc_now())
    with pytest.raises(NotPermitted):
        fulfilment.cancel_rest(actor=shop.actor(Post.BUYER_ACCEPTOR), order_id=order.pk, now=utc_now())
    line = BudgetLine.objects.get(pk=shop.line.pk)
    assert (line.frozen, line.spent) == (5 * PRICE, 0)
    fulfilment.cancel_rest(actor=shop.clerk, order_id=order.pk, now=utc_now())
    assert (state(order), counts(order)) == ("goods_accepted", (5, 3, 2, 0, 2))
    assert (order.cancelled_amount, order.payable_amount, order.cancel_asked_by) == (2 * PRICE, 3 * PRICE, "")
    line.refresh_from_db()
    assert (line.frozen, line.spent) == (3 * PRICE, 0)
    instruction = made.requested(shop, order=order)
    assert instruction.amount == 3 * PRICE
    made.settle(start=utc_now() + timedelta(seconds=1), minutes=3)
    line.refresh_from_db()
    assert (state(order), line.frozen, line.spent) == ("paid", 0, 3 * PRICE)
    paid = JournalEntry.objects.get(event="orders.paid")
    assert (paid.facts["total"], paid.facts["lines"][0]["quantity"]) == ("60.00", 3)
    assert PaymentInstruction.objects.get().state == "confirmed"


def test_another_shipment_answers_a_request_to_give_up_the_rest(shop: Shop) -> None:
    order = made.shipped(shop, quantity=5)
    judge(shop, order, 3, 2)
    fulfilment.ask_to_cancel_rest(actor=shop.clerk, order_id=order.pk, reason="不再需要", now=utc_now())
    made.ship(shop, order)
    assert (state(order), order.cancel_asked_by) == ("shipped", "")


@pytest.mark.parametrize(
    "lines", [[(1, 6)], [(1, 0)], [(2, 1)], [(1, 1), (1, 1)], []], ids=["too many", "none", "strange", "twice", "empty"]
)
def test_no_shipment_of_what_was_not_ordered(shop: Shop, lines: list[tuple[int, int]]) -> None:
    order = made.accepted(shop, quantity=5)
    with pytest.raises(InvalidInput) as refused:
        made.ship(shop, order, lines=lines)
    assert list(refused.value.errors) == ["lines"]
    assert (state(order), Shipment.objects.count(), LineProgress.objects.count()) == ("accepted", 0, 0)


@pytest.mark.parametrize(
    ("accepted", "refused", "reason"), [(3, 1, "破损"), (3, 3, "破损"), (0, 5, "破损"), (3, 2, " ")]
)
def test_a_finding_judges_every_piece_and_gives_its_reason(
    shop: Shop, accepted: int, refused: int, reason: str
) -> None:
    order = made.shipped(shop, quantity=5)
    with pytest.raises(InvalidInput):
        judge(shop, order, accepted, refused, reason=reason)
    assert (state(order), AcceptanceCertificate.objects.count(), counts(order)) == ("shipped", 0, (5, 0, 0, 0, 0))


def test_nobody_who_signed_a_certificate_pays(shop: Shop) -> None:
    """Two acceptors signed, the order remembers the last: neither may pay (Government Procurement Law art. 61)."""
    order = made.accepted(shop, quantity=5)
    made.ship(shop, order, lines=[(1, 3)])
    judge(shop, order, 3, 0)
    made.ship(shop, order)
    first = AcceptanceCertificate.objects.get()
    second = shop.hire("测试壬", Post.BUYER_ACCEPTOR)
    fulfilment.accept_goods(actor=actor_of(second, shop.tenant), order_id=order.pk, now=utc_now(), **made.STANDARDS)
    assert state(order) == "goods_accepted"
    assert order.acceptor_id == second.pk
    signer = shop.people[Post.BUYER_ACCEPTOR]
    assert first.acceptor_id == signer.pk
    grant(shop.tenant, signer, shop.unit_id, shop.organisation_id, Post.BUYER_PAYER)
    with pytest.raises(IncompatiblePosts):
        payments.request_payment(
            actor=actor_of(signer, shop.tenant),
            order_id=order.pk,
            payee_bank="测试银行",
            payee_account=made.GOOD_ACCOUNT,
            now=utc_now(),
        )


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("shipped = 6", "progress_shipped_within_ordered"),
        ("accepted = 4, refused = 2", "progress_judged_within_shipped"),
        ("returned = 1", "progress_returned_within_refused"),
        ("cancelled = 1", "progress_shipped_within_ordered"),
    ],
)
def test_the_database_holds_the_counts_to_the_law(shop: Shop, change: str, name: str) -> None:
    order = made.shipped(shop, quantity=5)
    assert counts(order) == (5, 0, 0, 0, 0)
    with (
        pytest.raises(IntegrityError, match=name),
        transaction.atomic("tenant"),
        connections["tenant"].cursor() as cursor,
    ):
        cursor.execute(f"UPDATE orders_lineprogress SET {change}")

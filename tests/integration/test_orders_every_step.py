"""Every action in every state of an order, through the services that take the step.

What the table allows moves the order to the table's target and writes one journal row of the order; everything else is
refused and changes nothing. A draft is the clerk's cart: there is no order yet, and `submit` is what makes one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from kernel.actor import SYSTEM, Actor
from kernel.clock import local_date, utc_now
from kernel.lifecycle import WrongState
from kernel.posts import Post
from kernel.problems import NotFound
from tenant_apps.budgets.models import BudgetLine
from tenant_apps.contracts.services import drafting
from tenant_apps.disputes import services as disputes
from tenant_apps.disputes.models import Dispute
from tenant_apps.invoices import services as invoices
from tenant_apps.invoices.models import Invoice
from tenant_apps.journal.models import JournalEntry
from tenant_apps.orders.dispute_rules import GOES_ON
from tenant_apps.orders.models import Order
from tenant_apps.orders.rules import ORDER_LIFECYCLE, OrderState
from tenant_apps.orders.services import approving, ending, fulfilment, paying
from tenant_apps.orders.services.disputing import OutcomeNotPossible, settle
from tenants.database.context import region_as, tenant_atomic, tenant_selected
from tests.factories import contracts
from tests.factories import fulfilment as made
from tests.factories import invoices as written
from tests.factories.approvals import LAST, MONEY, flow_of, set_flow
from tests.factories.disputes import dispute, mediator
from tests.factories.orders import Shop, make_shop
from tests.factories.relayed import relay_tenant

TENANT = "990001"
S = OrderState
FAR = timedelta(days=400)
REFUSED_ACCOUNT = made.GOOD_ACCOUNT[:-2] + "01"
NOT_MET = {**made.STANDARDS, "technical_met": False}
ORDERS = [state for state in OrderState if state != S.DRAFT]
# The signature service, and who verifies invoices.
ASK_OUTSIDE = frozenset({"sign_contract", "invoice"})
ACTIONS = [action for action in ORDER_LIFECYCLE.action_names if action != "submit"]


# -- orders in every state ---------------------------------------------------------------------------------------------
def _again(order_id: int) -> Order:
    return Order.objects.get(pk=order_id)


def _pending(shop: Shop, step: Callable[..., Any], actor: Actor, **given: Any) -> Order:
    return _again(step(actor=actor, order_id=shop.submit().pk, now=utc_now(), **given).pk)


def _expired(shop: Shop) -> Order:
    order = shop.place()
    assert order.next_due_at is not None
    ending.expire(order_id=order.pk, now=order.next_due_at)
    return _again(order.pk)


def cancel_asked(shop: Shop) -> Order:
    return ending.ask_to_cancel(actor=shop.seller, order_id=made.accepted(shop).pk, reason="停产", now=utc_now())


def _cancelled(shop: Shop) -> Order:
    return ending.cancel(actor=shop.clerk, order_id=cancel_asked(shop).pk, now=utc_now())


def _contracted(shop: Shop) -> Order:
    return _again(contracts.signed(shop, made.accepted(shop)).contract.order_id)


def _invoiced(shop: Shop) -> Order:
    order = made.goods_accepted(shop)
    written.record(shop, order, number=f"26501{order.pk:013}00")
    assert written.verify().verified == 1
    relay_tenant(shop.tenant)
    return _again(order.pk)


def _failed(shop: Shop) -> Order:
    return made.paid(shop, account=REFUSED_ACCOUNT)


def _disputed(shop: Shop, order: Order) -> Order:
    return _again(dispute(shop, order).order_id)


MAKERS: dict[OrderState, Callable[[Shop], Order]] = {
    S.PENDING_APPROVAL: lambda shop: shop.submit(),
    S.SENT_BACK: lambda shop: _pending(shop, approving.send_back, shop.approver, reason="数量"),
    S.REJECTED: lambda shop: _pending(shop, approving.reject, shop.approver, reason="不需要"),
    S.WITHDRAWN: lambda shop: _pending(shop, approving.withdraw, shop.clerk),
    S.PLACED: lambda shop: shop.place(),
    S.DECLINED: lambda shop: fulfilment.decline(
        actor=shop.seller, order_id=shop.place().pk, reason="缺货", now=utc_now()
    ),
    S.EXPIRED: _expired,
    S.ACCEPTED: made.accepted,
    S.CANCELLED: _cancelled,
    S.CONTRACTED: _contracted,
    S.SHIPPED: made.shipped,
    S.PARTLY_ACCEPTED: made.partly_accepted,
    S.GOODS_ACCEPTED: made.goods_accepted,
    S.GOODS_REFUSED: made.goods_refused,
    S.RETURNED: made.returned,
    S.INVOICED: _invoiced,
    S.PAYMENT_FAILED: _failed,
    S.PAID: made.paid,
    S.CLOSED: lambda shop: ending.close(actor=shop.clerk, order_id=made.paid(shop).pk, now=utc_now()),
    S.DISPUTED: lambda shop: _disputed(shop, made.accepted(shop)),
    S.TERMINATED: lambda shop: ending.terminate(
        actor=shop.clerk, order_id=made.returned(shop).pk, reason="不再需要", now=utc_now()
    ),
    # The last: the treasury answers for every instruction that is under way.
    S.PAYING: lambda shop: _again(made.requested(shop).order_id),
}


# -- and what an allowed step needs beside the state -------------------------------------------------------------------
def _in_a_flow(shop: Shop) -> Order:
    set_flow(shop, flow_of((MONEY,), (LAST,)))
    return shop.submit()


def _two_shipments(shop: Shop, *, refuses_first: bool = False) -> Order:
    order = made.accepted(shop, quantity=2)
    for _shipment in range(2):
        order = made.ship(shop, order, lines=[(1, 1)])
    if refuses_first:
        order = fulfilment.refuse_goods(
            actor=shop.actor(Post.BUYER_ACCEPTOR), order_id=order.pk, now=utc_now(), reason="破损", **NOT_MET
        )
    return order


def _half_shipped(shop: Shop) -> Order:
    return made.ship(shop, made.accepted(shop), lines=[(1, 1)])


def _taken_with_refused_ones_left(shop: Shop) -> Order:
    order = made.ship(shop, made.partly_accepted(shop))
    return fulfilment.accept_goods(
        actor=shop.actor(Post.BUYER_ACCEPTOR), order_id=order.pk, now=utc_now(), **made.STANDARDS
    )


NEEDS: dict[tuple[OrderState, str], Callable[[Shop], Order]] = {
    (S.ACCEPTED, "cancel"): cancel_asked,
    (S.SHIPPED, "ship"): _half_shipped,
    (S.SHIPPED, "inspect_shipment"): _two_shipments,
    (S.SHIPPED, "return_goods"): lambda shop: _two_shipments(shop, refuses_first=True),
    (S.GOODS_ACCEPTED, "return_goods"): _taken_with_refused_ones_left,
    (S.PARTLY_ACCEPTED, "cancel_rest"): made.rest_asked,
    (S.DISPUTED, "settle_part"): lambda shop: _disputed(shop, made.partly_accepted(shop)),
    **{
        (S.DISPUTED, action): lambda shop, stopped_in=stopped_in: _disputed(shop, MAKERS[stopped_in](shop))  # type: ignore[misc]
        for stopped_in, action in GOES_ON.items()
    },
}


# -- every step --------------------------------------------------------------------------------------------------------
def _accept(shop: Shop, order: Order) -> object:
    return fulfilment.accept_goods(
        actor=shop.actor(Post.BUYER_ACCEPTOR), order_id=order.pk, now=utc_now(), **made.STANDARDS
    )


def _sign_contract(shop: Shop, order: Order) -> object:
    """Written by the clerk, signed by both: a contract begins where the order is accepted, and nowhere else."""
    row = drafting.draft_contract(actor=shop.clerk, order_id=order.pk, now=utc_now())
    return contracts.sign(shop, contracts.offer(shop, row))


def _invoice(shop: Shop, order: Order) -> object:
    written.record(shop, order, number=f"26502{order.pk:013}00")
    return written.verify()


def _reverse_invoice(shop: Shop, order: Order) -> object:
    found = Invoice.objects.filter(order_id=order.pk).first()
    if found is None:
        raise NotFound(order_id=order.pk)
    return invoices.reverse_invoice(
        actor=shop.seller, invoice_id=found.pk, number=f"26503{order.pk:013}00", issued_on=local_date(utc_now()),
        reason="开票有误", now=utc_now(),
    )  # fmt: skip


def _request_payment(shop: Shop, order: Order) -> object:
    return made.requested(shop, order=order)


def _terminate(shop: Shop, order: Order) -> object:
    """The buyer's of returned goods, the mediator's of a dispute."""
    if order.state == S.DISPUTED:
        return _settle("terminate")(shop, order)
    return ending.terminate(actor=shop.clerk, order_id=order.pk, reason="不再需要", now=utc_now())


def _settle(action: str) -> Callable[[Shop, Order], object]:
    """The mediator decides; where there is no dispute the order itself is asked, and refuses."""

    def step(shop: Shop, order: Order) -> object:
        opened = Dispute.objects.filter(order_id=order.pk).first()
        if opened is None:
            return settle(actor=SYSTEM, order_id=order.pk, action=action, reason="否", now=utc_now())
        judge = shop.actors[Post.CPB_OPERATOR]
        disputes.take_up(actor=judge, dispute_id=opened.pk, now=utc_now())
        before = JournalEntry.objects.count()
        done = disputes.decide(actor=judge, dispute_id=opened.pk, outcome=action, conclusion="双方同意", now=utc_now())
        assert JournalEntry.objects.count() == before + 2, "one row of the dispute, one of the order"
        return done

    return step


def _by(step: Callable[..., object], who: str, **given: Any) -> Callable[[Shop, Order], object]:
    return lambda shop, order: step(actor=getattr(shop, who), order_id=order.pk, now=utc_now(), **given)


def _of_the_system(step: Callable[..., object], **given: Any) -> Callable[[Shop, Order], object]:
    return lambda shop, order: step(order_id=order.pk, now=utc_now(), **given)


def _found(lines: list[fulfilment.LineFinding]) -> Callable[[Shop, Order], object]:
    return lambda shop, order: fulfilment.accept_part(
        actor=shop.actor(Post.BUYER_ACCEPTOR), order_id=order.pk, lines=lines, now=utc_now(), **NOT_MET
    )


STEPS: dict[str, Callable[[Shop, Order], object]] = {
    # Whoever the flow asks first; where nothing waits for approval, who approves without a flow.
    "approve_step": lambda shop, order: approving.approve(
        actor=shop.actor(Post.BUYER_PAYER) if order.state == S.PENDING_APPROVAL else shop.approver,
        order_id=order.pk,
        now=utc_now(),
    ),
    "approve": _by(approving.approve, "approver"),
    "send_back": _by(approving.send_back, "approver", reason="数量"),
    "resubmit": _by(
        approving.resubmit,
        "clerk",
        delivery_address="测试县文化路2号",
        contact_name="王老师",
        contact_phone="13900000000",
        note="",
        choice_reason="",
    ),
    "reject": _by(approving.reject, "approver", reason="不需要"),
    "withdraw": _by(approving.withdraw, "clerk"),
    "accept": _by(fulfilment.accept, "seller"),
    "decline": _by(fulfilment.decline, "seller", reason="缺货"),
    "expire": lambda shop, order: ending.expire(order_id=order.pk, now=utc_now() + FAR),
    "ask_to_cancel": _by(ending.ask_to_cancel, "seller", reason="停产"),
    "cancel": _by(ending.cancel, "clerk"),
    "sign_contract": _sign_contract,
    "ship": _by(fulfilment.ship, "seller", carrier="测试物流", waybill="YD0002"),
    "accept_goods": _accept,
    "accept_part": _found([fulfilment.LineFinding(1, 1, 1, "破损")]),
    "refuse_goods": lambda shop, order: fulfilment.refuse_goods(
        actor=shop.actor(Post.BUYER_ACCEPTOR), order_id=order.pk, now=utc_now(), reason="破损", **NOT_MET
    ),
    "inspect_shipment": _accept,
    "return_goods": _by(fulfilment.return_goods, "seller"),
    "ask_to_cancel_rest": _by(fulfilment.ask_to_cancel_rest, "seller", reason="停产"),
    "cancel_rest": _by(fulfilment.cancel_rest, "clerk"),
    "invoice": _invoice,
    "reverse_invoice": _reverse_invoice,
    "request_payment": _request_payment,
    "send_payment": _of_the_system(paying.note_sent),
    "confirm_payment": _of_the_system(paying.confirm_payment),
    "fail_payment": _of_the_system(paying.fail_payment, reason="户名不符"),
    "return_payment": _of_the_system(paying.return_payment, reason="账户已销"),
    "close": _by(ending.close, "clerk"),
    "dispute": lambda shop, order: dispute(shop, order),
    **{action: _settle(action) for action in (*GOES_ON.values(), "settle_part")},
    "terminate": _terminate,
}
# The one journal row of the order that each step writes.
EVENTS = {
    "approve_step": "step_approved", "approve": "approved", "send_back": "sent_back", "resubmit": "resubmitted",
    "reject": "rejected", "withdraw": "withdrawn", "accept": "accepted", "decline": "declined", "expire": "expired",
    "ask_to_cancel": "cancel_asked", "cancel": "cancelled", "sign_contract": "contract_signed", "ship": "shipped",
    "accept_goods": "goods_accepted", "accept_part": "goods_partly_accepted", "refuse_goods": "goods_refused",
    "inspect_shipment": "goods_partly_accepted", "return_goods": "goods_returned",
    "ask_to_cancel_rest": "rest_cancel_asked", "cancel_rest": "rest_cancelled", "invoice": "invoiced",
    "reverse_invoice": "invoice_reversed", "request_payment": "payment_requested", "send_payment": "payment_sent",
    "confirm_payment": "paid", "fail_payment": "payment_refused", "return_payment": "payment_returned",
    "close": "closed", "dispute": "disputed", "terminate": "terminated",
    **dict.fromkeys((*GOES_ON.values(), "settle_part"), "dispute_resolved"),
}  # fmt: skip


@pytest.fixture(scope="module")
def world(kept_world: Callable[[], None]) -> tuple[Shop, dict[OrderState, int], dict[tuple[OrderState, str], int]]:
    """A shop with an order in every state, and one for each step that needs more than the state."""
    shop = make_shop(TENANT)
    shop.actors[Post.CPB_OPERATOR] = mediator(shop)
    with tenant_selected(TENANT), region_as("yz_mall"):
        ready = {pair: make(shop).pk for pair, make in NEEDS.items()}
        plain = {state: make(shop).pk for state, make in MAKERS.items()}
        # Last: from here on the unit's orders go through a flow.
        ready[S.PENDING_APPROVAL, "approve_step"] = _in_a_flow(shop).pk
    kept_world()
    return shop, plain, ready


@contextmanager
def taken_back() -> Iterator[None]:
    """What is done in the body is undone after it, also what services commit in it."""
    with tenant_selected(TENANT), region_as("yz_mall"), tenant_atomic():
        yield
        connections["tenant"].set_rollback(True)


@contextmanager
def committed() -> Iterator[None]:
    with tenant_selected(TENANT), region_as("yz_mall"):
        yield


def seen(shop: Shop, order_id: int) -> tuple[Any, ...]:
    line = BudgetLine.objects.get(pk=shop.line.pk)
    row = Order.objects.filter(pk=order_id).values().get()
    return JournalEntry.objects.count(), line.frozen, line.spent, line.total, row


def test_every_action_but_the_carts_has_its_step_and_its_event() -> None:
    assert list(STEPS) == sorted(STEPS, key=ACTIONS.index)
    assert set(STEPS) == set(EVENTS) == set(ACTIONS)
    assert set(MAKERS) == set(ORDERS)


@pytest.mark.parametrize("state", ORDERS)
def test_every_action_of_a_state_moves_as_the_table_says_or_changes_nothing(
    world: tuple[Shop, dict[OrderState, int], dict[tuple[OrderState, str], int]], state: OrderState
) -> None:
    shop, plain, ready = world
    here = [(action, allowed) for at, action, allowed in ORDER_LIFECYCLE.product() if at == state and action in STEPS]
    # What asks a system outside cannot be taken back: it comes last.
    for action, allowed in sorted(here, key=lambda pair: pair[1] and pair[0] in ASK_OUTSIDE):
        key = ready.get((state, action), plain[state]) if allowed else plain[state]
        with committed() if allowed and action in ASK_OUTSIDE else taken_back():
            order = _again(key)
            assert order.state == state, action
            before = seen(shop, key)
            if allowed:
                rows = rows_of(order)
                STEPS[action](shop, order)
                moved(order, action)
                assert rows_of(order) == rows + 1, action
            else:
                with pytest.raises((WrongState, NotFound, OutcomeNotPossible)), tenant_atomic():
                    STEPS[action](shop, order)
                assert seen(shop, key) == before, action


def rows_of(order: Order) -> int:
    return JournalEntry.objects.filter(object_type="order", object_id=str(order.pk)).count()


def moved(before: Order, action: str) -> None:
    order = _again(before.pk)
    assert (order.state, action) == (ORDER_LIFECYCLE.next(before.state, action).target, action)
    last = JournalEntry.objects.filter(object_type="order", object_id=str(order.pk)).order_by("-id").first()
    assert last is not None
    assert (last.event, action) == (f"orders.{EVENTS[action]}", action)
    assert order.version == before.version + 1, action

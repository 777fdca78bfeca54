"""Orders brought to a later state through the services; the caller has the tenant selected."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from kernel.clock import utc_now
from kernel.posts import Post
from tenant_apps.orders.models import Order
from tenant_apps.orders.services import fulfilment
from tenant_apps.payments import services as payments
from tenant_apps.payments.models import PaymentInstruction
from tenant_apps.payments.simulator import SimulatedTreasury
from tests.factories.orders import Shop

GOOD_ACCOUNT = "6501000011112200"
STANDARDS = {"technical_met": True, "service_met": True, "safety_met": True}


def accepted(shop: Shop, *, quantity: int = 2) -> Order:
    order = shop.place(quantity=quantity)
    return fulfilment.accept(actor=shop.seller, order_id=order.pk, now=utc_now())


def shipped(shop: Shop, *, quantity: int = 2) -> Order:
    return ship(shop, accepted(shop, quantity=quantity))


def ship(shop: Shop, order: Order, *, lines: Sequence[tuple[int, int]] | None = None) -> Order:
    """Everything that is left, or (position, pieces)."""
    return fulfilment.ship(
        actor=shop.seller, order_id=order.pk, carrier="测试物流", waybill="YD0001", lines=lines, now=utc_now()
    )


def partly_accepted(shop: Shop) -> Order:
    """Of 5 pieces 3 are taken and 2 refused."""
    order = shipped(shop, quantity=5)
    return fulfilment.accept_part(
        actor=shop.actor(Post.BUYER_ACCEPTOR),
        order_id=order.pk,
        lines=[fulfilment.LineFinding(1, 3, 2, "外壳破损")],
        now=utc_now(),
        **{**STANDARDS, "technical_met": False},
    )


def rest_asked(shop: Shop) -> Order:
    """The supplier asks to leave it at the 3 pieces taken."""
    order = partly_accepted(shop)
    return fulfilment.ask_to_cancel_rest(actor=shop.seller, order_id=order.pk, reason="已停产", now=utc_now())


def goods_accepted(shop: Shop, *, quantity: int = 2) -> Order:
    order = shipped(shop, quantity=quantity)
    return fulfilment.accept_goods(actor=shop.actor(Post.BUYER_ACCEPTOR), order_id=order.pk, now=utc_now(), **STANDARDS)


def goods_refused(shop: Shop) -> Order:
    order = shipped(shop)
    return fulfilment.refuse_goods(
        actor=shop.actor(Post.BUYER_ACCEPTOR),
        order_id=order.pk,
        now=utc_now(),
        reason="外包装破损",
        **{**STANDARDS, "technical_met": False},
    )


def returned(shop: Shop) -> Order:
    return fulfilment.return_goods(actor=shop.seller, order_id=goods_refused(shop).pk, now=utc_now())


def requested(shop: Shop, *, account: str = GOOD_ACCOUNT, order: Order | None = None) -> PaymentInstruction:
    """An instruction that has not been sent yet."""
    order = order or goods_accepted(shop)
    return payments.request_payment(
        actor=shop.actor(Post.BUYER_PAYER),
        order_id=order.pk,
        payee_bank="测试银行喀什分行",
        payee_account=account,
        now=utc_now(),
    )


def settle(*, start: datetime, minutes: int = 20) -> datetime:
    """Runs sending and asking once a minute for `minutes` from `start`; the treasury's clock goes along."""
    moment = start
    for _minute in range(minutes):
        provider = SimulatedTreasury(clock=lambda moment=moment: moment)  # type: ignore[misc]
        payments.send_due(now=moment, provider=provider)
        payments.poll_due(now=moment, provider=provider)
        moment += timedelta(minutes=1)
    return moment


def paid(shop: Shop, *, account: str = GOOD_ACCOUNT) -> Order:
    instruction = requested(shop, account=account)
    settle(start=utc_now() + timedelta(seconds=1), minutes=3)
    return Order.objects.get(pk=instruction.order_id)

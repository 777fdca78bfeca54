"""Paying late interest of real orders: asked, approved, paid, refused, sent back, and budgets of closed years."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connections

from kernel.actor import SYSTEM
from kernel.clock import fiscal_year, local_date, utc_now
from kernel.lifecycle import WrongState
from kernel.posts import Post
from kernel.problems import InvalidInput, NotFound, NotPermitted
from tenant_apps.access.rules import IncompatiblePosts
from tenant_apps.budgets import years
from tenant_apps.budgets.models import BudgetEntry, BudgetLine
from tenant_apps.budgets.rules import Decision
from tenant_apps.budgets.selectors import statement
from tenant_apps.budgets.services import BudgetInsufficient, give_back
from tenant_apps.journal.models import JournalEntry
from tenant_apps.orders.models import Order
from tenant_apps.payments import interest, services
from tenant_apps.payments.models import InterestPayment, PaymentInstruction, SimulatedTreasuryEntry
from tenant_apps.payments.simulator import SimulatedTreasury
from tenants.database.context import region_as, tenant_atomic, tenant_selected
from tests.factories import fulfilment as made
from tests.factories.orders import Shop, make_shop
from tests.factories.rules import bureau_of

OWED = Decimal("0.34")  # 40.00 x 0.05 % x 17
BANK = "演示银行昌吉分行"


@pytest.fixture(scope="module")
def kept_shop(kept_world: Callable[[], None]) -> Shop:
    shop = make_shop()
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        paid_late(shop)
    kept_world()
    return shop


@pytest.fixture
def shop(kept_shop: Shop, room: None) -> Iterator[Shop]:
    with tenant_selected(kept_shop.tenant), region_as("yz_mall"):
        yield kept_shop


def paid_late(shop: Shop, days: int = 17) -> None:
    made.requested(shop)
    made.settle(start=utc_now() + timedelta(seconds=1), minutes=3)
    with connections["tenant"].cursor() as cursor:
        cursor.execute(
            "UPDATE orders_order SET goods_accepted_at = goods_accepted_at - %s", [timedelta(days=30 + days)]
        )


def the_order() -> Order:
    return Order.objects.get()


def asked(shop: Shop, *, account: str = made.GOOD_ACCOUNT) -> InterestPayment:
    return interest.ask(
        actor=shop.actor(Post.BUYER_PAYER), order_id=the_order().pk, budget_line_id=shop.line.pk, payee_bank=BANK,
        payee_account=account, now=utc_now(),
    )  # fmt: skip


def approved(shop: Shop, *, account: str = made.GOOD_ACCOUNT) -> InterestPayment:
    row = asked(shop, account=account)
    return interest.decide(actor=shop.actor(Post.BUYER_APPROVER), order_id=row.order_id, agrees=True, now=utc_now())


def settled(row: InterestPayment) -> InterestPayment:
    made.settle(start=utc_now() + timedelta(seconds=1), minutes=3)
    row.refresh_from_db()
    return row


def budget(shop: Shop) -> tuple[Decimal, Decimal]:
    line = BudgetLine.objects.get(pk=shop.line.pk)
    return line.frozen, line.spent


def kinds() -> list[str]:
    return list(BudgetEntry.objects.filter(interest_id__isnull=False).order_by("id").values_list("kind", flat=True))


def told() -> list[str]:
    rows = JournalEntry.objects.filter(event__startswith="payments.interest").order_by("id")
    return [name.removeprefix("payments.interest_") for name in rows.values_list("event", flat=True)]


def test_interest_is_asked_approved_frozen_and_paid_to_the_cent(shop: Shop) -> None:
    order = the_order()
    row = asked(shop)
    assert (row.state, row.amount, row.days_late, row.principal) == ("asked", OWED, 17, Decimal("40.00"))
    assert budget(shop) == (0, Decimal("40.00"))
    with pytest.raises(interest.NoInterestOwed):
        asked(shop)
    row = interest.decide(actor=shop.actor(Post.BUYER_APPROVER), order_id=order.pk, agrees=True, now=utc_now())
    assert (row.state, budget(shop)) == ("paying", (OWED, Decimal("40.00")))
    row = settled(row)
    assert (row.state, budget(shop)) == ("paid", (0, Decimal("40.34")))
    assert kinds() == ["freeze_interest", "spend"]
    assert told() == ["asked", "approved", "sent", "paid"]
    entry = JournalEntry.objects.get(event="payments.interest_paid")
    assert (entry.object_id, entry.facts["amount"], entry.facts["interest_paid"]) == (str(order.pk), "0.34", "0.34")
    # The order's own payment is what it was, and the treasury has two of them.
    assert (the_order().state, the_order().version) == (order.state, order.version)
    assert sorted(PaymentInstruction.objects.values_list("amount", flat=True)) == [OWED, Decimal("40.00")]
    assert SimulatedTreasuryEntry.objects.count() == 2
    with pytest.raises(interest.NoInterestOwed):
        asked(shop)


def test_who_may_take_the_steps(shop: Shop) -> None:
    order = the_order()
    for post in (Post.BUYER_CLERK, Post.BUYER_APPROVER, Post.SUPPLIER_SALES):
        with pytest.raises(NotPermitted):
            interest.ask(
                actor=shop.actor(post), order_id=order.pk, budget_line_id=shop.line.pk, payee_bank=BANK,
                payee_account=made.GOOD_ACCOUNT, now=utc_now(),
            )  # fmt: skip
    with pytest.raises(NotFound):
        interest.withdraw(actor=shop.actor(Post.BUYER_PAYER), order_id=order.pk + 9, now=utc_now())
    with pytest.raises(InvalidInput):
        interest.ask(
            actor=shop.actor(Post.BUYER_PAYER), order_id=order.pk, budget_line_id=shop.line.pk + 9, payee_bank=BANK,
            payee_account=made.GOOD_ACCOUNT, now=utc_now(),
        )  # fmt: skip
    asked(shop)
    with pytest.raises(NotPermitted):
        interest.decide(actor=shop.actor(Post.BUYER_PAYER), order_id=order.pk, agrees=True, now=utc_now())
    with pytest.raises(InvalidInput):
        interest.decide(actor=shop.actor(Post.BUYER_APPROVER), order_id=order.pk, agrees=False, now=utc_now())
    # Whoever asked does not approve, whatever posts are held.
    InterestPayment.objects.update(asked_by_id=shop.actor(Post.BUYER_APPROVER).user_id)
    with pytest.raises(IncompatiblePosts):
        interest.decide(actor=shop.actor(Post.BUYER_APPROVER), order_id=order.pk, agrees=True, now=utc_now())
    assert told() == ["asked"]


def test_what_is_rejected_or_taken_back_is_owed_as_before(shop: Shop) -> None:
    order = the_order()
    asked(shop)
    row = interest.decide(
        actor=shop.actor(Post.BUYER_APPROVER), order_id=order.pk, agrees=False, reason="资金来源待定", now=utc_now()
    )
    assert (row.state, row.state_reason) == ("rejected", "资金来源待定")
    asked(shop)
    interest.withdraw(actor=shop.actor(Post.BUYER_PAYER), order_id=order.pk, now=utc_now())
    owed = interest.owed_of(order=order)
    assert owed is not None
    assert (owed.to_ask, kinds()) == (OWED, [])


def test_a_refused_payment_stays_frozen_and_is_asked_again_or_released(shop: Shop) -> None:
    payer, order = shop.actor(Post.BUYER_PAYER), the_order()
    row = settled(approved(shop, account=made.GOOD_ACCOUNT[:-2] + "01"))
    assert (row.state, row.state_reason, budget(shop)) == ("failed", "户名与账号不符", (OWED, Decimal("40.00")))
    with pytest.raises(WrongState):
        interest.decide(actor=shop.actor(Post.BUYER_APPROVER), order_id=order.pk, agrees=True, now=utc_now())
    interest.pay_again(
        actor=payer, order_id=order.pk, payee_bank=BANK, payee_account=made.GOOD_ACCOUNT[:-2] + "03", now=utc_now()
    )
    assert settled(row).state == "failed"
    interest.withdraw(actor=payer, order_id=order.pk, now=utc_now())
    assert (kinds(), budget(shop)) == (["freeze_interest", "release"], (0, Decimal("40.00")))
    assert settled(approved(shop)).state == "paid"
    assert the_order().state == "paid"


def test_interest_that_comes_back_is_frozen_again(shop: Shop) -> None:
    row = settled(approved(shop, account=made.GOOD_ACCOUNT[:-2] + "06"))
    assert row.state == "paid"
    later = utc_now() + timedelta(days=1, minutes=5)
    services.watch_due(now=later, provider=SimulatedTreasury(clock=lambda: later))
    row.refresh_from_db()
    assert (row.state, row.paid_at, budget(shop)) == ("failed", None, (OWED, Decimal("40.00")))
    assert (kinds(), told()[-1]) == (["freeze_interest", "spend", "return"], "failed")
    # Both of the order's moneys stay apart: its own is spent.
    assert the_order().state == "paid"
    interest.pay_again(
        actor=shop.actor(Post.BUYER_PAYER), order_id=row.order_id, payee_bank=BANK, payee_account=made.GOOD_ACCOUNT,
        now=utc_now(),
    )  # fmt: skip
    assert (settled(row).state, budget(shop)) == ("paid", (0, Decimal("40.34")))


def test_more_days_after_the_money_came_back_owe_the_difference(shop: Shop) -> None:
    settled(approved(shop))
    Order.objects.update(paid_at=utc_now() + timedelta(days=3))
    row = asked(shop)
    assert (row.amount, row.paid_before, row.days_late) == (Decimal("0.06"), OWED, 20)
    Order.objects.update(paid_at=utc_now() + timedelta(days=4))
    with pytest.raises(interest.InterestChanged):
        interest.decide(actor=shop.actor(Post.BUYER_APPROVER), order_id=row.order_id, agrees=True, now=utc_now())


def test_a_line_without_money_refuses_and_nothing_moves(shop: Shop) -> None:
    asked(shop)
    BudgetLine.objects.update(total=Decimal("40.33"))
    with pytest.raises(BudgetInsufficient):
        interest.decide(actor=shop.actor(Post.BUYER_APPROVER), order_id=the_order().pk, agrees=True, now=utc_now())
    assert (told(), InterestPayment.objects.get().state, PaymentInstruction.objects.count()) == (["asked"], "asked", 1)


def test_money_that_comes_back_after_the_year_was_closed_goes_on_to_the_next(shop: Shop) -> None:
    """Principal and frozen interest alike: as frozen money does when the year is closed."""
    approved(shop)
    bureau, year = bureau_of(shop.tenant), fiscal_year(local_date(utc_now()))
    years.begin_closing(actor=bureau, year=year, now=utc_now())
    years.decide_carry_over(
        actor=bureau, line_id=shop.line.pk, decision=Decision.LAPSE, amount=Decimal(0), reason="", now=utc_now()
    )
    years.close_year(actor=bureau, year=year, now=utc_now())
    new = BudgetLine.objects.get(fiscal_year=year + 1)
    assert (new.total, new.frozen) == (OWED, OWED)
    with tenant_atomic():
        amount = give_back(actor=SYSTEM, order_id=the_order().pk, now=utc_now())
    old = BudgetLine.objects.get(pk=shop.line.pk)
    new.refresh_from_db()
    assert amount == Decimal("40.00")
    assert (old.total, old.frozen, old.spent) == (0, 0, 0)
    assert (new.total, new.frozen, new.spent) == (Decimal("40.34"), Decimal("40.34"), 0)
    for line in (old, new):
        assert statement(actor=bureau, line_id=line.pk).adds_up
    settled(InterestPayment.objects.get())
    new.refresh_from_db()
    assert (new.frozen, new.spent) == (Decimal("40.00"), OWED)

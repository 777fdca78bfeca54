"""Any sequence of uses, late ones, restores and closings: all statements together say what all uses cost now."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal as D

import pytest
from django.db.models import Sum

from kernel.actor import SYSTEM
from kernel.clock import month_bounds
from kernel.meters import METERS
from shared_apps.fees.meters import ACTIVE_USERS, MALL_LIVE, STORAGE
from shared_apps.fees.models import FeeStatement, StatementLine, StatementUse, UsageEvent
from shared_apps.fees.rules.months import next_month
from shared_apps.fees.rules.terms import Price, PriceKind, Tier
from shared_apps.fees.selectors.composing import months_known, verify_statement
from shared_apps.fees.services.statements import close_month
from tenants.database.context import region_as
from tests.factories.fees import A, give_back, lose, make_tariff, moment, relayed_until, used

FIRST, LAST = date(2026, 1, 1), date(2026, 6, 1)
PRICES = (
    Price("orders_placed", PriceKind.VOLUME, tiers=(Tier(D(3), D(5)), Tier(None, D(2)))),
    Price("order_value", PriceKind.GRADUATED, tiers=(Tier(D(1000), D(1)), Tier(None, D("0.3"))), minimum=D("0.40")),
    Price(STORAGE, PriceKind.PER_UNIT, D("1.7300")),
    Price(ACTIVE_USERS, PriceKind.PACKAGE, D(9), package_size=D(2)),
)


@pytest.fixture(autouse=True, scope="module")
def tariffs(kept_world: Callable[[], None]) -> None:
    make_tariff(FIRST)
    make_tariff(date(2026, 3, 1), version=2, prices=PRICES, minimum=D("3.00"), cap=D("60.00"))
    kept_world()


def add(chance: random.Random, upto: date) -> None:
    """A use somewhere between the first month and this one, often late."""
    day = FIRST + timedelta(days=chance.randrange((next_month(upto) - FIRST).days))
    meter = chance.choice(["orders_placed", "order_value", STORAGE, ACTIVE_USERS])
    at = moment(day, chance.randrange(9, 23))
    if meter == ACTIVE_USERS:
        subject = f"{chance.randrange(4)}"
        if UsageEvent.objects.filter(meter=ACTIVE_USERS, month=day.replace(day=1), subject=subject).exists():
            return
        used(meter, at, subject=subject)
    elif meter == STORAGE:
        used(meter, at, str(chance.choice([5, 7, -3]) * METERS[STORAGE].scale))
    else:
        used(meter, at, "1" if meter == "orders_placed" else f"{chance.randrange(1, 300000) / 100:.2f}")


@pytest.mark.parametrize("seed", range(3))
def test_all_statements_together_are_the_price_of_all_uses_now(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # the same sequence each time
    lost: list[UsageEvent] = []
    used(MALL_LIVE, moment(date(2026, 1, 11)))
    month = FIRST
    while month <= LAST:
        for _ in range(chance.randrange(3, 8)):
            add(chance, month)
        standing = [use for use in UsageEvent.objects.order_by("id") if use.pk not in {one.pk for one in lost}]
        for use in chance.sample(standing, min(len(standing), chance.randrange(3))):
            lose(use, datetime(2026, 7, 1, tzinfo=UTC))
            lost.append(use)
        if lost and chance.random() < 0.5:
            give_back(lost.pop(chance.randrange(len(lost))))
        close(month)
        assert_sound(month, {use.pk for use in lost})
        month = next_month(month)


def close(month: date) -> None:
    now = month_bounds(month.year, month.month)[1] + timedelta(days=5)
    relayed_until(now)
    with region_as("yz_region"):
        assert close_month(actor=SYSTEM, month=month, now=now, codes=[A]).waiting == ()


def assert_sound(month: date, lost: set[int]) -> None:
    with region_as("yz_region"):
        costs = months_known(tenant_code=A, level="county", first=FIRST, last=month)
        assert all(verify_statement(row=row).agrees for row in FeeStatement.objects.all())
    charged = dict(StatementLine.objects.order_by().values_list("for_month").annotate(sum=Sum("amount")))
    priced = {of: found.bill().total for of, found in costs.items()}
    assert {of: amount for of, amount in charged.items() if amount} == {
        of: amount for of, amount in priced.items() if amount
    }
    turns: dict[int, list[int]] = {}
    for use, turn in StatementUse.objects.order_by("usage_id", "turn").values_list("usage_id", "turn"):
        turns.setdefault(use, []).append(turn)
    assert all(found == list(range(len(found))) for found in turns.values())
    counted = {use for use, found in turns.items() if len(found) % 2}
    known = set(UsageEvent.objects.filter(month__lte=month).values_list("pk", flat=True))
    assert counted == known - lost

"""Cost shares: the parts are the total, whoever is named first, and a month has one rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_apps.fees.rules.months import next_month
from shared_apps.fees.rules.shares import Part, are_whole, in_force, may_withdraw, possible_payers, share_out


def parts_of(*percents: str) -> list[Part]:
    return [Part(f"65000{place}", "", D(percent)) for place, percent in enumerate(percents)]


@pytest.mark.parametrize(
    ("total", "percents", "amounts"),
    [
        ("100.00", ["100"], ["100.00"]),
        ("100.00", ["33.333", "33.333", "33.334"], ["33.33", "33.33", "33.34"]),
        # 0.505, 0.303 and 0.202: the cent that is missing goes to the largest remainder, the first.
        ("1.01", ["50", "30", "20"], ["0.51", "0.30", "0.20"]),
        ("0.01", ["50", "50"], ["0.01", "0.00"]),
        ("-1.01", ["50", "30", "20"], ["-0.51", "-0.30", "-0.20"]),
        ("0.00", ["60", "40"], ["0.00", "0.00"]),
    ],
)
def test_worked_examples(total: str, percents: list[str], amounts: list[str]) -> None:
    assert [str(amount) for amount in share_out(D(total), parts_of(*percents))] == amounts


thousandths = st.lists(st.integers(1, 100_000), min_size=1, max_size=5)
cents = st.integers(-(10**15), 10**15)


@given(cents, thousandths, st.randoms())
def test_parts_are_the_total_whatever_their_order(total: int, weights: list[int], random: object) -> None:
    parts = [Part(str(place), "", D(weight) / 1000) for place, weight in enumerate(weights)]
    amounts = share_out(D(total) / 100, parts)
    assert sum(amounts) == D(total) / 100
    exact = [D(total) / 100 * part.percent / sum(part.percent for part in parts) for part in parts]
    assert all(abs(amount - wanted) < D("0.01") for amount, wanted in zip(amounts, exact, strict=True))
    by_payer = dict(zip((part.payer_code for part in parts), amounts, strict=True))
    shuffled = list(parts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert dict(zip((part.payer_code for part in shuffled), share_out(D(total) / 100, shuffled), strict=True)) == (
        by_payer
    )


@pytest.mark.parametrize(
    ("percents", "whole"),
    [
        (["100"], True), (["70", "20", "10"], True), (["33.333", "66.667"], True), (["99.999"], False),
        ([], False), (["110", "-10"], False), (["100", "0"], False), (["33.3333", "66.6667"], False),
    ],
)  # fmt: skip
def test_parts_are_a_hundred_per_cent(percents: list[str], whole: bool) -> None:
    assert are_whole([D(percent) for percent in percents]) is whole


@dataclass(frozen=True)
class Rule:
    valid_from: date


months = st.dates(date(2020, 1, 1), date(2030, 12, 31)).map(lambda day: day.replace(day=1))


@given(st.lists(months, unique=True, max_size=6), months)
def test_every_month_has_one_rule_from_its_first_day_until_the_next_begins(begins: list[date], month: date) -> None:
    rules = [Rule(first) for first in begins]
    found = in_force(rules, month)
    assert found is in_force(list(reversed(rules)), month)
    if found is None:
        assert all(first > month for first in begins)
    else:
        later = min((first for first in begins if first > found.valid_from), default=None)
        assert found.valid_from <= month
        assert later is None or month < later


def test_a_rule_is_taken_back_while_its_first_month_is_not_over() -> None:
    first = date(2026, 12, 1)
    assert may_withdraw(valid_from=first, today=date(2026, 11, 30))
    assert may_withdraw(valid_from=first, today=date(2026, 12, 31))
    assert not may_withdraw(valid_from=first, today=next_month(first))


def test_who_may_bear_a_part() -> None:
    above = {"653101": "653100", "653100": "650000", "659001": "650000"}
    top = frozenset({"650000"})
    assert possible_payers(tenant_code="653101", above=above, top=top) == ["653101", "653100", "region"]
    assert possible_payers(tenant_code="650000", above=above, top=frozenset()) == ["650000", "region"]
    # A circle in the tree, which the database refuses, ends nothing here either.
    assert possible_payers(tenant_code="1", above={"1": "2", "2": "1"}, top=top) == ["1", "2", "region"]

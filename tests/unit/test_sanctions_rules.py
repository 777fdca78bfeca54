"""Bans by the statutes: their table, their situations, how long and how much."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal as D
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_apps.sanctions.causes import CAUSES, citation
from shared_apps.sanctions.rules import (
    SANCTION_LIFECYCLE,
    Period,
    SanctionState,
    fine_range,
    is_held,
    return_range,
    years_later,
)

DAYS = st.dates(date(2000, 1, 1), date(2190, 12, 31))


def test_what_may_be_done_in_which_state() -> None:
    allowed = {(state, action) for state, action, may in SANCTION_LIFECYCLE.product() if may}
    assert allowed == {
        ("drafted", "put_in_force"), ("drafted", "annul"),
        ("in_force", "end"), ("in_force", "lift"), ("in_force", "annul"),
    }  # fmt: skip


def test_the_situations_of_the_statutes() -> None:
    counts: dict[tuple[str, str, int], int] = {}
    for cause in CAUSES.values():
        key = (cause.party_kind, cause.statute, cause.article)
        counts[key] = counts.get(key, 0) + 1
        assert cause.ban_years == (1, 3)
        assert cause.words
        assert not cause.words.endswith(("；", "。", ";"))
    assert counts == {
        ("supplier", "gpl", 77): 6, ("supplier", "reg", 72): 6, ("supplier", "reg", 73): 1, ("supplier", "reg", 74): 7,
        ("agency", "gpl", 71): 6, ("agency", "gpl", 72): 4, ("agency", "gpl", 76): 1, ("agency", "gpl", 78): 1,
        ("agency", "reg", 68): 10,
    }  # fmt: skip
    assert citation(CAUSES["gpl77-1"]) == "《中华人民共和国政府采购法》第七十七条第一款第（一）项"
    assert CAUSES["gpl77-1"].words == "提供虚假材料谋取中标、成交的"
    assert citation(CAUSES["reg73"]) == "《中华人民共和国政府采购法实施条例》第七十三条"


@pytest.mark.parametrize(
    ("day", "years", "later"),
    [
        (date(2026, 3, 1), 1, date(2027, 3, 1)),
        (date(2024, 2, 29), 1, date(2025, 3, 1)),
        (date(2023, 2, 28), 1, date(2024, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
    ],
)
def test_years_are_full(day: date, years: int, later: date) -> None:
    assert years_later(day, years) == later


@given(DAYS)
def test_the_law_allows_one_to_three_years(starts_on: date) -> None:
    earliest, latest = return_range(starts_on=starts_on, cause=CAUSES["gpl77-1"])
    assert (earliest - starts_on).days in {365, 366}
    assert (latest - starts_on).days in {1095, 1096}


@pytest.mark.parametrize(
    ("code", "purchase", "bounds"),
    [
        ("gpl77-1", D("100000.00"), (D("500"), D("1000"))),
        ("gpl77-1", None, None),  # without the purchase's amount nothing can be checked
        ("reg73", D("100000.00"), None),  # art. 73 names no fine
        ("gpl71-1", None, (None, D(100000))),
        ("gpl72-1", D("1.00"), (D(50000), D(250000))),
        ("gpl76", None, (D(20000), D(100000))),
        ("gpl78", None, None),
    ],
)
def test_fines(code: str, purchase: D | None, bounds: tuple[D | None, D] | None) -> None:
    assert fine_range(cause=CAUSES[code], purchase_amount=purchase) == bounds


@given(st.lists(st.tuples(st.sampled_from(sorted(SanctionState)), DAYS, st.integers(365, 1096))), DAYS)
def test_held_while_some_ban_in_force_covers_the_day(bans: list[tuple[str, date, int]], day: date) -> None:
    rows = [(state, Period(first, first + timedelta(days=length))) for state, first, length in bans]
    covering = [1 for state, first, length in bans if state == "in_force" and 0 <= (day - first).days < length]
    assert is_held(bans=rows, on=day) == bool(covering)


def test_the_readme_shows_the_table() -> None:
    readme = Path(__file__).parents[2] / "shared_apps/sanctions/README.md"
    assert SANCTION_LIFECYCLE.mermaid().strip() in readme.read_text("utf-8")

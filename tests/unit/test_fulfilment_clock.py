"""The payment clock of small and medium suppliers. Source: State Council Order 802 arts. 9-10."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tenant_apps.orders.payment_clock import PaymentDue, last_payment_day, payment_due, payment_late_from

# 2026-03-02 23:30 in Xinjiang is still 15:30 UTC; 00:30 on the 3rd is 16:30 UTC on the 2nd.
EVENING = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)
AFTER_MIDNIGHT = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("accepted", "last"),
    [
        (date(2026, 3, 2), date(2026, 4, 1)),
        (date(2026, 1, 31), date(2026, 3, 2)),
        (date(2028, 1, 31), date(2028, 3, 1)),
        (date(2026, 12, 15), date(2027, 1, 14)),
    ],
)
def test_thirty_calendar_days_without_the_first(accepted: date, last: date) -> None:
    assert last_payment_day(goods_accepted_on=accepted, is_sme=True) == last
    assert last_payment_day(goods_accepted_on=accepted, is_sme=False) is None


def test_the_day_is_the_one_in_xinjiang() -> None:
    first = payment_due(goods_accepted_at=EVENING, is_sme=True, now=EVENING)
    second = payment_due(goods_accepted_at=AFTER_MIDNIGHT, is_sme=True, now=AFTER_MIDNIGHT)
    assert first == PaymentDue(date(2026, 4, 1), 30)
    assert second == PaymentDue(date(2026, 4, 2), 30)


def test_the_last_day_is_in_time_and_the_midnight_after_it_is_not() -> None:
    late_from = payment_late_from(goods_accepted_at=EVENING, is_sme=True)
    assert late_from == datetime(2026, 4, 1, 16, 0, tzinfo=UTC)
    assert late_from is not None
    just_in_time = payment_due(goods_accepted_at=EVENING, is_sme=True, now=late_from - timedelta(seconds=1))
    late = payment_due(goods_accepted_at=EVENING, is_sme=True, now=late_from)
    assert just_in_time is not None
    assert late is not None
    assert (just_in_time.days_left, just_in_time.overdue, just_in_time.soon) == (0, False, True)
    assert (late.days_left, late.overdue, late.soon, late.days_late) == (-1, True, False, 1)


@pytest.mark.parametrize(("passed", "soon"), [(22, False), (23, True), (30, True), (31, False)])
def test_the_last_week_warns(passed: int, soon: bool) -> None:
    due = payment_due(goods_accepted_at=EVENING, is_sme=True, now=EVENING + timedelta(days=passed))
    assert due is not None
    assert due.soon is soon


def test_nothing_runs_before_acceptance_or_for_large_suppliers() -> None:
    assert payment_due(goods_accepted_at=None, is_sme=True, now=EVENING) is None
    assert payment_due(goods_accepted_at=EVENING, is_sme=False, now=EVENING) is None
    assert payment_late_from(goods_accepted_at=EVENING, is_sme=False) is None

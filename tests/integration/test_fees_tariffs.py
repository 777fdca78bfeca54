"""Tariffs of every kind of price: published with notice, superseded before they begin, told, and tried on past use."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal as D

import pytest
from django.db import IntegrityError, connections
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from kernel.problems import NotFound
from shared_apps.fees import demo, selectors, services
from shared_apps.fees.models import TariffVersion
from shared_apps.fees.rules.terms import Price, PriceKind, Tariff, Tier
from shared_apps.inbox.models import InboxItem
from shared_apps.region_journal.models import RegionJournalEntry
from tenants.database.context import REGION_ALIAS, region_as, region_atomic
from tests.factories.fees import A, B, bureau, moment, region_staff, used
from tests.factories.relayed import relay_region

NUMBER = "新财〔2026〕9号"
OCTOBER = datetime(2026, 10, 20, tzinfo=UTC)
NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)


def per_order(price: str) -> Tariff:
    return Tariff((Price("orders_placed", PriceKind.PER_UNIT, D(price)),))


def entered(valid_from: date, *, terms: Tariff = demo.TERMS, notice_days: int = 0, now: datetime = OCTOBER) -> int:
    row = services.enter_tariff(
        actor=region_staff(), name="费率", valid_from=valid_from, document_number=NUMBER, terms=terms,
        notice_days=notice_days, now=now,
    )  # fmt: skip
    return row.version


def verify(version: int, now: datetime = OCTOBER) -> None:
    services.verify_tariff(actor=region_staff(), version=version, document_number=NUMBER, now=now)


def test_terms_come_back_as_they_were_entered_and_stand_in_the_journal() -> None:
    with region_as("yz_region"):
        version = entered(date(2026, 12, 1), notice_days=30)
        assert selectors.tariff(actor=region_staff(), version=version).terms == demo.TERMS
    facts = RegionJournalEntry.objects.get(event="fees.tariff_added").facts
    assert (facts["notice_days"], facts["cap"], facts["minimum"]) == (30, "50000.00", None)
    assert facts["bundles"] == [["询价竞价套餐", ["inquiries", "auctions"], "10"]]
    assert facts["prices"][2] == {
        "meter": "inquiries", "kind": "graduated", "tiers": [["10", "20"], ["50", "15"], [None, "10"]],
    }  # fmt: skip


def test_a_tariff_begins_when_its_notice_period_is_over() -> None:
    """Verified on 20 October with 30 days of notice: 19 November at the earliest, so 1 December."""
    with region_as("yz_region"):
        soon = entered(date(2026, 11, 1), notice_days=30)
        with pytest.raises(services.TariffTooLate) as refused:
            verify(soon)
        assert refused.value.facts["earliest"] == date(2026, 11, 19)
        assert not TariffVersion.objects.filter(verified_at__isnull=False).exists()
        verify(soon, OCTOBER - timedelta(days=18))
        later = entered(date(2026, 12, 1), notice_days=30)
        verify(later)
        found = selectors.tariffs_of_months(months=[date(2026, month, 1) for month in (10, 11, 12)])
        assert {month.month: view.version for month, view in found.items()} == {11: soon, 12: later}


def test_what_is_published_and_has_not_begun_is_superseded_by_a_later_version_only() -> None:
    with region_as("yz_region"):
        first = entered(date(2026, 12, 1))
        verify(first)
        with pytest.raises(services.TariffNotWaiting):
            services.withdraw_tariff(actor=region_staff(), version=first, reason="错", now=OCTOBER)
        second = entered(date(2026, 12, 1), terms=per_order("3"))
        assert selectors.current_tariff_version(on=date(2026, 12, 1)) == first, "an entry supersedes nothing"
        with pytest.raises(services.TariffExists):
            entered(date(2026, 12, 1))
        verify(second)
        assert selectors.current_tariff_version(on=date(2026, 12, 1)) == second
        row = selectors.tariff(actor=bureau(), version=first)
        assert (row.state, row.superseded_by) == ("superseded", second)
        with pytest.raises(IntegrityError, match="tariff_published_one_per_day"), region_atomic():
            TariffVersion.objects.update(superseded_by=None)
        # Begun: what statements rest on stays.
        third = entered(date(2027, 1, 1))
        verify(third)
        with pytest.raises(services.TariffExists):
            entered(date(2027, 1, 1), now=datetime(2027, 1, 1, tzinfo=UTC))
    event = RegionJournalEntry.objects.filter(event="fees.tariff_verified").order_by("id")[1]
    assert event.facts["supersedes"] == first


def test_the_database_refuses_what_makes_no_sense() -> None:
    with region_as("yz_region"):
        entered(date(2026, 12, 1), terms=per_order("1"))
        row = TariffVersion.objects.get()
        for change, name in (
            ({"minimum": 2, "cap": 1}, "tariff_line_cap_covers_its_minimum"),
            ({"kind": "package"}, "tariff_package_has_a_size"),
            ({"kind": "barter"}, "tariff_kind_known"),
            ({"minimum": -1}, "tariff_line_minimum_is_an_amount"),
        ):
            with pytest.raises(IntegrityError, match=name), region_atomic():
                row.lines.update(**change)
        with pytest.raises(IntegrityError, match="tariff_cap_covers_its_minimum"), region_atomic():
            TariffVersion.objects.update(monthly_minimum=2, monthly_cap=1)


def test_a_bureau_reads_what_is_published() -> None:
    with region_as("yz_region"):
        version = entered(date(2026, 12, 1))
        assert selectors.tariffs(actor=bureau()) == []
        for read in (
            lambda: selectors.tariff(actor=bureau(), version=version),
            lambda: selectors.what_if(actor=bureau(), old=None, new=version, now=NOW),
        ):
            with pytest.raises(NotFound):
                read()
        verify(version)
        assert [row.version for row in selectors.tariffs(actor=bureau())] == [version]


def test_every_bureau_is_told_when_a_tariff_is_published() -> None:
    with region_as("yz_region"):
        version = entered(date(2027, 1, 1), now=NOW)
        verify(version, NOW)
    relay_region()
    items = InboxItem.objects.filter(object_type="tariff", state="open")
    assert {(item.tenant_code, item.audience_post, item.facts["path"]) for item in items} == {
        (code, "tier_supervisor", f"/fees/tariffs/compare/?new={version}") for code in (A, B)
    }
    with region_as("yz_region"):
        later = entered(date(2027, 1, 1), terms=per_order("3"), now=NOW)
        verify(later, NOW)
    relay_region()
    items = InboxItem.objects.filter(object_type="tariff", state="open")
    assert {(item.tenant_code, item.facts["path"]) for item in items} == {
        (code, f"/fees/tariffs/compare/?new={later}") for code in (A, B)
    }


def _use_of_the_year() -> None:
    for month, count in ((3, 2), (10, 5)):
        for _number in range(count):
            used("orders_placed", moment(date(2026, month, 5)))
    used("orders_placed", moment(date(2026, 10, 9)), "10", tenant=B)


def test_last_years_use_under_a_draft_before_it_is_published() -> None:
    """By hand: 7 orders of A at 2 and at 3.50 yuan, 10 of B in October; none in the month that runs."""
    _use_of_the_year()
    used("orders_placed", moment(date(2026, 11, 3)), "99")
    with region_as("yz_region"):
        january = datetime(2026, 1, 1, tzinfo=UTC)
        entered(date(2026, 3, 1), terms=per_order("2"), now=january)
        verify(1, january)
        draft = entered(date(2026, 12, 1), terms=per_order("3.5"))
        answer = selectors.what_if(actor=region_staff(), old=None, new=draft, now=NOW)
        found = answer.found
        assert [month.isoformat()[:7] for month in (found.months[0], found.months[-1])] == ["2025-11", "2026-10"]
        assert [(row.code, row.before, row.after, row.change) for row in found.malls] == [
            (B, D("20.00"), D("35.00"), D("15.00")), (A, D("14.00"), D("24.50"), D("10.50")),
        ]  # fmt: skip
        assert (found.total.before, found.total.after, found.total.percent) == (D("34.00"), D("59.50"), D("75.0"))
        assert found.by_month[date(2026, 3, 1)].after == D("7.00")
        assert sum(one.change for one in found.by_level.values()) == found.total.change
        assert found.by_meter["orders_placed"].before == D("34.00")
        # Two versions side by side; a fiscal year; a bureau's own mall.
        same = selectors.what_if(actor=region_staff(), old=draft, new=draft, period="2026", now=NOW).found
        assert (same.total.change, len(same.months)) == (D("0.00"), 10)
        verify(draft)
        own = selectors.what_if(actor=bureau(A), old=1, new=draft, now=NOW).found
        assert [row.code for row in own.malls] == [A]
        for period in ("2019", "2027", "9999"):
            with pytest.raises(NotFound):
                selectors.what_if(actor=region_staff(), old=None, new=draft, period=period, now=NOW)


def test_statements_of_a_comparison_do_not_grow_with_malls_and_months() -> None:
    with region_as("yz_region"):
        version = entered(date(2026, 12, 1), terms=per_order("1"))

    def counted() -> int:
        with region_as("yz_region"), CaptureQueriesContext(connections[REGION_ALIAS]) as asked:
            selectors.what_if(actor=region_staff(), old=None, new=version, now=NOW)
        return len(asked)

    used("orders_placed", moment(date(2026, 10, 5)))
    few = counted()
    _use_of_the_year()
    assert counted() == few <= 10


def test_a_comparison_as_a_workbook() -> None:
    from kernel.workbooks import write_workbook
    from shared_apps.fees.comparison_tables import comparison_sheets

    _use_of_the_year()
    with region_as("yz_region"):
        version = entered(date(2026, 12, 1), terms=per_order("1"))
        answer = selectors.what_if(actor=region_staff(), old=None, new=version, now=NOW)
    book = load_workbook(io.BytesIO(write_workbook(comparison_sheets(answer))))
    malls = list(book.worksheets[0].iter_rows(values_only=True))
    assert [row[0] for row in malls[1:]] == [B, A, None]
    assert malls[-1][3:6] == ("0.00", "17.00", "17.00")


def test_the_months_live_figures_are_the_same_bill() -> None:
    """By hand: 3 orders at 2 yuan with one free, 30 GB from the first moment on: 20 charged at 1.50; at most 33."""
    terms = Tariff(
        (
            Price("orders_placed", PriceKind.PER_UNIT, D(2), D(1)),
            Price("storage", PriceKind.GRADUATED, allowance=D(10), tiers=(Tier(D(100), D("1.5")), Tier(None, D(1)))),
        ),
        cap=D(33),
    )
    with region_as("yz_region"):
        verify(entered(date(2026, 11, 1), terms=terms))
    used("storage", moment(date(2026, 10, 5)), "30000000000")
    for _number in range(3):
        used("orders_placed", moment(date(2026, 11, 5)))
    with region_as("yz_region"):
        found = selectors.statement(actor=bureau(A), tenant_code=A, month=date(2026, 11, 1), now=NOW)
        amounts = {line.meter.code: line.charge.amount for line in found.lines if line.is_used}
        assert amounts == {"orders_placed": D("4.00"), "storage": D("30.00")}
        assert [(str(one.kind), one.amount) for one in found.adjustments] == [("cap", D("-1.00"))]
        _tariff, rows = selectors.month_of_all(actor=region_staff(), month=date(2026, 11, 1))
        assert {row.tenant_code: row.total for row in rows if row.total} == {A: D("33.00")}
        assert found.total == selectors.month_totals(month=date(2026, 11, 1))[A] == D("33.00")

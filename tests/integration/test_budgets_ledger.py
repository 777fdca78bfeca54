"""The ledger in a real database: what is frozen resolves once, and no line is overspent."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, ProgrammingError, connections

from kernel.actor import SYSTEM, Actor, HeldPost
from kernel.clock import utc_now
from kernel.posts import Post
from kernel.problems import InvalidInput, NotFound, NotPermitted
from tenant_apps.budgets import services
from tenant_apps.budgets.models import BudgetEntry, BudgetLine
from tenant_apps.budgets.selectors import lines_by_id, lines_of, open_lines, statement, units_of
from tenant_apps.journal.models import JournalEntry
from tenants.database.context import tenant_atomic, tenant_selected
from tests.factories.budgets import make_line, make_unit
from tests.factories.people import make_organisation
from tests.factories.rules import bureau_of

A, B = "990001", "990002"
NOW = utc_now()


def _freeze(order_id: int, **claims: str) -> None:
    with tenant_atomic():
        services.freeze(
            actor=SYSTEM,
            order_id=order_id,
            claims={int(key[1:]): Decimal(amount) for key, amount in claims.items()},
            now=NOW,
        )


def _balance(line_id: int) -> tuple[Decimal, Decimal, Decimal]:
    line = BudgetLine.objects.get(pk=line_id)
    return line.total, line.frozen, line.spent


def _act(name: str, order_id: int) -> Decimal:
    with tenant_atomic():
        return getattr(services, name)(actor=SYSTEM, order_id=order_id, now=NOW)


@pytest.fixture
def lines() -> tuple[int, int]:
    unit = make_unit(A)
    return (
        make_line(A, unit.pk, total="1000.00").pk,
        make_line(A, unit.pk, total="500.00", plan_number="JH-2026-002").pk,
    )


def test_freeze_then_spend(lines: tuple[int, int]) -> None:
    one, _ = lines
    with tenant_selected(A):
        _freeze(1, **{f"l{one}": "400.00"})
        assert _balance(one) == (Decimal("1000.00"), Decimal("400.00"), Decimal("0.00"))
        assert _act("spend", 1) == Decimal("400.00")
        assert _balance(one) == (Decimal("1000.00"), Decimal("0.00"), Decimal("400.00"))
        assert statement(actor=bureau_of(A), line_id=one).adds_up


def test_freeze_over_two_lines_then_release(lines: tuple[int, int]) -> None:
    one, two = lines
    with tenant_selected(A):
        _freeze(1, **{f"l{two}": "500.00", f"l{one}": "0.01"})
        assert [_balance(one)[1], _balance(two)[1]] == [Decimal("0.01"), Decimal("500.00")]
        assert _act("release", 1) == Decimal("500.01")
        assert [_balance(one)[1], _balance(two)[1]] == [0, 0]


def test_what_is_frozen_resolves_once(lines: tuple[int, int]) -> None:
    with tenant_selected(A):
        _freeze(1, **{f"l{lines[0]}": "400.00"})
        _act("spend", 1)
        for again in ("spend", "release"):
            with pytest.raises(services.NothingFrozen):
                _act(again, 1)
        with pytest.raises(services.NothingFrozen):
            _act("release", 2)
        assert _balance(lines[0])[2] == Decimal("400.00")


def test_an_order_freezes_a_line_once(lines: tuple[int, int]) -> None:
    with tenant_selected(A):
        _freeze(1, **{f"l{lines[0]}": "1.00"})
        with pytest.raises(services.AlreadyFrozen):
            _freeze(1, **{f"l{lines[0]}": "1.00"})
        assert _balance(lines[0])[1] == Decimal("1.00")


@pytest.mark.parametrize("amounts", [("1000.01", None), ("1000.01", "1.00"), ("1.00", "500.01")])
def test_too_little_is_refused_whole(lines: tuple[int, int], amounts: tuple[str, str | None]) -> None:
    claims = {f"l{line}": amount for line, amount in zip(lines, amounts, strict=True) if amount}
    with tenant_selected(A):
        entries = BudgetEntry.objects.count()
        with pytest.raises(services.BudgetInsufficient) as refused:
            _freeze(1, **claims)
        short = [(line["asked"], line["available"]) for line in refused.value.facts["lines"] if line["short"]]
        assert len(short) == 1
        assert refused.value.facts["available"] == short[0][1]
        assert [_balance(line)[1] for line in lines] == [0, 0]
        assert BudgetEntry.objects.count() == entries


def test_unknown_and_closed_lines_and_bad_amounts(lines: tuple[int, int]) -> None:
    with tenant_selected(A):
        with pytest.raises((NotFound, IntegrityError)):
            _freeze(1, l999999="1.00")
        for amount in ("0.00", "-1.00"):
            with pytest.raises(InvalidInput):
                _freeze(1, **{f"l{lines[0]}": amount})
        with tenant_atomic(), pytest.raises(InvalidInput):
            services.freeze(actor=SYSTEM, order_id=1, claims={}, now=NOW)
        BudgetLine.objects.filter(pk=lines[0]).update(is_open=False)
        with pytest.raises(services.BudgetInsufficient):
            _freeze(1, **{f"l{lines[0]}": "1.00"})
        with pytest.raises(RuntimeError):
            services.freeze(actor=SYSTEM, order_id=1, claims={lines[0]: Decimal("1.00")}, now=NOW)


def test_a_total_cannot_fall_below_what_is_bound(lines: tuple[int, int]) -> None:
    with tenant_selected(A):
        _freeze(1, **{f"l{lines[0]}": "400.00"})
        services.allot(actor=bureau_of(A), line_id=lines[0], change=Decimal("-600.00"), reason="调减", now=NOW)
        with pytest.raises(services.BudgetInsufficient):
            services.allot(actor=bureau_of(A), line_id=lines[0], change=Decimal("-0.01"), reason="调减", now=NOW)
        services.allot(actor=bureau_of(A), line_id=lines[0], change=Decimal("50.00"), reason="追加", now=NOW)
        assert _balance(lines[0])[0] == Decimal("450.00")
        view = statement(actor=bureau_of(A), line_id=lines[0])
        assert view.adds_up
        assert [entry.kind for entry, _ in view.rows] == ["allot", "freeze", "reduce", "increase"]


def test_only_the_bureau_creates_and_adjusts(lines: tuple[int, int]) -> None:
    clerk = Actor(user_id=5, name="经办", tenant=A, held=(HeldPost(Post.BUYER_CLERK, 11),))
    with tenant_selected(A):
        with pytest.raises(NotPermitted):
            services.create_unit(actor=clerk, code="001009", name="x", organisation_id=1, now=NOW)
        with pytest.raises(NotPermitted):
            services.allot(actor=clerk, line_id=lines[0], change=Decimal("1.00"), reason="x", now=NOW)


def test_unit_and_plan_number_once(lines: tuple[int, int]) -> None:
    with pytest.raises(services.UnitExists):
        make_unit(A)
    unit_id = 0
    with tenant_selected(A):
        unit_id = BudgetLine.objects.get(pk=lines[0]).unit_id
    with pytest.raises(services.LineExists):
        make_line(A, unit_id)


def test_people_of_a_unit_see_their_own(lines: tuple[int, int]) -> None:
    other = make_unit(A, code="001002", name="测试医院")
    make_line(A, other.pk)
    with tenant_selected(A):
        own = BudgetLine.objects.select_related("unit").get(pk=lines[0]).unit.organisation_id
    clerk = Actor(user_id=5, name="经办", tenant=A, held=(HeldPost(Post.BUYER_CLERK, own),))
    stranger = Actor(user_id=6, name="他人", tenant=A, held=(HeldPost(Post.SUPPLIER_SALES, 77),))
    with tenant_selected(A):
        assert {line.id for line in lines_of(actor=clerk)} == set(lines)
        assert [unit.code for unit in units_of(clerk, Post.BUYER_CLERK)] == ["001001"]
        assert units_of(clerk, Post.BUYER_PAYER) == []
        assert len(lines_of(actor=bureau_of(A))) == 3
        assert lines_of(actor=stranger) == []
        with pytest.raises(NotFound):
            statement(actor=stranger, line_id=lines[0])
        with pytest.raises(NotFound):
            lines_of(actor=clerk, unit_id=other.pk)
        assert {line.available for line in open_lines(unit_id=other.pk, fiscal_year=2000)} == set()
        assert lines_by_id(lines)[lines[1]].available == Decimal("500.00")
    with tenant_selected(B):
        assert lines_by_id(lines) == {}


def test_a_unit_belongs_to_an_organisation_of_this_level() -> None:
    stranger = make_organisation("budget_unit", name="乙县中学", tenant_code=B)
    for organisation_id in (stranger.pk, 10**9):
        with pytest.raises(InvalidInput):
            make_unit(A, organisation_id=organisation_id)


def test_every_write_is_one_journal_row(lines: tuple[int, int]) -> None:
    with tenant_selected(A):
        assert list(JournalEntry.objects.order_by("id").values_list("event", flat=True)) == [
            "budgets.unit_created",
            "budgets.line_created",
            "budgets.line_created",
        ]


@pytest.mark.parametrize(
    ("constraint", "sql"),
    [
        ("budget_line_never_overspent", "UPDATE budgets_budgetline SET frozen = total, spent = 0.01"),
        ("budget_line_frozen_is_money", "UPDATE budgets_budgetline SET frozen = -1"),
        ("budget_line_frozen_is_money", "UPDATE budgets_budgetline SET frozen = 'NaN', total = 'NaN'"),
    ],
)
def test_the_table_refuses_raw_balances(lines: tuple[int, int], constraint: str, sql: str) -> None:
    with tenant_selected(A), connections["tenant"].cursor() as cursor, pytest.raises(IntegrityError, match=constraint):
        cursor.execute(sql)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("budget_entry_amount_is_positive_money", "'allot', 0, NULL, NULL"),
        ("budget_entry_amount_is_positive_money", "'allot', 'NaN', NULL, NULL"),
        ("budget_entry_resolves_a_freeze", "'spend', 1, 1, NULL"),
        ("budget_entry_of_an_order_names_it", "'freeze', 1, NULL, NULL"),
        ("budget_entry_of_an_order_names_it", "'allot', 1, 1, NULL"),
    ],
)
def test_the_table_refuses_raw_entries(lines: tuple[int, int], constraint: str, values: str) -> None:
    with tenant_selected(A), connections["tenant"].cursor() as cursor, pytest.raises(IntegrityError, match=constraint):
        cursor.execute(
            "INSERT INTO budgets_budgetentry (line_id, kind, amount, order_id, resolves_id, reason, actor_name, at) "
            f"VALUES ({lines[0]}, {values}, '', '', now())"
        )


def test_entries_are_append_only_for_the_login(lines: tuple[int, int]) -> None:
    with tenant_selected(A):
        for sql in ("UPDATE budgets_budgetentry SET amount = 1", "DELETE FROM budgets_budgetentry"):
            with connections["tenant"].cursor() as cursor, pytest.raises(ProgrammingError):
                cursor.execute(sql)


def test_a_part_of_a_freeze_is_given_back_and_the_rest_is_spent() -> None:
    unit = make_unit(A, code="071")
    lines = [make_line(A, unit.pk, total="100.00", plan_number=f"JH-T{index}").pk for index in range(2)]
    with tenant_selected(A):
        with tenant_atomic():
            services.freeze(
                actor=SYSTEM, order_id=77, claims={lines[0]: Decimal("60.00"), lines[1]: Decimal("5.00")}, now=utc_now()
            )
        for amounts in ({lines[0]: Decimal("60.01")}, {lines[0] + 1000: Decimal("0.01")}):
            with pytest.raises(services.NothingFrozen), tenant_atomic():
                services.release_part(actor=SYSTEM, order_id=77, amounts=amounts, now=utc_now())
        with tenant_atomic():
            given = services.release_part(
                actor=SYSTEM,
                order_id=77,
                amounts={lines[0]: Decimal("20.01"), lines[1]: Decimal("5.00")},
                now=utc_now(),
            )
        assert given == Decimal("25.01")
        with pytest.raises(services.NothingFrozen), tenant_atomic():
            services.release_part(actor=SYSTEM, order_id=77, amounts={lines[1]: Decimal("0.01")}, now=utc_now())
        with tenant_atomic():
            assert services.spend(actor=SYSTEM, order_id=77, now=utc_now()) == Decimal("39.99")
        first, second = BudgetLine.objects.filter(pk__in=lines).order_by("pk")
        assert (first.frozen, first.spent, second.frozen, second.spent) == (0, Decimal("39.99"), 0, 0)
        assert all(statement(actor=bureau_of(A), line_id=line).adds_up for line in lines)

"""Reading the ledger of the year, exception documents and shares, starting from the actor where a person asks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum

from kernel.actor import Actor
from kernel.money import ZERO
from kernel.problems import NotFound
from shared_apps.classification.rules import kind_of
from shared_apps.rulebook import rules as r
from shared_apps.rulebook.committed import Committed, CommittedSum, Excepted, Scope, stem_of
from shared_apps.rulebook.deciding_policies import percent_of, sum_state
from shared_apps.rulebook.rules import RuleSet
from tenant_apps.budgets.rules import UnitView
from tenant_apps.budgets.selectors import units_of
from tenant_apps.commitments.models import LedgerRow, ReliefDeclaration, ReliefPurchase, SplitException
from tenant_apps.commitments.rules import ExceptionState

ORDERS_MAX = 200
# The rules that add up, each with the rule whose amount is its limit.
LIMITS = {r.R_SPLIT_TENDER: r.R_OPEN_TENDER, r.R_SPLIT_DECENTRALISED: r.R_DECENTRALISED}


def unit_of(*, actor: Actor, unit_id: int | None) -> UnitView | None:
    """The unit asked for, or the actor's first; None without units. Raises NotFound for a stranger's."""
    units = {unit.id: unit for unit in units_of(actor)}
    if unit_id is None:
        return next(iter(units.values()), None)
    if unit_id not in units:
        raise NotFound(unit_id=unit_id)
    return units[unit_id]


@dataclass(frozen=True, slots=True)
class Against:
    """A sum beside one limit."""

    rule: str
    limit: Decimal
    percent: Decimal
    state: str
    is_demo: bool


@dataclass(frozen=True, slots=True)
class SumRow:
    """What is committed of a budget item for one item code or class, beside both limits."""

    budget_item: str
    scope: Scope
    code: str
    amount: Decimal
    tender: Against | None
    mall: Against | None
    exception: Excepted | None

    @property
    def gravity(self) -> int:
        order = ("over", "excepted", "near", "inside")
        return min((order.index(one.state) for one in (self.tender, self.mall) if one is not None), default=3)


def sums(*, unit_id: int, fiscal_year: int, rules: RuleSet) -> list[SumRow]:
    """Every sum of a unit's year, the gravest first. Two statements."""
    items = {
        (budget_item, code): amount
        for budget_item, code, amount in LedgerRow.objects.filter(
            unit_id=unit_id, fiscal_year=fiscal_year, order_id=0, month=0, amount__gt=0
        )
        .exclude(item_code="")
        .values_list("budget_item", "item_code", "amount")
    }
    committed = Committed(unit_id, fiscal_year, items, dict.fromkeys(items, ZERO), accepted(unit_id, fiscal_year))
    split = rules.get(r.R_SPLIT_TENDER)
    level = int(split.parameters.get("class_level", 0)) if split else 0
    rows = [
        SumRow(
            budget_item=one.budget_item,
            scope=one.scope,
            code=one.code,
            amount=one.after,
            tender=_against(one, r.R_SPLIT_TENDER, rules),
            mall=_against(one, r.R_SPLIT_DECENTRALISED, rules),
            exception=one.exception,
        )
        for one in committed.sums(class_level=level)
    ]
    return sorted(rows, key=lambda row: (row.gravity, row.budget_item, stem_of(row.code), row.code))


def _against(one: CommittedSum, code: str, rules: RuleSet) -> Against | None:
    kind = kind_of(one.code)
    split, limit = rules.get(code, kind), rules.get(LIMITS[code], kind)
    if split is None or limit is None or limit.amount is None:
        return None
    percent = Decimal(str(split.parameters.get("warn_percent", 80)))
    inclusive = limit.inclusive or code == r.R_SPLIT_TENDER
    return Against(
        rule=code,
        limit=limit.amount,
        percent=percent_of(one.after, limit.amount),
        state=sum_state(one, limit=limit.amount, inclusive=inclusive, warn_percent=percent),
        is_demo=limit.is_demo,
    )


def accepted(unit_id: int, fiscal_year: int) -> tuple[Excepted, ...]:
    rows = SplitException.objects.filter(unit_id=unit_id, fiscal_year=fiscal_year, state=ExceptionState.ACCEPTED)
    return tuple(Excepted(row.budget_item, row.code, row.up_to, row.document_number) for row in rows.order_by("id"))


@dataclass(frozen=True, slots=True)
class SummedOrder:
    """One order with what it holds of a sum now."""

    order_id: int
    budget_item: str
    item_code: str
    amount: Decimal
    on: date


def orders_of_sums(*, unit_id: int, fiscal_year: int, budget_items: Collection[str]) -> list[SummedOrder]:
    """The orders that the sums of some budget items are made of, newest first. One statement."""
    rows = LedgerRow.objects.filter(
        unit_id=unit_id, fiscal_year=fiscal_year, order_id__gt=0, budget_item__in=list(budget_items), amount__gt=0
    ).order_by("-order_id", "budget_item", "item_code")[:ORDERS_MAX]
    return [SummedOrder(row.order_id, row.budget_item, row.item_code, row.amount, row.since) for row in rows]


def within(orders: Collection[SummedOrder], *, budget_item: str, code: str) -> list[SummedOrder]:
    """Those of them that a sum adds up."""
    stem = stem_of(code)
    return [one for one in orders if one.budget_item == budget_item and one.item_code.startswith(stem)]


# -- exception documents ---------------------------------------------------------------------------------------------
def exceptions(*, actor: Actor, state: str = "", unit_id: int | None = None) -> QuerySet[SplitException]:
    """Documents of the units the actor reads, newest first."""
    own = {unit.id for unit in units_of(actor)}
    rows = SplitException.objects.filter(unit_id__in=own).order_by("-id")
    if unit_id is not None:
        rows = rows.filter(unit_id=unit_id)
    return rows.filter(state=state) if state else rows


def exception(*, actor: Actor, exception_id: int) -> SplitException:
    """Raises NotFound for strangers."""
    row = exceptions(actor=actor).filter(pk=exception_id).first()
    if row is None:
        raise NotFound(exception_id=exception_id)
    return row


# -- shares ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ShareRow:
    """What one unit, or all of them in one month, committed, and how much of it serves the policies."""

    total: Decimal = ZERO
    sme: Decimal = ZERO
    small: Decimal = ZERO
    green_due: Decimal = ZERO
    green: Decimal = ZERO
    has_canteen: bool | None = None
    food_planned: Decimal = ZERO
    relief: Decimal = ZERO
    unit: UnitView | None = None
    month: int | None = None

    @property
    def sme_percent(self) -> Decimal:
        return percent_of(self.sme, self.total)

    @property
    def small_percent(self) -> Decimal:
        return percent_of(self.small, self.sme)

    @property
    def green_percent(self) -> Decimal:
        return percent_of(self.green, self.green_due)

    @property
    def relief_percent(self) -> Decimal:
        return percent_of(self.relief, self.food_planned)


_NOTHING = (ZERO,) * 5
_SHARES = ("amount", "sme", "small", "green_due", "green")


def shares_by_unit(*, actor: Actor, fiscal_year: int) -> list[ShareRow]:
    """Each unit the actor reads with its shares of a year. Four statements."""
    units = units_of(actor)
    ids = [unit.id for unit in units]
    sums = _summed(ids, fiscal_year, "unit_id")
    declared = {row.unit_id: row for row in ReliefDeclaration.objects.filter(unit_id__in=ids, fiscal_year=fiscal_year)}
    bought = relief_bought(unit_ids=ids, fiscal_year=fiscal_year)
    rows = []
    for unit in units:
        food = declared.get(unit.id)
        rows.append(
            _share_row(
                sums.get(unit.id, _NOTHING),
                has_canteen=food.has_canteen if food else None,
                food_planned=food.food_planned if food else ZERO,
                relief=bought.get(unit.id, ZERO),
                unit=unit,
            )
        )
    return rows


def shares_by_month(*, unit_ids: Collection[int], fiscal_year: int) -> list[ShareRow]:
    """The units' shares month by month, only months with orders. One statement."""
    sums = _summed(unit_ids, fiscal_year, "month")
    return [_share_row(amounts, month=month) for month, amounts in sorted(sums.items()) if amounts[0]]


def _share_row(amounts: tuple[Decimal, ...], **more: Any) -> ShareRow:
    total, sme, small, green_due, green = amounts
    return ShareRow(total=total, sme=sme, small=small, green_due=green_due, green=green, **more)


def _summed(unit_ids: Collection[int], fiscal_year: int, by: str) -> dict[int, tuple[Decimal, ...]]:
    rows = (
        LedgerRow.objects.filter(unit_id__in=list(unit_ids), fiscal_year=fiscal_year, order_id=0, month__gt=0)
        .values(by)
        .annotate(**{f"sum_{name}": Sum(name) for name in _SHARES})
    )
    return {row[by]: tuple(row[f"sum_{name}"] for name in _SHARES) for row in rows}


def relief_bought(*, unit_ids: Collection[int], fiscal_year: int) -> Mapping[int, Decimal]:
    rows = ReliefPurchase.objects.filter(unit_id__in=list(unit_ids), fiscal_year=fiscal_year, taken_back_at=None)
    return {row["unit_id"]: row["bought"] for row in rows.values("unit_id").annotate(bought=Sum("amount"))}


def years() -> list[int]:
    """Years with anything in them, newest first."""
    found = LedgerRow.objects.values_list("fiscal_year", flat=True).union(
        ReliefDeclaration.objects.values_list("fiscal_year", flat=True)
    )
    return sorted(set(found), reverse=True)


def food_of(*, unit_id: int, fiscal_year: int) -> tuple[ReliefDeclaration | None, list[ReliefPurchase]]:
    """A unit's declaration of a year and what it reported, newest first. Two statements."""
    declared = ReliefDeclaration.objects.filter(unit_id=unit_id, fiscal_year=fiscal_year).first()
    bought = ReliefPurchase.objects.filter(unit_id=unit_id, fiscal_year=fiscal_year).order_by("-bought_on", "-id")
    return declared, list(bought)

"""Reading scores, a supplier's own orders, appeals and formulas."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import cast

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import OrderBy

from kernel.actor import Actor
from kernel.clock import SHANGHAI, local_date
from kernel.posts import Post
from kernel.problems import NotFound
from shared_apps.scores.formulas import formula_of, formula_on, formula_version
from shared_apps.scores.models import OrderOutcome, ScoreAppeal, ScoreFormula, SupplierScore
from shared_apps.scores.reach import own_supplier_ids, own_suppliers
from shared_apps.scores.rules import (
    PROPOSAL,
    AppealState,
    Counts,
    Formula,
    FormulaState,
    Outcome,
    Part,
    appeal_until,
    window_from,
)
from shared_apps.suppliers.selectors import SupplierView, public_supplier

PAGE_SIZE = 50
EXPORT_ROWS_MAX = 20_000
SORTS: dict[str, tuple[str | OrderBy, ...]] = {
    "-score": (F("score").desc(nulls_last=True), "supplier_id"),
    "score": (F("score").asc(nulls_last=True), "supplier_id"),
    "-answered": ("-answered", "supplier_id"),
    "-expired": ("-expired", "-declined", "supplier_id"),
    "-refused": ("-refused", "supplier_id"),
    "name": ("supplier_name", "supplier_id"),
}


@dataclass(frozen=True, slots=True)
class PartView:
    """One part of a score: `bad` of `of` orders, and its weight."""

    part: str
    bad: int
    of: int
    weight: int


@dataclass(frozen=True, slots=True)
class ScoreView:
    """A supplier's score with what it is made of. `score` is None for too few orders."""

    supplier_id: int
    supplier_code: str
    supplier_name: str
    score: Decimal | None
    answered: int
    orders_min: int
    parts: tuple[PartView, ...]
    formula_version: int
    formula_name: str
    is_proposal: bool
    window_from: date
    computed_at: datetime | None


@dataclass(frozen=True, slots=True)
class CountedOrder:
    """One of a supplier's own orders as the score counts it."""

    id: int
    order_number: str
    unit_name: str
    answered_at: datetime
    answer: str
    goods: str
    bad_parts: tuple[str, ...]
    appeal_id: int | None
    appeal_state: str
    appeal_until: date | None
    may_appeal: bool


@dataclass(frozen=True, slots=True)
class AppealView:
    id: int
    supplier_id: int
    supplier_name: str
    order_number: str
    order: CountedOrder | None
    reason: str
    file: str
    file_name: str
    state: str
    filed_by_name: str
    filed_at: datetime
    due_on: date
    decided_at: datetime | None
    decided_by_name: str
    decision_reason: str


@dataclass(frozen=True, slots=True)
class FormulaView:
    formula: Formula
    state: str
    entered_by_name: str
    entered_at: datetime | None
    verified_by_name: str
    verified_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_reason: str


def _score_view(row: SupplierScore, formula: Formula) -> ScoreView:
    counts = Counts(row.answered, row.declined, row.expired, row.judged, row.refused)
    return ScoreView(
        supplier_id=row.supplier_id,
        supplier_code=row.supplier_code,
        supplier_name=row.supplier_name,
        score=row.score,
        answered=row.answered,
        orders_min=formula.orders_min,
        parts=tuple(
            PartView(part.value, *counts.of(part), formula.weights[part]) for part in Part if part in formula.weights
        ),
        formula_version=formula.version,
        formula_name=formula.name,
        is_proposal=formula.is_proposal,
        window_from=row.window_from,
        computed_at=row.computed_at,
    )


def score_of(*, supplier_id: int, now: datetime) -> ScoreView:
    """One supplier's score; one without counted orders has no row and no score. At most two statements."""
    row = SupplierScore.objects.filter(supplier_id=supplier_id).first()
    if row is not None:
        return _score_view(row, formula_version(version=row.formula_version))
    formula = formula_on(day=local_date(now))
    empty = SupplierScore(
        supplier_id=supplier_id,
        answered=0,
        declined=0,
        expired=0,
        judged=0,
        refused=0,
        window_from=window_from(formula=formula, now=now),
    )
    return _score_view(empty, formula)


def public_score(*, supplier_id: int, now: datetime) -> ScoreView:
    """The same for everybody who asks. Raises NotFound for a supplier that is not in the library."""
    public_supplier(supplier_id=supplier_id)
    return score_of(supplier_id=supplier_id, now=now)


def _found(*, text: str, sort: str, scored: bool) -> QuerySet[SupplierScore]:
    rows = SupplierScore.objects.all()
    if text:
        rows = rows.filter(Q(supplier_name__icontains=text) | Q(supplier_code=text.upper()))
    if scored:
        rows = rows.filter(score__isnull=False)
    return rows.order_by(*SORTS[sort])


def scores(
    *, text: str = "", sort: str = "-score", scored: bool = False, page: int = 1
) -> tuple[tuple[ScoreView, ...], int]:
    """A page of the list and how many suppliers it has in all. Three statements."""
    rows = _found(text=text, sort=sort, scored=scored)
    start = (page - 1) * PAGE_SIZE
    return _views(rows[start : start + PAGE_SIZE]), rows.count()


def score_rows(*, text: str = "", sort: str = "-score", scored: bool = False) -> Iterator[ScoreView]:
    """The same, whole, for the table to download. Two statements."""
    yield from _views(_found(text=text, sort=sort, scored=scored)[:EXPORT_ROWS_MAX])


def _views(rows: QuerySet[SupplierScore]) -> tuple[ScoreView, ...]:
    formulas = {0: PROPOSAL, **{row.version: formula_of(row) for row in ScoreFormula.objects.all()}}
    return tuple(_score_view(row, formulas[row.formula_version]) for row in rows)


def own_supplier(*, actor: Actor, supplier_id: int | None = None) -> SupplierView:
    """The supplier that the person acts for, the first of them when none is named. Raises NotFound."""
    for supplier in own_suppliers(actor):
        if supplier_id in {None, supplier.id}:
            return supplier
    raise NotFound(supplier=supplier_id)


def counted_orders(
    *, supplier_id: int, now: datetime, part: str = "", page: int = 1
) -> tuple[tuple[CountedOrder, ...], bool]:
    """The orders of the window, newest first, and whether there are more. Three statements.

    Only for those who act for the supplier: own orders, with the buying unit that placed them.
    """
    formula = formula_on(day=local_date(now))
    since = datetime.combine(window_from(formula=formula, now=now), time.min, tzinfo=SHANGHAI)
    rows = OrderOutcome.objects.filter(supplier_id=supplier_id, answered_at__gte=since)
    if part:
        rows = rows.filter(**{f"{Part(part).value}_at__isnull": False})
    start = (page - 1) * PAGE_SIZE
    found = list(rows.order_by("-answered_at", "-id")[start : start + PAGE_SIZE + 1])
    appeals = _appeals_against(found[:PAGE_SIZE])
    today = local_date(now)
    shown = (_order_view(row, appeals, formula, today) for row in found[:PAGE_SIZE])
    return tuple(shown), len(found) > PAGE_SIZE


def counted_order(*, actor: Actor, outcome_id: int, now: datetime) -> CountedOrder:
    """One of the actor's supplier's orders. Raises NotFound."""
    row = OrderOutcome.objects.filter(pk=outcome_id, supplier_id__in=own_supplier_ids(actor)).first()
    if row is None or row.answered_at is None:
        raise NotFound(order=outcome_id)
    return _order_view(row, _appeals_against([row]), formula_on(day=local_date(now)), local_date(now))


def _appeals_against(rows: Collection[OrderOutcome]) -> dict[tuple[str, int], ScoreAppeal]:
    keys = {(row.tenant_code, row.order_id) for row in rows}
    found = ScoreAppeal.objects.filter(order_id__in=[key for _code, key in keys]).exclude(state=AppealState.WITHDRAWN)
    return {(one.tenant_code, one.order_id): one for one in found if (one.tenant_code, one.order_id) in keys}


def _order_view(
    row: OrderOutcome, appeals: dict[tuple[str, int], ScoreAppeal], formula: Formula, today: date
) -> CountedOrder:
    outcome = Outcome(row.accepted_at, row.declined_at, row.expired_at, row.received_at, row.refused_at)
    until = appeal_until(outcome=outcome, formula=formula)
    appeal = appeals.get((row.tenant_code, row.order_id))
    answers = ("accepted", "declined", "expired")
    goods = "refused" if row.refused_at else "received" if row.received_at else ""
    return CountedOrder(
        id=row.pk,
        order_number=row.order_number,
        unit_name=row.unit_name,
        answered_at=cast(datetime, row.answered_at),
        answer=next(name for name in answers if getattr(row, f"{name}_at") is not None),
        goods=goods,
        bad_parts=tuple(part.value for part in outcome.bad_parts),
        appeal_id=appeal.pk if appeal else None,
        appeal_state=appeal.state if appeal else "",
        appeal_until=until,
        may_appeal=appeal is None and until is not None and today <= until,
    )


def _visible_appeals(actor: Actor) -> QuerySet[ScoreAppeal]:
    """All of them for who decides, else the own supplier's."""
    rows = ScoreAppeal.objects.all()
    return rows if actor.has(Post.REGION_SUPERVISOR) else rows.filter(supplier_id__in=own_supplier_ids(actor))


def appeals(*, actor: Actor, state: str = "", page: int = 1) -> tuple[AppealView, ...]:
    """Those that wait first, by their day. Without the orders."""
    rows = _visible_appeals(actor)
    if state:
        rows = rows.filter(state=state)
    start = (page - 1) * PAGE_SIZE
    waiting = Case(When(state=AppealState.FILED, then=Value(0)), default=Value(1), output_field=IntegerField())
    ordered = rows.order_by(waiting, "due_on", "-id")
    return tuple(_appeal_view(row, None) for row in ordered[start : start + PAGE_SIZE])


def appeal(*, actor: Actor, appeal_id: int, now: datetime) -> AppealView:
    """Raises NotFound, also for another supplier's."""
    row = _visible_appeals(actor).filter(pk=appeal_id).first()
    if row is None:
        raise NotFound(appeal=appeal_id)
    order = OrderOutcome.objects.filter(
        tenant_code=row.tenant_code, order_id=row.order_id, order_number=row.order_number, answered_at__isnull=False
    ).first()
    shown = (
        _order_view(order, {(row.tenant_code, row.order_id): row}, formula_on(day=local_date(now)), local_date(now))
        if order
        else None
    )
    return _appeal_view(row, shown)


def _appeal_view(row: ScoreAppeal, order: CountedOrder | None) -> AppealView:
    return AppealView(
        order=order,
        **{name: getattr(row, name) for name in AppealView.__slots__ if name != "order"},
    )


def formulas() -> tuple[FormulaView, ...]:
    """Every version, the newest first, and the proposal that ships at the end."""
    rows = [_formula_view(row) for row in ScoreFormula.objects.order_by("-version")]
    return (*rows, FormulaView(PROPOSAL, FormulaState.PROPOSAL, "", None, "", None, None, ""))


def formula(*, version: int) -> FormulaView:
    """Raises NotFound."""
    for one in formulas():
        if one.formula.version == version:
            return one
    raise NotFound(formula=version)


def current_formula(*, now: datetime) -> Formula:
    return formula_on(day=local_date(now))


def _formula_view(row: ScoreFormula) -> FormulaView:
    state = FormulaState.ENTERED
    if row.withdrawn_at:
        state = FormulaState.WITHDRAWN
    elif row.verified_at:
        state = FormulaState.VERIFIED
    return FormulaView(
        formula_of(row),
        state,
        row.entered_by_name,
        row.entered_at,
        row.verified_by_name,
        row.verified_at,
        row.withdrawn_at,
        row.withdrawn_reason,
    )

"""Reading evaluations and indicators, always starting from the actor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from kernel.actor import Actor
from kernel.problems import NotFound
from tenant_apps.evaluations.models import Evaluation, IndicatorSet
from tenant_apps.evaluations.rules import PROPOSED, Side
from tenant_apps.orders.permissions import reads_all
from tenant_apps.orders.selectors import order_for
from tenant_apps.orders.services import evaluating

if TYPE_CHECKING:
    from tenant_apps.orders.models import Order

PAGE_SIZE = 50
EXPORT_ROWS_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Indicators:
    """What one side rates by; `decided` None: the proposal that ships."""

    side: Side
    names: tuple[str, ...]
    decided: IndicatorSet | None


@dataclass(frozen=True, slots=True)
class OrderEvaluations:
    """Both sides' ratings of one order as this reader may see them.

    A party sees the other's rating once it has given its own, or once the days are over: no mark answers a mark.
    """

    side: str
    until: datetime | None
    may_rate: bool
    given: Sequence[Evaluation]
    hidden: bool
    missing: Sequence[str]


@dataclass(frozen=True, slots=True)
class EvaluationList:
    evaluations: Sequence[Evaluation]
    next_after: int | None


def indicators(*, side: Side) -> Indicators:
    """The last set decided, or the proposal. One statement."""
    row = IndicatorSet.objects.filter(side=side).order_by("-id").first()
    return Indicators(side, tuple(row.names) if row else PROPOSED[side], row)


def all_indicators() -> list[Indicators]:
    """Of both sides. One statement."""
    last = {row.side: row for row in IndicatorSet.objects.order_by("side", "-id").distinct("side")}
    return [
        Indicators(side, tuple(last[side].names) if side in last else PROPOSED[side], last.get(side)) for side in Side
    ]


def evaluations_for(*, actor: Actor, order_id: int, now: datetime) -> OrderEvaluations:
    """Raises NotFound. Two statements."""
    return of_order(actor=actor, order=order_for(actor=actor, order_id=order_id), now=now)


def of_order(*, actor: Actor, order: Order, now: datetime) -> OrderEvaluations:
    """One statement; the caller has reached the order."""
    rows = list(Evaluation.objects.filter(order_id=order.pk).order_by("id"))
    side = evaluating.side_of(actor=actor, order=order)
    given = {row.side for row in rows}
    is_open = evaluating.is_open(order=order, now=now)
    shown = [row for row in rows if reads_all(actor) or not is_open or row.side == side or side in given]
    return OrderEvaluations(
        side=side,
        until=evaluating.rated_until(order),
        may_rate=bool(side) and is_open and side not in given,
        given=shown,
        hidden=len(shown) < len(rows),
        missing=[one.value for one in Side if one.value not in given],
    )


def evaluations(*, actor: Actor, side: str = "", search: str = "", after: int | None = None) -> EvaluationList:
    """All of the mall, newest first, for those who oversee it. One statement. Raises NotFound for others."""
    rows = _found(actor, side, search)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    found = list(rows[: PAGE_SIZE + 1])
    return EvaluationList(found[:PAGE_SIZE], found[PAGE_SIZE - 1].pk if len(found) > PAGE_SIZE else None)


def evaluations_to_export(*, actor: Actor, side: str = "", search: str = "") -> Iterator[Evaluation]:
    """The same list whole, at most EXPORT_ROWS_MAX rows."""
    return iter(_found(actor, side, search)[:EXPORT_ROWS_MAX])


def _found(actor: Actor, side: str, search: str) -> QuerySet[Evaluation]:
    if not reads_all(actor):
        raise NotFound
    rows = Evaluation.objects.order_by("-id")
    if side:
        rows = rows.filter(side=side)
    if search:
        rows = rows.filter(
            Q(order_number__startswith=search.upper())
            | Q(unit_name__icontains=search)
            | Q(supplier_name__icontains=search)
        )
    return rows

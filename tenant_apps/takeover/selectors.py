"""Reading packages, codes and what came of them. The bureau's people read all of their mall."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from kernel.actor import Actor
from kernel.money import ZERO
from kernel.problems import NotFound
from tenant_apps.orders.arrived import funding_sums
from tenant_apps.takeover.models import CodeMapping, TakenOrder, Takeover, TakeoverItem
from tenant_apps.takeover.rules import READERS, TAKEOVER_LIFECYCLE, CodeKind, Outcome

PAGE_SIZE = 50


def _require_reader(actor: Actor) -> None:
    if not actor.posts & READERS:
        raise NotFound


def packages(*, actor: Actor) -> list[Takeover]:
    """The newest packages. One statement."""
    _require_reader(actor)
    rows = Takeover.objects.order_by("-pk").defer("errors", "comparison", "unmapped")
    return list(rows[:PAGE_SIZE])


def package_for(*, actor: Actor, takeover_id: int) -> Takeover:
    """Raises NotFound."""
    _require_reader(actor)
    row = Takeover.objects.filter(pk=takeover_id).first()
    if row is None:
        raise NotFound(takeover_id=takeover_id)
    return row


def actions(*, actor: Actor, row: Takeover) -> frozenset[str]:
    """What the table lets this person do with the package now."""
    return frozenset(move.action for move in TAKEOVER_LIFECYCLE.actions(row.state, set(actor.posts)))


def items_of(*, row: Takeover, outcomes: Sequence[str] = (), most: int = PAGE_SIZE) -> list[TakeoverItem]:
    """Items of a package the caller has reached, in the package's order. One statement."""
    found = TakeoverItem.objects.filter(takeover=row).defer("content")
    if outcomes:
        found = found.filter(outcome__in=outcomes)
    return list(found.order_by("position")[:most])


def all_items(*, row: Takeover) -> Iterator[TakeoverItem]:
    return TakeoverItem.objects.filter(takeover=row).defer("content").order_by("position").iterator(500)


def order_ids(*, row: Takeover) -> dict[str, int]:
    """Our orders of a package by their old numbers. One statement."""
    return dict(TakenOrder.objects.filter(takeover=row).values_list("old_number", "order_id"))


@dataclass(frozen=True, slots=True)
class Arrived:
    """What of a package stands in this mall's own tables, by budget line and state at the takeover."""

    plan_number: str
    state: str
    orders: int
    amount: Decimal


def arrived(*, row: Takeover) -> list[Arrived]:
    """The sums of what was taken over, from the orders' own fundings. Two statements."""
    states = dict(
        TakeoverItem.objects.filter(takeover=row, kind="order", outcome=Outcome.DONE).values_list("key", "state")
    )
    ids = {order_id: states[number] for number, order_id in order_ids(row=row).items() if number in states}
    sums: dict[tuple[str, str], tuple[int, Decimal]] = {}
    for order_id, plan, amount in funding_sums(order_ids=list(ids)):
        count, before = sums.get((plan, ids[order_id]), (0, ZERO))
        sums[plan, ids[order_id]] = (count + 1, before + amount)
    return [Arrived(plan, state, count, amount) for (plan, state), (count, amount) in sorted(sums.items())]


@dataclass(frozen=True, slots=True)
class CodeList:
    codes: Sequence[CodeMapping]
    next_after: int | None


def codes(*, actor: Actor, kind: str = "", search: str = "", after: int | None = None) -> CodeList:
    """Codes mapped so far, newest first. One statement."""
    _require_reader(actor)
    rows = CodeMapping.objects.order_by("-pk")
    if kind:
        rows = rows.filter(kind=kind)
    if search:
        rows = rows.filter(
            Q(old_code__icontains=search) | Q(our_code__icontains=search) | Q(our_name__icontains=search)
        )
    if after is not None:
        rows = rows.filter(pk__lt=after)
    found = list(rows[: PAGE_SIZE + 1])
    return CodeList(found[:PAGE_SIZE], found[PAGE_SIZE - 1].pk if len(found) > PAGE_SIZE else None)


def code_of(*, actor: Actor, kind: CodeKind, old_code: str) -> CodeMapping | None:
    _require_reader(actor)
    return CodeMapping.objects.filter(kind=kind, old_code=old_code).first()

"""Reading and writing what became of an order's lines. The caller holds the order's lock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from kernel.problems import Conflict, InvalidInput
from tenant_apps.orders.models import COUNTS, AcceptanceCertificate, LineProgress, Order, OrderLine, Shipment
from tenant_apps.orders.quantities import LineQuantities


class NothingToInspect(Conflict):
    code = "nothing-to-inspect"
    title = _("No shipment of this order waits for inspection")


@dataclass(frozen=True, slots=True)
class Counted:
    """An order line with its counts."""

    line: OrderLine
    quantities: LineQuantities


Lines = dict[int, Counted]


def counted_lines(order: Order) -> Lines:
    """The order's lines by position, with their counts. One statement."""
    rows = OrderLine.objects.filter(order_id=order.pk).select_related("progress").order_by("position")
    return {line.position: Counted(line, line.counts) for line in rows}


def write_counts(lines: Lines, changed: Mapping[int, LineQuantities]) -> Lines:
    """Keeps the new counts of these lines, by position; gives all lines as they are then. One statement."""
    LineProgress.objects.bulk_create(
        [
            LineProgress(
                order_line=lines[position].line,
                ordered=counts.ordered,
                **{name: getattr(counts, name) for name in COUNTS},
            )
            for position, counts in sorted(changed.items())
        ],
        update_conflicts=True,
        unique_fields=["order_line"],
        update_fields=COUNTS,
    )
    return lines | {position: Counted(lines[position].line, counts) for position, counts in changed.items()}


def waiting_shipments(order: Order) -> QuerySet[Shipment]:
    """Shipments without a finding, oldest first."""
    judged = AcceptanceCertificate.objects.filter(shipment_id=OuterRef("pk"))
    return Shipment.objects.filter(~Exists(judged), order_id=order.pk).order_by("id")


def shipment_to_inspect(order: Order, shipment_id: int | None) -> tuple[Shipment, bool]:
    """The shipment asked for, or the oldest that waits; and whether another waits beside it. One statement.

    Raises NothingToInspect, also for a shipment of another order or one that was judged.
    """
    waiting = list(waiting_shipments(order))
    chosen = next((row for row in waiting if shipment_id in {None, row.pk}), None)
    if chosen is None:
        raise NothingToInspect(order_id=order.pk)
    return chosen, len(waiting) > 1


def wrong_lines(errors: Iterable[str]) -> InvalidInput:
    return InvalidInput(errors={"lines": list(errors)})

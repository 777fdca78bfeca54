"""The lines of a statement: the month's use, what its tariff adds or takes, and what earlier months cost otherwise now.

Pure. The same function makes a statement when it is priced and makes it again when it is checked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kernel.money import ZERO
from shared_apps.fees.rules.pricing import Bill, Tariff, price_month
from shared_apps.fees.rules.quantities import MonthQuantity
from shared_apps.fees.rules.states import LineKind

# What is charged: the kind of line, and its item (a meter, a bundle, a level).
Item = tuple[str, str]


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A line before it has a place in a statement."""

    kind: LineKind
    item: str
    for_month: date
    amount: Decimal
    corrects: str = ""
    quantity: Decimal | None = None
    opening: Decimal | None = None
    free: Decimal | None = None
    billable: Decimal | None = None
    event_count: int = 0
    dispute_id: int | None = None


@dataclass(frozen=True, slots=True)
class Month:
    """What a month costs by what is known: its quantities, the tariff it is priced by, the mall's level in it."""

    quantities: Mapping[str, MonthQuantity]
    tariff: Tariff | None
    level: str

    def bill(self) -> Bill:
        return price_month(
            quantities={meter: one.quantity for meter, one in self.quantities.items()},
            tariff=self.tariff,
            level=self.level,
        )


@dataclass(frozen=True, slots=True)
class Credit:
    """What an upheld dispute takes off the next statement: of which line, and how much."""

    dispute_id: int
    item: str
    corrects: str
    for_month: date
    amount: Decimal


def compose(
    *,
    month: date,
    months: Mapping[date, Month],
    named: Mapping[tuple[str, date], int],
    charged: Mapping[date, Mapping[Item, Decimal]],
    credits_due: Sequence[Credit],
) -> list[DraftLine]:
    """The lines in their order. Their sum is what all months in `months` cost now, less what was charged, less credits.

    `months` are the statement's and those before it of which something is known otherwise; `named` how many uses
    the statement names of each meter and month; `charged` what earlier statements charged for each month.
    """
    lines = _of_month(month, months[month], named)
    for earlier in sorted(months):
        if earlier != month:
            lines += _corrections(earlier, months[earlier], named, charged.get(earlier, {}))
    lines += [
        DraftLine(
            LineKind.CREDIT, one.item, one.for_month, -one.amount, corrects=one.corrects, dispute_id=one.dispute_id
        )
        for one in sorted(credits_due, key=lambda one: one.dispute_id)
    ]
    return lines


def _of_month(month: date, found: Month, named: Mapping[tuple[str, date], int]) -> list[DraftLine]:
    bill = found.bill()
    lines = []
    for charge in bill.charges:
        quantity = found.quantities.get(charge.meter)
        events = named.get((charge.meter, month), 0)
        # A meter that the tariff prices and nobody used is no line, unless it costs something all the same.
        if quantity is None and not events and not charge.amount:
            continue
        lines.append(
            DraftLine(
                LineKind.USE,
                charge.meter,
                month,
                charge.amount or ZERO,
                quantity=charge.quantity,
                opening=quantity.opening if quantity else None,
                free=charge.free,
                billable=charge.billable,
                event_count=events,
            )
        )
    # Uses that add up to nothing (a level raised and lowered at once) are named all the same.
    there = {line.item for line in lines}
    lines += [
        DraftLine(LineKind.USE, meter, month, ZERO, quantity=Decimal(0), event_count=events)
        for (meter, of), events in sorted(named.items())
        if of == month and meter not in there
    ]
    lines += [
        DraftLine(one.kind, one.item, month, one.amount) for one in bill.adjustments if one.amount
    ]  # fmt: skip
    return lines


def _corrections(
    month: date, found: Month, named: Mapping[tuple[str, date], int], charged: Mapping[Item, Decimal]
) -> list[DraftLine]:
    """One line a difference; a use that changes no amount has its line as well."""
    bill = found.bill()
    charges = {charge.meter: charge for charge in bill.charges}
    wanted: dict[Item, Decimal] = {(LineKind.USE, charge.meter): charge.amount or ZERO for charge in bill.charges}
    for one in bill.adjustments:
        wanted[(one.kind, one.item)] = wanted.get((one.kind, one.item), ZERO) + one.amount
    touched: set[Item] = {(LineKind.USE, meter) for (meter, of) in named if of == month}
    order = {kind: place for place, kind in enumerate(LineKind)}
    lines = []
    for key in sorted({*wanted, *charged, *touched}, key=lambda key: (order[LineKind(key[0])], key[1])):
        difference = wanted.get(key, ZERO) - charged.get(key, ZERO)
        if not difference and key not in touched:
            continue
        kind, item = key
        charge = charges.get(item) if kind == LineKind.USE else None
        quantity = found.quantities.get(item) if kind == LineKind.USE else None
        lines.append(
            DraftLine(
                LineKind.CORRECTION,
                item,
                month,
                difference,
                corrects=str(kind),
                quantity=charge.quantity if charge else None,
                opening=quantity.opening if quantity else None,
                free=charge.free if charge else None,
                billable=charge.billable if charge else None,
                event_count=named.get((item, month), 0) if kind == LineKind.USE else 0,
            )
        )
    return lines

"""What is counted of a mall's use, declared as data by the apps whose journal events count.

An app registers a meter at start; metering, statements, tariffs and reconciliation take it from here. What an event
adds is data, not code: the relay reads it in Python and reconciliation in SQL, and both give the same figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from kernel.registry import Registry

ANY_EVENT = "*"
# Instead of a fact's name: the mall that used is the event's object, by its code.
OF_OBJECT = "@object"


class Counting(StrEnum):
    """How the uses of a month become its quantity."""

    # Their sum: orders, yuan, messages.
    SUM = "sum"
    # How many different subjects they name: people who worked in the month.
    DISTINCT = "distinct"
    # A level that events raise and lower, by the part of the month it stood: gigabytes kept, modules switched on.
    LEVEL = "level"


@dataclass(frozen=True, slots=True)
class Source:
    """What one journal event adds to a meter.

    `fact` names the fact that holds the quantity; without it an event counts one. `sign` -1 takes off a level.
    `where` are facts that must have these values (as text). `tenant_fact`: the event stands in the region's journal
    and this fact names the mall that used; without it the mall is the journal's own. `moment_fact` names the fact
    that tells when it was used, where that is not when the row was written. Of a meter's sources the first that fits
    an event counts.
    """

    event: str
    fact: str = ""
    sign: int = 1
    where: tuple[tuple[str, str], ...] = ()
    tenant_fact: str = ""
    moment_fact: str = ""

    def quantity(self, facts: Mapping[str, Any]) -> Decimal | None:
        """What the event adds, in the meter's counted units; None when it does not count here."""
        if any(_as_text(facts.get(name)) != value for name, value in self.where):
            return None
        if not self.fact:
            return Decimal(self.sign)
        held = facts.get(self.fact)
        return None if held is None else self.sign * Decimal(str(held))


def _as_text(value: object) -> str | None:
    """As the database's `->>` gives it, so that a condition means the same in both."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Meter:
    """What is counted: the events that count, and how. `label` and `unit` are lazily translated texts.

    `counting` DISTINCT tells people apart by who acted; what no person did does not count. `scale`: counted units in
    one shown and priced unit (10^9 bytes in a gigabyte). `by_day`: a level counts in whole days of the Shanghai
    calendar, the day it began included, the day it ended not; without it, by the microsecond. `shown_facts` is what a
    statement shows of an event beside its quantity.
    """

    code: str
    label: object
    unit: object
    sources: tuple[Source, ...]
    counting: Counting = Counting.SUM
    is_money: bool = False
    scale: Decimal = Decimal(1)
    by_day: bool = False
    shown_facts: tuple[str, ...] = ()


METERS: Registry[Meter] = Registry("meters")


def register_meter(meter: Meter) -> Meter:
    return METERS.register(meter.code, meter)

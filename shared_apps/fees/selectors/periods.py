"""The periods of statements in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shared_apps.fees.models import FeePeriod
from shared_apps.fees.rules.parameters import BOUNDS, Period, Periods


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A figure as it stands; `source` is empty while the proposal holds."""

    name: Period
    value: int
    is_proposal: bool
    source: str
    valid_from: date | None
    entered_by_name: str
    # Entered, and not yet in force.
    coming: tuple[FeePeriod, ...]


def periods(*, on: date) -> Periods:
    """The figures in force on a day. One statement."""
    rows = FeePeriod.objects.filter(valid_from__lte=on).order_by("valid_from", "id").values_list("name", "value")
    return Periods(dict(rows))


def period_rows(*, on: date) -> list[PeriodRow]:
    """Every figure with where it comes from. One statement."""
    entered: dict[str, list[FeePeriod]] = {}
    for row in FeePeriod.objects.order_by("valid_from", "id"):
        entered.setdefault(row.name, []).append(row)
    found = []
    for name, bounds in BOUNDS.items():
        rows = entered.get(name, [])
        holds = next((row for row in reversed(rows) if row.valid_from <= on), None)
        found.append(
            PeriodRow(
                name=name,
                value=holds.value if holds else bounds.proposal,
                is_proposal=holds is None,
                source=holds.source if holds else "",
                valid_from=holds.valid_from if holds else None,
                entered_by_name=holds.entered_by_name if holds else "",
                coming=tuple(row for row in rows if row.valid_from > on),
            )
        )
    return found

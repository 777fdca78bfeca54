"""The figures and words in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from shared_apps.listings.models import ParameterValue, WordChange
from shared_apps.listings.rules.parameters import BOUNDS, Parameter, Parameters
from shared_apps.listings.rules.words import SHIPPED_WORDS


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """A figure as it stands; `entered` is empty while the proposal holds."""

    name: Parameter
    value: Decimal
    is_proposal: bool
    source: str
    valid_from: date | None
    entered_by_name: str
    # Entered, and not yet in force.
    coming: tuple[ParameterValue, ...]


@dataclass(frozen=True, slots=True)
class Word:
    word: str
    source: str
    is_shipped: bool
    entered_at: datetime | None
    entered_by_name: str


def parameters(*, on: date) -> Parameters:
    """The figures in force on a day. One statement."""
    rows = ParameterValue.objects.filter(valid_from__lte=on).order_by("valid_from", "id").values_list("name", "value")
    return Parameters(dict(rows))


def parameter_rows(*, on: date) -> list[ParameterRow]:
    """Every figure with where it comes from. One statement."""
    entered: dict[str, list[ParameterValue]] = {}
    for row in ParameterValue.objects.order_by("valid_from", "id"):
        entered.setdefault(row.name, []).append(row)
    found = []
    for name, bounds in BOUNDS.items():
        rows = entered.get(name, [])
        in_force = [row for row in rows if row.valid_from <= on]
        holds = in_force[-1] if in_force else None
        found.append(
            ParameterRow(
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


def words() -> list[Word]:
    """The words searched for: those shipped and those entered, without those taken off. One statement."""
    found = {word: Word(word, source, True, None, "") for word, source in SHIPPED_WORDS}
    for row in WordChange.objects.order_by("id"):
        if row.is_listed:
            found[row.word] = Word(row.word, row.source, False, row.entered_at, row.entered_by_name)
        else:
            found.pop(row.word, None)
    return sorted(found.values(), key=lambda one: one.word)

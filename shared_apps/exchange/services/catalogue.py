"""A supplier's system keeps its offers in step: upsert by its own numbers, some at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.problems import InvalidInput, as_problem
from shared_apps.exchange.columns import Values, read_row
from shared_apps.exchange.kinds.base import Judged
from shared_apps.exchange.kinds.offers import OFFERS
from shared_apps.exchange.rules import Outcome
from tenants.database.context import region_atomic

_RESULTS = {
    Outcome.NEW: "created", Outcome.CHANGED: "updated", Outcome.UNCHANGED: "unchanged", Outcome.WRONG: "refused",
}  # fmt: skip
_NAMES = frozenset(column.name for column in OFFERS.columns)


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one row; `problem` where it was refused."""

    sku: str
    result: str
    for_review: bool = False
    problem: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class SyncResult:
    """Results in the order of the rows, and how many of each."""

    results: tuple[RowResult, ...]

    def count(self, result: str) -> int:
        return sum(1 for one in self.results if one.result == result)

    @property
    def created(self) -> int:
        return self.count("created")

    @property
    def updated(self) -> int:
        return self.count("updated")

    @property
    def unchanged(self) -> int:
        return self.count("unchanged")

    @property
    def refused(self) -> int:
        return self.count("refused")


def sync_catalogue(*, actor: Actor, rows: Sequence[Mapping[str, Any]], now: datetime) -> SyncResult:
    """Stores what is right, and says of every row what became of it. One transaction, one journal row.

    The same number of statements however many rows. Raises NotPermitted.
    """
    scope = OFFERS.scope_of(actor)
    wrong: dict[int, dict[str, list[str]]] = {}
    right: list[tuple[int, Values]] = []
    seen: set[tuple[str, Any]] = set()
    for place, row in enumerate(rows):
        values, errors = _read(row, seen)
        if errors:
            wrong[place] = errors
        else:
            right.append((place, values))
    with region_atomic():
        stored = OFFERS.store(actor=actor, scope=scope, rows=[values for _place, values in right], now=now)
    found = {place: one for (place, _values), one in zip(right, stored, strict=True)}
    return SyncResult(tuple(_result(row, found.get(place), wrong.get(place)) for place, row in enumerate(rows)))


def _read(row: Mapping[str, Any], seen: set[tuple[str, Any]]) -> tuple[Values, dict[str, list[str]]]:
    """The row's values, or what is wrong with which field."""
    errors: dict[str, list[str]] = {name: [_("This field is not known.")] for name in row if name not in _NAMES}
    given: dict[str, str] = {}
    for name in _NAMES & row.keys():
        value = row[name]
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
            errors[name] = [_("Write a text or a number.")]
        else:
            given[name] = str(value)
    if errors:
        return {}, errors
    values, found = read_row(OFFERS.columns, given, number=0)
    for error in found:
        errors.setdefault(error.column, []).append(error.reason)
    if not errors:
        for name in (OFFERS.key, OFFERS.also_once):
            if (name, values[name]) in seen:
                errors[name] = [_("This stands in the call twice.")]
            seen.add((name, values[name]))
    return values, errors


def _result(row: Mapping[str, Any], one: Judged | None, errors: dict[str, list[str]] | None) -> RowResult:
    sku = row.get("sku")
    named = sku[:40] if isinstance(sku, str) else ""
    if one is not None and one.outcome != Outcome.WRONG:
        return RowResult(named, _RESULTS[one.outcome], one.for_review)
    told = errors or ({one.column: [one.reason]} if one is not None else {})
    return RowResult(named, "refused", problem=as_problem(InvalidInput(errors=told)))

"""Entering budget units by the table: judged as a whole first, stored only when every row is right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.posts import Post
from kernel.problems import Conflict, InvalidInput, NotPermitted
from kernel.spreadsheets import CellError, read_checked, read_rows
from tenant_apps.budgets.awaiting import await_units, lock_units
from tenant_apps.budgets.models import AwaitedUnit, BudgetUnit
from tenant_apps.budgets.serializers import UnitRowInput
from tenant_apps.budgets.unit_rows import COLUMNS, Change, Judge, UnitRow, wrong_cell
from tenant_apps.journal.services import record
from tenants.database.context import tenant_atomic

# A transaction that writes for long holds the journal's relay back: long tables are stored in pieces.
CHUNK_ROWS = 500


@dataclass(frozen=True, slots=True)
class ImportView:
    """A table as it would be stored now. `data` is what its sender confirms: texts only."""

    rows: tuple[UnitRow, ...]
    errors: tuple[CellError, ...]
    data: tuple[Mapping[str, str], ...]

    def count(self, change: Change) -> int:
        return sum(1 for row in self.rows if row.change == change)

    @property
    def created(self) -> int:
        return self.count(Change.CREATE)

    @property
    def renamed(self) -> int:
        return self.count(Change.RENAME)

    @property
    def awaited(self) -> int:
        return self.count(Change.AWAIT)

    @property
    def unchanged(self) -> int:
        return self.count(Change.NONE)


class RowsRefused(InvalidInput):
    """At least one row is wrong; nothing is stored. `facts["rows"]` names row, column, value and reason."""

    title = _("Some rows of the table are wrong; nothing was stored")

    def __init__(self, errors: Sequence[CellError]) -> None:
        super().__init__(
            errors={f"rows.{one.row}.{one.column}".rstrip("."): [one.reason] for one in errors},
            rows=[
                {"row": one.row, "column": one.column, "value": one.value, "reason": one.reason} for one in errors[:200]
            ],
            wrong=len(errors),
        )


class UnitsChanged(Conflict):
    """Somebody else entered one of the units in the meantime."""

    code = "budget-units-changed"
    title = _("The units have changed in the meantime, please send the table again")


def preview_file(*, actor: Actor, content: bytes) -> ImportView:
    """What an Excel file would change. Stores nothing. Raises SpreadsheetRefused, NotPermitted."""
    _require_bureau(actor)
    right, errors = read_checked(read_rows(content, columns=COLUMNS), serializer=UnitRowInput, columns=COLUMNS)
    return _judged(right, errors)


def import_units(*, actor: Actor, rows: Sequence[Mapping[str, str]], now: datetime) -> ImportView:
    """Stores rows that were read by `UnitRowInput`, all of them or none; one journal row each 500.

    Rows are numbered from 2, as in the template. Sent again, it changes nothing. Raises RowsRefused, UnitsChanged,
    NotPermitted.
    """
    _require_bureau(actor)
    found = _judged([(number, dict(row)) for number, row in enumerate(rows, start=2)], [])
    if found.errors:
        raise RowsRefused(found.errors)
    changing = [row for row in found.rows if row.change in {Change.CREATE, Change.RENAME}]
    for start in range(0, len(changing), CHUNK_ROWS):
        _store(actor, changing[start : start + CHUNK_ROWS], now)
    waiting = [
        AwaitedUnit(
            code=row.code,
            name=row.name,
            organisation_code=row.organisation_code,
            organisation_name=row.organisation_name,
        )
        for row in found.rows
        if row.change == Change.AWAIT
    ]
    for start in range(0, len(waiting), CHUNK_ROWS):
        await_units(actor=actor, units=waiting[start : start + CHUNK_ROWS], now=now)
    return found


def _judged(rows: Sequence[tuple[int, dict[str, Any]]], errors: Sequence[CellError]) -> ImportView:
    judge = Judge([values for _number, values in rows])
    wrong, seen = list(errors), dict[str, int]()
    right: list[UnitRow] = []
    for number, values in rows:
        code = str(values["code"])
        found: UnitRow | CellError
        if code in seen:
            reason = _("This code stands in row %(row)s already.") % {"row": seen[code]}
            found = wrong_cell(number, "code", code, reason)
        else:
            found = judge.row(number, values)
        if isinstance(found, UnitRow):
            right.append(found)
        else:
            wrong.append(found)
        seen.setdefault(code, number)
    data = tuple({name: str(text) for name, text in values.items() if text} for _number, values in rows)
    return ImportView(tuple(right), tuple(sorted(wrong, key=lambda one: (one.row, one.column))), data)


def _store(actor: Actor, rows: Sequence[UnitRow], now: datetime) -> None:
    """Two writing statements and one journal row, in one transaction."""
    created = [row for row in rows if row.change == Change.CREATE]
    renamed = [row for row in rows if row.change == Change.RENAME]
    try:
        with tenant_atomic():
            lock_units()
            BudgetUnit.objects.bulk_create(
                BudgetUnit(code=row.code, name=row.name, organisation_id=row.organisation_id, created_at=now)
                for row in created
                if row.organisation_id is not None
            )
            AwaitedUnit.objects.filter(code__in=[row.code for row in created]).delete()
            if renamed:
                _rename(renamed)
            record(
                actor=actor,
                event="budgets.units_imported",
                object_type="budget_unit",
                object_id=rows[0].code,
                facts={
                    "created": [f"{row.code} {row.name}" for row in created],
                    "renamed": [f"{row.code} {row.name_before} -> {row.name}" for row in renamed],
                },
                now=now,
            )
    except IntegrityError as error:
        if "budgets_budgetunit_code" in str(error):
            raise UnitsChanged from error
        raise


def _rename(rows: Sequence[UnitRow]) -> None:
    units = {
        unit.pk: unit for unit in BudgetUnit.objects.select_for_update().filter(pk__in=[row.unit_id for row in rows])
    }
    for row in rows:
        unit = units.get(row.unit_id or 0)
        if unit is None or unit.name != row.name_before:
            raise UnitsChanged(unit=row.code)
        unit.name = row.name
    BudgetUnit.objects.bulk_update(units.values(), ["name"])


def exported(*, units: Sequence[Any], organisations: Mapping[int, tuple[str, str]]) -> Iterator[tuple[str, ...]]:
    """Units as rows of the template: what is exported can be imported."""
    for unit in units:
        yield unit.code, unit.name, *organisations.get(unit.organisation_id, ("", ""))


def _require_bureau(actor: Actor) -> None:
    if not actor.is_system and not actor.has(Post.TIER_SUPERVISOR):
        raise NotPermitted

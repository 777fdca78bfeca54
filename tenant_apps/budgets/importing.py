"""Entering budget units by the table: judged as a whole first, stored only when every row is right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.locks import advisory_lock_key, advisory_xact_lock
from kernel.posts import Post
from kernel.problems import Conflict, InvalidInput, NotPermitted
from kernel.spreadsheets import CellError, Column, read_rows, shown
from kernel.spreadsheets import checked as checked_row
from shared_apps.accounts.rules import OrganisationKind
from shared_apps.accounts.selectors import organisations_of_tenant
from tenant_apps.budgets.models import BudgetUnit
from tenant_apps.budgets.serializers import UnitRowInput
from tenant_apps.journal.services import record
from tenants.database.context import TENANT_ALIAS, current_tenant, tenant_atomic
from tenants.registry.practice import home_of

# A transaction that writes for long holds the journal's relay back: long tables are stored in pieces.
CHUNK_ROWS = 500

COLUMNS = (
    Column("code", _("Unit code"), width=18),
    Column("name", _("Name of the unit"), width=36),
    Column("organisation_code", _("Code of the organisation"), required=False, width=28),
)
NOTES = (
    _("One row a unit. Do not change the first row."),
    _("Unit code: groups of three digits, one group a level, such as 001 or 001002. Format the cells as text."),
    _("Code of the organisation: as the region's list has it. Leave it empty when it is the unit code."),
    _("A unit that exists already is left as it is; another name in the table changes its name."),
    _("Nothing is stored while a row is wrong. The same file may be sent again."),
)


class Change(StrEnum):
    """What storing a row does."""

    CREATE = "create"
    RENAME = "rename"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A row that is right."""

    number: int
    code: str
    name: str
    organisation_id: int
    organisation_name: str
    change: Change
    unit_id: int | None
    name_before: str


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
    errors: list[CellError] = []
    right: list[tuple[int, dict[str, Any]]] = []
    for row in read_rows(content, columns=COLUMNS):
        values, wrong = checked_row(row, serializer=UnitRowInput, columns=COLUMNS)
        errors += wrong
        if not wrong:
            right.append((row.number, values))
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
    changing = [row for row in found.rows if row.change != Change.NONE]
    for start in range(0, len(changing), CHUNK_ROWS):
        _store(actor, changing[start : start + CHUNK_ROWS], now)
    return found


def _judged(rows: Sequence[tuple[int, dict[str, Any]]], errors: Sequence[CellError]) -> ImportView:
    organisations = {
        one.code: one
        for one in organisations_of_tenant(
            tenant_code=home_of(current_tenant().code), kind=OrganisationKind.BUDGET_UNIT
        )
    }
    existing = {unit.code: unit for unit in BudgetUnit.objects.all()}
    wrong, right, seen = list(errors), [], dict[str, int]()
    for number, values in rows:
        code, name = str(values["code"]), str(values["name"])
        named = str(values.get("organisation_code") or "")
        organisation, unit = organisations.get(named or code), existing.get(code)
        if code in seen:
            wrong.append(
                _wrong(number, "code", code, _("This code stands in row %(row)s already.") % {"row": seen[code]})
            )
        elif organisation is None:
            wrong.append(
                _wrong(number, "organisation_code", named, _("This level has no organisation with this code."))
            )
        elif unit is not None and unit.organisation_id != organisation.pk:
            wrong.append(
                _wrong(number, "organisation_code", named, _("The unit belongs to another organisation already."))
            )
        else:
            change = Change.CREATE if unit is None else Change.NONE if unit.name == name else Change.RENAME
            right.append(
                UnitRow(
                    number, code, name, organisation.pk, organisation.name, change,
                    unit.pk if unit else None, unit.name if unit else "",
                )
            )  # fmt: skip
        seen.setdefault(code, number)
    data = tuple({name: str(text) for name, text in values.items() if text} for _number, values in rows)
    return ImportView(tuple(right), tuple(sorted(wrong, key=lambda one: (one.row, one.column))), data)


def _wrong(row: int, column: str, value: str, reason: Any) -> CellError:
    label = next(str(one.label) for one in COLUMNS if one.name == column)
    return CellError(row, column, label, shown(value), str(reason))


def _store(actor: Actor, rows: Sequence[UnitRow], now: datetime) -> None:
    """Two writing statements and one journal row, in one transaction."""
    created = [row for row in rows if row.change == Change.CREATE]
    renamed = [row for row in rows if row.change == Change.RENAME]
    try:
        with tenant_atomic():
            advisory_xact_lock(TENANT_ALIAS, advisory_lock_key("budgets", current_tenant().code, "units"))
            BudgetUnit.objects.bulk_create(
                BudgetUnit(code=row.code, name=row.name, organisation_id=row.organisation_id, created_at=now)
                for row in created
            )
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


def exported(*, units: Sequence[Any], organisations: Mapping[int, str]) -> Iterator[tuple[str, ...]]:
    """Units as rows of the template: what is exported can be imported."""
    for unit in units:
        yield unit.code, unit.name, organisations.get(unit.organisation_id, "")


def _require_bureau(actor: Actor) -> None:
    if not actor.is_system and not actor.has(Post.TIER_SUPERVISOR):
        raise NotPermitted

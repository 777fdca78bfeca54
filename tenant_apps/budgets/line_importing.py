"""Entering budget lines by the table: judged as a whole first, stored only when every row is right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.clock import local_date
from kernel.problems import Conflict
from kernel.spreadsheets import CellError, Column, read_checked, read_rows, shown
from tenant_apps.budgets.importing import CHUNK_ROWS, RowsRefused
from tenant_apps.budgets.ledger import add_entries
from tenant_apps.budgets.models import BudgetEntry, BudgetItem, BudgetLine, BudgetUnit, FiscalYear
from tenant_apps.budgets.rules import EntryKind, LineView
from tenant_apps.budgets.serializers import LineRowInput
from tenant_apps.budgets.services import require_bureau
from tenant_apps.budgets.words import FUND_SOURCES
from tenant_apps.journal.services import record
from tenants.database.context import tenant_atomic

COLUMNS = (
    Column("unit_code", _("Unit code"), width=16),
    Column("fiscal_year", _("Fiscal year"), width=12),
    Column("plan_number", _("Plan number"), width=24),
    Column("quota_number", _("Quota number"), required=False, width=24),
    Column("budget_item", _("Budget item"), width=32),
    Column("project_code", _("Project code"), required=False, width=18),
    Column("project_name", _("Name of the project"), required=False, width=32),
    Column("functional_class", _("Functional class"), width=16),
    Column("economic_class", _("Economic class"), width=16),
    Column("fund_source", _("Fund source"), width=20),
    Column("total", _("Total in yuan"), width=18),
    Column("plan_filed_on", _("Plan filed on"), required=False, width=16),
)
NOTES = (
    _("One row a budget line. Do not change the first row; format the cells as text."),
    _("Unit code: of a unit that is entered already. Fund source: one of the offered words."),
    _("Plan filed on: such as 2026-01-15; leave it empty while the plan is not filed."),
    _("A line that is entered already is left as it is; its total is changed by an adjustment, not by the table."),
    _("Nothing is stored while a row is wrong. The same file may be sent again."),
)


@dataclass(frozen=True, slots=True)
class LineRow:
    """A row that is right; one that `is_new` would be stored."""

    number: int
    unit_id: int
    unit_name: str
    values: Mapping[str, Any]
    is_new: bool


@dataclass(frozen=True, slots=True)
class LinesView:
    """A table as it would be stored now. `data` is what its sender confirms: texts only."""

    rows: tuple[LineRow, ...]
    errors: tuple[CellError, ...]
    data: tuple[Mapping[str, str], ...]

    @property
    def new(self) -> tuple[LineRow, ...]:
        return tuple(row for row in self.rows if row.is_new)

    @property
    def created(self) -> int:
        return len(self.new)

    @property
    def unchanged(self) -> int:
        return len(self.rows) - len(self.new)

    @property
    def total(self) -> Decimal:
        return sum((row.values["total"] for row in self.new), Decimal("0.00"))


class LinesChanged(Conflict):
    """Somebody else entered one of the lines in the meantime."""

    code = "budget-lines-changed"
    title = _("The budget lines have changed in the meantime, please send the table again")


def preview_file(*, actor: Actor, content: bytes, now: datetime) -> LinesView:
    """What an Excel file would store. Stores nothing. Raises SpreadsheetRefused, NotPermitted."""
    require_bureau(actor)
    right, errors = read_checked(read_rows(content, columns=COLUMNS), serializer=LineRowInput, columns=COLUMNS)
    return _judged(right, errors, now)


def import_lines(*, actor: Actor, rows: Sequence[Mapping[str, Any]], now: datetime) -> LinesView:
    """Stores rows that were read by `LineRowInput`, all of them or none; one journal row each 500.

    Rows are numbered from 2, as in the template. Sent again, it changes nothing. Raises RowsRefused, LinesChanged,
    NotPermitted.
    """
    require_bureau(actor)
    found = _judged([(number, dict(row)) for number, row in enumerate(rows, start=2)], [], now)
    if found.errors:
        raise RowsRefused(found.errors)
    try:
        with tenant_atomic():
            for start in range(0, len(found.new), CHUNK_ROWS):
                _store(actor, found.new[start : start + CHUNK_ROWS], now)
    except IntegrityError as error:
        if "budget_line_plan_once" in str(error) or "budget_line_quota_once" in str(error):
            raise LinesChanged from error
        raise
    return found


def _judged(rows: Sequence[tuple[int, dict[str, Any]]], errors: Sequence[CellError], now: datetime) -> LinesView:
    judge = _Judge([values for _number, values in rows], now)
    wrong, right = list(errors), []
    for number, values in rows:
        found = judge.row(number, values)
        if isinstance(found, LineRow):
            right.append(found)
        else:
            wrong.append(found)
    data = tuple(
        {name: str(value) for name, value in values.items() if value not in {"", None}} for _number, values in rows
    )
    return LinesView(tuple(right), tuple(sorted(wrong, key=lambda one: (one.row, one.column))), data)


class _Judge:
    """Judges rows by what is stored now: four statements, however many rows."""

    def __init__(self, rows: Sequence[Mapping[str, Any]], now: datetime) -> None:
        self.today = local_date(now)
        self.units = {unit.code: unit for unit in BudgetUnit.objects.filter(is_active=True)}
        self.shut = set(FiscalYear.objects.filter(closing_at__isnull=False).values_list("year", flat=True))
        years = {row["fiscal_year"] for row in rows}
        lines = BudgetLine.objects.filter(fiscal_year__in=years).select_related("item")
        self.lines = {(line.unit_id, line.fiscal_year, line.plan_number): line for line in lines}
        self.quotas = {(line.fiscal_year, line.quota_number): line.pk for line in self.lines.values()}
        first = BudgetEntry.objects.filter(line__fiscal_year__in=years, kind=EntryKind.ALLOT)
        self.allotted = dict(first.order_by("-id").values_list("line_id", "amount"))
        self.seen: dict[tuple[Any, ...], int] = {}

    def row(self, number: int, values: Mapping[str, Any]) -> LineRow | CellError:
        unit = self.units.get(values["unit_code"])
        if unit is None:
            return _wrong(number, "unit_code", values["unit_code"], _("This level has no unit with this code."))
        key = (unit.pk, values["fiscal_year"], values["plan_number"])
        quota = ("quota", values["fiscal_year"], values["quota_number"])
        for column, one in (("plan_number", key), ("quota_number", quota)):
            if values[column] and one in self.seen:
                reason = _("This number stands in row %(row)s already.") % {"row": self.seen[one]}
                return _wrong(number, column, values[column], reason)
            self.seen[one] = number
        line = self.lines.get(key)
        if line is not None:
            return self._of_a_line(number, unit, line, values)
        if values["fiscal_year"] in self.shut:
            shut = _("The fiscal year is being closed or is closed")
            return _wrong(number, "fiscal_year", str(values["fiscal_year"]), shut)
        if values["quota_number"] and (values["fiscal_year"], values["quota_number"]) in self.quotas:
            return _wrong(number, "quota_number", values["quota_number"], _("Another line has this quota number."))
        filed = values["plan_filed_on"]
        if filed is not None and filed > self.today:
            return _wrong(number, "plan_filed_on", str(filed), _("The filing date lies in the future."))
        return LineRow(number, unit.pk, unit.name, values, True)

    def _of_a_line(
        self, number: int, unit: BudgetUnit, line: BudgetLine, values: Mapping[str, Any]
    ) -> LineRow | CellError:
        if self.allotted.get(line.pk, line.total) != values["total"]:
            reason = _("The line is entered with another total: adjust it on its page.")
            return _wrong(number, "total", str(values["total"]), reason)
        for name in ("quota_number", "budget_item", "functional_class", "economic_class", "fund_source"):
            if getattr(line, name) != values[name]:
                return _wrong(number, name, str(values[name]), _("The line is entered with another value here."))
        return LineRow(number, unit.pk, unit.name, values, False)


def _store(actor: Actor, rows: Sequence[LineRow], now: datetime) -> None:
    """Items, lines and their first allotments, and one journal row, inside the caller's transaction."""
    items = _items(rows)
    lines = BudgetLine.objects.bulk_create(
        BudgetLine(
            unit_id=row.unit_id,
            item_id=items[_item_key(row)],
            created_at=now,
            **{name: value for name, value in row.values.items() if name not in _NOT_OF_A_LINE},
        )
        for row in rows
    )
    add_entries(
        [
            {
                "line_id": line.pk,
                "kind": EntryKind.ALLOT,
                "amount": line.total,
                "actor_id": actor.user_id,
                "actor_name": actor.name,
                "at": now,
            }
            for line in lines
        ],
        now,
    )
    record(
        actor=actor,
        event="budgets.lines_imported",
        object_type="budget_line",
        object_id=lines[0].pk,
        facts={
            "lines": [
                f"{row.values['unit_code']} {row.values['fiscal_year']} {row.values['plan_number']} "
                f"{row.values['total']}"
                for row in rows
            ]
        },
        now=now,
    )


_NOT_OF_A_LINE = frozenset({"unit_code", "project_code", "project_name"})
_ITEM = ("budget_item", "project_code", "functional_class", "economic_class", "fund_source")


def _item_key(row: LineRow) -> tuple[Any, ...]:
    return (row.unit_id, *(row.values[name] for name in _ITEM))


def _items(rows: Sequence[LineRow]) -> dict[tuple[Any, ...], int]:
    """The rows' budget items by what makes them one; those that are new are entered. Two statements."""
    wanted = {_item_key(row): row for row in rows}
    BudgetItem.objects.bulk_create(
        (
            BudgetItem(
                unit_id=row.unit_id,
                name=row.values["budget_item"],
                project_name=row.values["project_name"],
                **{name: row.values[name] for name in _ITEM[1:]},
            )
            for row in wanted.values()
        ),
        ignore_conflicts=True,
    )
    found = BudgetItem.objects.filter(unit_id__in={row.unit_id for row in rows})
    return {
        (
            item.unit_id, item.name, item.project_code, item.functional_class, item.economic_class, item.fund_source,
        ): item.pk
        for item in found
    }  # fmt: skip


def exported(lines: Iterable[LineView]) -> Iterator[tuple[str, ...]]:
    """Lines as rows of the template, with their first allotments: what is exported can be imported."""
    listed = list(lines)
    first = BudgetEntry.objects.filter(line_id__in=[line.id for line in listed], kind=EntryKind.ALLOT)
    allotted = dict(first.order_by("-id").values_list("line_id", "amount"))
    items = BudgetItem.objects.in_bulk({line.item_id for line in listed if line.item_id is not None})
    for line in listed:
        item = items.get(line.item_id or 0)
        # A line that only followed from the year before was never allotted: the table could not enter it.
        if line.id in allotted:
            yield (
                line.unit_code, str(line.fiscal_year), line.plan_number, line.quota_number, line.budget_item,
                item.project_code if item else "", item.project_name if item else "", line.functional_class,
                line.economic_class, str(FUND_SOURCES.get(line.fund_source, line.fund_source)),
                str(allotted[line.id]), line.plan_filed_on.isoformat() if line.plan_filed_on else "",
            )  # fmt: skip


def _wrong(row: int, column: str, value: str, reason: Any) -> CellError:
    label = next(str(one.label) for one in COLUMNS if one.name == column)
    return CellError(row, column, label, shown(value), str(reason))

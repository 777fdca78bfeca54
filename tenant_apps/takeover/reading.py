"""A package as texts, read by the fields of its sheets: right rows and wrong cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from kernel.spreadsheets import SpreadsheetRefused, checked
from kernel.workbooks import read_workbook
from tenant_apps.takeover.rules import ROWS_MAX
from tenant_apps.takeover.sheets import BY_NAME, SHEETS


@dataclass(frozen=True, slots=True)
class SheetError:
    """What is wrong with one cell, or with the row when `column` is empty. `sheet` is the sheet's name of ours."""

    sheet: str
    row: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """One right row: its number as the program shows it, and the values."""

    number: int
    values: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


@dataclass
class Package:
    rows: dict[str, list[Row]]
    errors: list[SheetError] = field(default_factory=list)

    def __getitem__(self, sheet: str) -> list[Row]:
        return self.rows.get(sheet, [])

    def wrong(self, sheet: str, row: Row, column: str, reason: object, value: object = None) -> None:
        shown = row.values.get(column, "") if value is None else value
        self.errors.append(SheetError(sheet, row.number, column, "" if shown is None else str(shown), str(reason)))

    def by(self, sheet: str, *names: str) -> dict[Any, list[Row]]:
        """The sheet's rows by one column, or by several."""
        found: dict[Any, list[Row]] = {}
        for row in self[sheet]:
            key = row[names[0]] if len(names) == 1 else tuple(row[name] for name in names)
            found.setdefault(key, []).append(row)
        return found

    def sorted_errors(self) -> list[SheetError]:
        order = {sheet.name: place for place, sheet in enumerate(SHEETS)}
        return sorted(self.errors, key=lambda one: (order[one.sheet], one.row, one.column))


def read_package(content: bytes) -> Package:
    """Every sheet by its columns, every cell by its field. Raises SpreadsheetRefused for what is no package."""
    titles = {str(sheet.title): sheet for sheet in SHEETS}
    found = read_workbook(
        content,
        sheets={title: sheet.columns for title, sheet in titles.items()},
        needed=[title for title, sheet in titles.items() if sheet.needed],
        rows_max=ROWS_MAX,
    )
    package = Package({sheet.name: [] for sheet in SHEETS})
    for title, rows in found.items():
        sheet = titles[title]
        for one in rows:
            values, wrong = checked(one, serializer=sheet.row, columns=sheet.columns)
            for cell in wrong:
                package.errors.append(SheetError(sheet.name, one.number, cell.column, cell.value, cell.reason))
            if not wrong:
                package.rows[sheet.name].append(Row(one.number, values))
    if not any(found.values()):
        raise SpreadsheetRefused("no-rows")
    return package


def label_of(error: SheetError) -> Iterator[str]:
    """The names of the sheet and of the column as the template has them."""
    sheet = BY_NAME[error.sheet]
    yield str(sheet.title)
    yield next((str(column.label) for column in sheet.columns if column.name == error.column), "")

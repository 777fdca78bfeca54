"""Workbooks of several sheets: reading a stranger's and writing our own. One sheet alone: `kernel.spreadsheets`."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kernel.spreadsheets import LARGE_ROWS_MAX, Column, SheetRow, SpreadsheetRefused, plain, safe, stream_sheets


@dataclass(frozen=True)
class WrittenSheet:
    """A sheet to write. `choices` are the texts a column offers, by its name."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[str]] = ()
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)


def read_workbook(
    content: bytes, *, sheets: Mapping[str, Sequence[Column]], needed: Sequence[str], rows_max: int
) -> dict[str, list[SheetRow]]:
    """The rows of the named sheets below their headers, by title; other sheets are left out. Raises SpreadsheetRefused.

    A sheet that is not `needed` may be missing. All sheets together have at most `rows_max` rows.
    """
    found: dict[str, list[SheetRow]] = {}
    headers: dict[str, list[str]] = {}
    numbers: dict[str, int] = {}
    for raw, batch in stream_sheets(content, rows_max=rows_max):
        title = raw.strip()
        if title not in sheets:
            continue
        for cells in batch:
            numbers[title] = numbers.get(title, 0) + 1
            if title not in headers:
                headers[title] = header_of(cells, sheets[title])
                found[title] = []
            elif any(text.strip() for text in cells):
                values = zip(headers[title], (plain(text) for text in cells), strict=False)
                found[title].append(SheetRow(numbers[title], dict(values)))
    if any(title not in found for title in needed):
        raise SpreadsheetRefused("no-header")
    return found


def header_of(cells: Sequence[str], columns: Sequence[Column]) -> list[str]:
    """The columns' names in the file's order, by their labels. Raises SpreadsheetRefused."""
    known = {str(column.label): column.name for column in columns}
    names = [known.get(plain(text.strip()), "") for text in cells]
    missing = any(column.required and column.name not in names for column in columns)
    if "" in names or len(set(names)) != len(names) or missing:
        raise SpreadsheetRefused("no-header")
    return names


def write_workbook(sheets: Sequence[WrittenSheet], *, notes_title: str = "", notes: Sequence[str] = ()) -> bytes:
    """A workbook of texts; with `notes` its last sheet explains it."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    workbook = Workbook()
    workbook.remove(workbook.active)
    for one in sheets:
        page = workbook.create_sheet(one.title[:31])
        page.freeze_panes = "A2"
        page.append([str(column.label) for column in one.columns])
        for number, column in enumerate(one.columns, start=1):
            page.cell(1, number).font = Font(bold=True)
            letter = get_column_letter(number)
            page.column_dimensions[letter].width = column.width
            # As text, so that codes keep their leading zeros.
            page.column_dimensions[letter].number_format = "@"
        for row in one.rows:
            page.append([safe(text) for text in row])
        for line in page.iter_rows(min_row=2):
            for cell in line:
                cell.number_format = "@"
                cell.data_type = "s"
    if notes:
        page = workbook.create_sheet(notes_title[:31])
        page.column_dimensions["A"].width = 90
        for note in notes:
            page.append([safe(note)])
            page.cell(page.max_row, 1).alignment = Alignment(wrap_text=True)
    _offer(workbook, sheets)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _offer(workbook: Any, sheets: Sequence[WrittenSheet]) -> None:
    """Drop-downs, their texts on a hidden sheet: a list in the cell itself may hold 255 letters only."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    wanted = [(one, name, texts) for one in sheets for name, texts in one.choices.items()]
    if not wanted:
        return
    hidden = workbook.create_sheet("choices")
    hidden.sheet_state = "hidden"
    for place, (one, name, texts) in enumerate(wanted, start=1):
        number = next(n for n, column in enumerate(one.columns, start=1) if column.name == name)
        for row, text in enumerate(texts, start=1):
            hidden.cell(row, place, safe(text)).data_type = "s"
        source, target = get_column_letter(place), get_column_letter(number)
        rule = DataValidation(type="list", formula1=f"choices!${source}$1:${source}${len(texts)}", allow_blank=True)
        workbook[one.title[:31]].add_data_validation(rule)
        rule.add(f"{target}2:{target}{LARGE_ROWS_MAX + 1}")

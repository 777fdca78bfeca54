"""Reading a stranger's .xlsx and writing our own.

A file is opened by a process of its own with little memory and little time (`kernel.spreadsheet_reader`); what comes
back are texts, and each is then read by the same strict fields as a form. Written cells are texts that no spreadsheet
program takes for a formula.
"""

from __future__ import annotations

import io
import json
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel import spreadsheet_reader
from kernel.inputs import StrictSerializer, read_input
from kernel.problems import InvalidInput

FILE_BYTES_MAX = 5 * 1024 * 1024
ROWS_MAX = 2000
COLUMNS_MAX = 40
CELL_LENGTH_MAX = 2000
SECONDS_MAX = 15
# Tables of 100,000 rows: read in the background, row by row.
LARGE_FILE_BYTES_MAX = 20 * 1024 * 1024
LARGE_ROWS_MAX = 100_000
LARGE_SECONDS_MAX = 180
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_READER = Path(spreadsheet_reader.__file__)
# A cell that begins so is a formula to spreadsheet programs (and a full-width twin to some).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

_MARKED = (*FORMULA_STARTS, *(f"'{start}" for start in FORMULA_STARTS))

REASONS: dict[str, Promise] = {
    "empty": _("The file is empty."),
    "not-a-spreadsheet": _("This is not a spreadsheet. Save the table as an Excel workbook (.xlsx)."),
    "old-or-encrypted": _(
        "The file is protected by a password or in an old format. Save it without a password as .xlsx."
    ),
    "macros": _("The workbook holds macros or embedded objects. Save it as a plain Excel workbook (.xlsx)."),
    "not-csv": _("This is not a comma-separated table. Save the table as an Excel workbook (.xlsx) or as CSV (UTF-8)."),
    "damaged": _("The file is damaged. Open it in the spreadsheet program and save it again."),
    "too-large": _("The file is too large, or grows too large when it is unpacked."),
    "too-many-rows": _("The table has too many rows. Divide it into several files."),
    "too-many-columns": _("The table has too many columns. Use the template."),
    "strange-names": _("The file holds entries that no spreadsheet program writes."),
    "nested": _("The file holds another packed file."),
    "document-type": _("The file holds definitions that no spreadsheet program writes."),
    "no-header": _("The first row must hold the column names of the template."),
    "no-rows": _("There is no row below the column names."),
}


class SpreadsheetRefused(InvalidInput):
    """The file as a whole cannot be read; `facts["reason"]` is the code, `errors["file"]` the words."""

    code = "spreadsheet-refused"
    title = _("The spreadsheet cannot be read")

    def __init__(self, reason: str) -> None:
        super().__init__(REASONS[reason], errors={"file": [str(REASONS[reason])]}, reason=reason)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a template. `name` is the field's name in the row's serializer."""

    name: str
    label: str | Promise
    required: bool = True
    width: int = 20


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row with texts by column name; `number` is the row's number as the program shows it."""

    number: int
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CellError:
    """What is wrong with one cell, or with the row when `column` is empty."""

    row: int
    column: str
    label: str
    value: str
    reason: str


def read_cells(
    content: bytes, *, rows_max: int = ROWS_MAX, columns_max: int = COLUMNS_MAX, form: str = "xlsx"
) -> list[list[str]]:
    """The first sheet's cells (or a CSV's) as texts, every row as wide as the widest. Raises SpreadsheetRefused.

    The process that opens the file may use 384 MiB and 10 seconds of the processor, and write nothing.
    """
    batches = stream_cells(content, rows_max=rows_max, columns_max=columns_max, form=form)
    rows = [row for batch in batches for row in batch]
    width = max(map(len, rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]


def check_table(content: bytes, *, form: str) -> None:
    """Refuses, before it is kept, what could not be read later: bombs, links, macros. Raises SpreadsheetRefused."""
    for _batch in stream_cells(content, rows_max=0, large=True, form=form):
        raise RuntimeError("rows were not asked for")


def stream_cells(
    content: bytes,
    *,
    rows_max: int = ROWS_MAX,
    columns_max: int = COLUMNS_MAX,
    large: bool = False,
    form: str = "xlsx",
) -> Iterator[list[list[str]]]:
    """The first sheet's rows (or those of a CSV) as texts, some hundred at a time, read as they are asked for.

    Raises SpreadsheetRefused, also after rows were given: what they led to must be taken back. Empty cells at a row's
    end are left out.
    """
    if not content:
        raise SpreadsheetRefused("empty")
    if len(content) > (LARGE_FILE_BYTES_MAX if large else FILE_BYTES_MAX):
        raise SpreadsheetRefused("too-large")
    yield from _read(content, rows_max=rows_max, columns_max=columns_max, large=large, form=form)


def stream_sheets(
    content: bytes, *, rows_max: int, columns_max: int = COLUMNS_MAX
) -> Iterator[tuple[str, list[list[str]]]]:
    """Every sheet of a large workbook: its name with some hundred rows at a time, at least once a sheet.

    `rows_max` is for all of them together. Raises SpreadsheetRefused as `stream_cells` does.
    """
    if len(content) > LARGE_FILE_BYTES_MAX:
        raise SpreadsheetRefused("too-large")
    name = ""
    for value in _read(content, rows_max=rows_max, columns_max=columns_max, large=True, form="sheets"):
        if isinstance(value, dict):
            name = str(value["sheet"])
        else:
            yield name, value


def _read(content: bytes, *, rows_max: int, columns_max: int, large: bool, form: str) -> Iterator[Any]:
    """What the bounded process answers. Raises SpreadsheetRefused."""
    size = "large" if large else "small"
    command = [sys.executable, "-I", str(_READER), str(rows_max), str(columns_max), size, form]
    with tempfile.TemporaryFile() as given:
        given.write(content)
        given.seek(0)
        # Our own interpreter and file; what a stranger wrote goes to stdin.
        with subprocess.Popen(
            command, stdin=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={"LC_ALL": "C.UTF-8"}
        ) as reader:
            try:
                yield from _answers(reader, LARGE_SECONDS_MAX if large else SECONDS_MAX)
            finally:
                reader.kill()


def _answers(reader: subprocess.Popen[bytes], seconds_max: float) -> Iterator[Any]:
    """What the reader writes, line by line; only the time spent waiting for it counts. Raises SpreadsheetRefused."""
    out, errors = reader.stdout, reader.stderr
    if out is None or errors is None:
        raise RuntimeError("the reader was started without pipes")
    left, waited = b"", 0.0
    while True:
        began = time.monotonic()
        ready, _, _ = select.select([out], [], [], max(0.0, seconds_max - waited))
        waited += time.monotonic() - began
        if not ready:
            raise SpreadsheetRefused("too-large")
        data = out.read1(1024 * 1024)  # type: ignore[attr-defined]  # a buffered reader, whatever IO[bytes] promises
        if not data:
            break
        *lines, left = (left + data).split(b"\n")
        for line in lines:
            value: Any = json.loads(line)
            if isinstance(value, list) or "sheet" in value:
                yield value
            elif "refused" in value:
                raise SpreadsheetRefused(str(value["refused"]))
            else:
                return
    # Ended by a limit, or by a parser that gave up on what it was fed.
    ended_by = reader.wait()
    raise SpreadsheetRefused("too-large" if ended_by < 0 or b"MemoryError" in errors.read() else "damaged")


def read_rows(
    content: bytes, *, columns: Sequence[Column], rows_max: int = ROWS_MAX, form: str = "xlsx"
) -> list[SheetRow]:
    """The rows below the header, by column name; empty ones are left out. Raises SpreadsheetRefused.

    Columns may stand in any order; those that are not required may be missing, unknown ones are refused.
    """
    cells = read_cells(content, rows_max=rows_max + 1, form=form)
    header = [text.strip() for text in cells[0]] if cells else []
    labels = {str(column.label): column for column in columns}
    known = [labels.get(text) for text in header]
    found = [column.name for column in known if column is not None]
    strangers = [text for text in header if text and text not in labels]
    if strangers or len(set(found)) != len(found) or any(c.required and c.name not in found for c in columns):
        raise SpreadsheetRefused("no-header")
    rows = []
    for number, row in enumerate(cells[1:], start=2):
        if any(text.strip() for text in row):
            values = {column.name: text for column, text in zip(known, row, strict=False) if column is not None}
            rows.append(SheetRow(number, values))
    if not rows:
        raise SpreadsheetRefused("no-rows")
    return rows


def read_checked(
    rows: Iterable[SheetRow], *, serializer: type[StrictSerializer], columns: Sequence[Column]
) -> tuple[list[tuple[int, dict[str, Any]]], list[CellError]]:
    """Rows that are right by themselves, numbered as the program shows them, and what is wrong with the others."""
    right: list[tuple[int, dict[str, Any]]] = []
    errors: list[CellError] = []
    for row in rows:
        values, wrong = checked(row, serializer=serializer, columns=columns)
        errors += wrong
        if not wrong:
            right.append((row.number, values))
    return right, errors


def checked(
    row: SheetRow, *, serializer: type[StrictSerializer], columns: Sequence[Column]
) -> tuple[dict[str, Any], list[CellError]]:
    """A row read by the same fields as a form: its values, or what is wrong with which cell."""
    given = {name: text.strip() for name, text in row.values.items()}
    # An empty cell is a value left out.
    data = {name: text for name, text in given.items() if text}
    try:
        if any(len(text) > CELL_LENGTH_MAX for text in given.values()):
            raise InvalidInput(
                errors={
                    name: [str(_("The cell is too long."))]
                    for name, text in given.items()
                    if len(text) > CELL_LENGTH_MAX
                }
            )
        return read_input(serializer, data), []
    except InvalidInput as error:
        labels = {column.name: str(column.label) for column in columns}
        return {}, [
            CellError(row.number, name, labels.get(name, ""), shown(given.get(name, "")), " ".join(found))
            for name, found in error.errors.items()
        ]


def shown(text: str, *, length: int = 60) -> str:
    """A cell's text fit to be shown: cut, with what cannot be seen written as its number."""
    from kernel.texts import forbidden_character

    cut = "".join(f"[U+{ord(char):04X}]" if forbidden_character(char) else char for char in text[:length])
    return f"{cut}…" if len(text) > length else cut


def safe(text: str) -> str:
    """The text as a cell that stays a text."""
    return f"'{text}" if text.startswith(_MARKED) else text


def plain(text: str) -> str:
    """What `safe` made a cell of: what is exported is imported unchanged."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_MARKED) else text


def write(
    *,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[str]] = (),
    notes: Sequence[str] = (),
    choices: Mapping[str, Sequence[str]] | None = None,
    remarks: Mapping[tuple[int, str], str] | None = None,
) -> bytes:
    """A workbook with one sheet of texts and, with `notes`, a second one that explains it.

    `choices` are the texts a column offers, by its name; `remarks` stand at cells, by row number and column name, and
    the cells are coloured.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    workbook = Workbook()
    sheet = workbook.active
    sheet.title = title[:31]
    sheet.freeze_panes = "A2"
    sheet.append([str(column.label) for column in columns])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for number, column in enumerate(columns, start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = column.width
        # As text, so that codes keep their leading zeros.
        sheet.column_dimensions[letter].number_format = "@"
    for row in rows:
        sheet.append([safe(text) for text in row])
    for line in sheet.iter_rows(min_row=2):
        for cell in line:
            cell.number_format = "@"
            cell.data_type = "s"
    if notes:
        page = workbook.create_sheet(str(_("How to fill it in"))[:31])
        page.column_dimensions["A"].width = 90
        for note in notes:
            page.append([safe(note)])
            page.cell(page.max_row, 1).alignment = Alignment(wrap_text=True)
    _offer(workbook, columns, choices or {})
    _remark(sheet, columns, remarks or {})
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _offer(workbook: Any, columns: Sequence[Column], choices: Mapping[str, Sequence[str]]) -> None:
    """Drop-downs, their texts on a sheet of their own: a list in the cell itself may hold 255 letters only."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    if not choices:
        return
    page = workbook.create_sheet("choices")
    page.sheet_state = "hidden"
    for place, (name, texts) in enumerate(choices.items(), start=1):
        number = next(n for n, column in enumerate(columns, start=1) if column.name == name)
        for row, text in enumerate(texts, start=1):
            page.cell(row, place, safe(text)).data_type = "s"
        source, target = get_column_letter(place), get_column_letter(number)
        rule = DataValidation(type="list", formula1=f"choices!${source}$1:${source}${len(texts)}", allow_blank=True)
        rule.showErrorMessage = True
        workbook.worksheets[0].add_data_validation(rule)
        rule.add(f"{target}2:{target}{LARGE_ROWS_MAX + 1}")


def _remark(sheet: Any, columns: Sequence[Column], remarks: Mapping[tuple[int, str], str]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    numbers = {column.name: number for number, column in enumerate(columns, start=1)}
    red = PatternFill("solid", fgColor="FFC7CE")
    for (row, name), text in remarks.items():
        cell = sheet.cell(row, numbers.get(name, 1))
        cell.fill = red
        cell.comment = Comment(safe(text), "")

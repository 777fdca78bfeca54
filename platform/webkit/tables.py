"""Lists as files for spreadsheets: one way to write them, so that no list forgets the guard against formulas."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from kernel.spreadsheets import safe

# Without it spreadsheet programs take the file for the system's own encoding.
BYTE_ORDER_MARK = "\ufeff"
CONTENT_TYPE = "text/csv; charset=utf-8"


def cell(value: object) -> str:
    """A value as a cell: numbers as they are, never in scientific notation; text that stays text; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value) if isinstance(value, int) else safe(str(value))


def csv_response(name: str, header: Sequence[object], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A CSV in UTF-8 to be saved as `name`; no spreadsheet program takes a cell of it for a formula."""
    response = HttpResponse(content_type=CONTENT_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response.write(BYTE_ORDER_MARK)
    writer = csv.writer(response)
    writer.writerow([cell(value) for value in header])
    writer.writerows([cell(value) for value in row] for row in rows)
    return response

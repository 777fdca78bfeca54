"""Tables of accounts as files for spreadsheets."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from kernel.spreadsheets import safe


def table(name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> HttpResponse:
    """A CSV whose cells no spreadsheet program takes for formulas."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response.write("\ufeff")  # without it spreadsheets take the file for another encoding
    writer = csv.writer(response)
    writer.writerow(header)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return response

"""The application form as a browser sends it: rows come as repeated fields, the API's rows as lists."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

from django.http import QueryDict

from shared_apps.onboarding.models import Application
from shared_apps.onboarding.words import MODULES

# Rows of the form: field of the API, its columns, and the names of the repeated fields.
ROWS: dict[str, dict[str, str]] = {
    "work_plan": {"step": "plan_step", "due_on": "plan_due_on"},
    "weak_points": {"weakness": "weak_point", "measure": "weak_measure"},
}
SHOWN_AT_LEAST = 4
TEXTS = (
    "bureau_name", "responsible_name", "responsible_title", "phone", "email", "fee_year", "fee_budget",
)  # fmt: skip
_TOKEN = "csrfmiddlewaretoken"  # noqa: S105  # a field's name


def as_input(sent: QueryDict) -> dict[str, Any]:
    """What the input serializer reads. A field sent twice stays a list, which a text refuses; rows left empty go."""
    wanted: dict[str, Any] = {}
    names = {column for columns in ROWS.values() for column in columns.values()}
    for key in sent:
        if key != _TOKEN and key not in names:
            values = sent.getlist(key)
            wanted[key] = values if key == "modules" or len(values) > 1 else values[0]
    for field, columns in ROWS.items():
        if field not in wanted and any(name in sent for name in columns.values()):
            wanted[field] = _rows(sent, columns)
    return wanted


def _rows(sent: QueryDict, columns: Mapping[str, str]) -> list[dict[str, str]]:
    cells = zip_longest(*(sent.getlist(name) for name in columns.values()), fillvalue="")
    rows = [dict(zip(columns, (str(cell) for cell in row), strict=True)) for row in cells]
    return [row for row in rows if any(cell.strip() for cell in row.values())]


def shown_form(
    *,
    sent: QueryDict | None = None,
    row: Application | None = None,
    errors: Mapping[str, Any] | None = None,
    year: int | None = None,
) -> dict[str, Any]:
    """Values, rows and errors for the template: what was sent, else what the application says, else the year."""
    errors = errors or {}
    if sent is not None:
        values = {name: str(sent.get(name, ""))[:400] for name in TEXTS}
        chosen = set(sent.getlist("modules"))
        rows = {field: _rows(sent, columns) for field, columns in ROWS.items()}
    elif row is not None:
        values = {name: str(getattr(row, name)) for name in TEXTS}
        chosen = set(row.modules)
        rows = {"work_plan": row.work_plan, "weak_points": row.weak_points}
    else:
        values, chosen, rows = dict.fromkeys(TEXTS, ""), set(), {"work_plan": [], "weak_points": []}
        values["fee_year"] = str(year or "")
    return {
        "values": values,
        "modules": [(str(name), label, str(name) in chosen) for name, label in MODULES.items()],
        **{field: _shown_rows(field, rows[field][:50], errors) for field in ROWS},
        "row_errors": {field: errors.get(field, ()) for field in ROWS},
    }


def _shown_rows(field: str, rows: list[dict[str, Any]], errors: Mapping[str, Any]) -> list[dict[str, Any]]:
    blank = dict.fromkeys(ROWS[field], "")
    filled = [*rows, *[blank] * max(1, SHOWN_AT_LEAST - len(rows))]
    return [
        {
            "number": index + 1,
            "cells": {
                column: {
                    "name": name,
                    "id": f"id_{field}.{index}.{column}",
                    "value": str(cells.get(column, ""))[:400],
                    "errors": errors.get(f"{field}.{index}.{column}", ()),
                }
                for column, name in ROWS[field].items()
            },
        }
        for index, cells in enumerate(filled)
    ]

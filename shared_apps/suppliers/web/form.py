"""The application form as a browser sends it: shareholders come as repeated fields, the API's as a list."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from shared_apps.classification.selectors import catalogue
from shared_apps.suppliers.models import SupplierApplication
from shared_apps.suppliers.wording import SIZES
from tenants.divisions.selectors import places

# Rows of the form: field of the API, its columns, and the names of the repeated fields.
ROWS: dict[str, dict[str, str]] = {"shareholders": {"name": "shareholder_name", "share": "shareholder_share"}}
SHOWN_AT_LEAST = 3
TEXTS = ("name", "legal_representative", "address", "division_code", "phone", "size")
BOXES = ("sme_declared", "record_declared")
_TOKEN = "csrfmiddlewaretoken"  # noqa: S105  # a field's name
# Which of the form's two buttons was pressed; not a field of the application.
THEN = "then"


def as_input(sent: QueryDict) -> dict[str, Any]:
    """What the input serializer reads. A field sent twice stays a list, which a text refuses; empty rows go."""
    columns = ROWS["shareholders"]
    wanted: dict[str, Any] = {}
    for key in sent:
        if key not in {_TOKEN, THEN, *columns.values()}:
            values = sent.getlist(key)
            wanted[key] = values if key in {"dropped", "scope"} or len(values) > 1 else values[0]
    if "shareholders" not in wanted:
        wanted["shareholders"] = _rows(sent)
    if wanted.get("division_code") == "":
        # A select without a choice sends its field empty.
        del wanted["division_code"]
    return wanted


def _rows(sent: QueryDict) -> list[dict[str, str]]:
    columns = ROWS["shareholders"]
    cells = zip_longest(*(sent.getlist(name) for name in columns.values()), fillvalue="")
    rows = [dict(zip(columns, (str(cell) for cell in row), strict=True)) for row in cells]
    return [row for row in rows if any(cell.strip() for cell in row.values())]


def shown_form(
    row: SupplierApplication, *, sent: QueryDict | None = None, errors: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Values, choices and errors for the template: what was sent, else what the application says."""
    errors = errors or {}
    values: dict[str, Any]
    if sent is not None and "name" in sent:
        values = {name: str(sent.get(name, ""))[:400] for name in TEXTS}
        values |= {name: name in sent for name in BOXES}
        rows, dropped = _rows(sent), {str(key) for key in sent.getlist("dropped")}
        scope = set(sent.getlist("scope"))
    else:
        values = {name: getattr(row, name) for name in (*TEXTS, *BOXES)}
        rows, dropped = row.shareholders, {str(key) for key in row.dropped}
        scope = set(row.scope or ())
    return {
        "values": values,
        "divisions": division_choices(),
        "sizes": list(SIZES.items()),
        "shareholder_rows": _shown_rows(rows[:50], errors),
        "shareholder_errors": errors.get("shareholders", ()),
        "scope_choices": [(one.code, one.name, one.code in scope) for one in catalogue()],
        "dropped": dropped,
        "notes": {field: f"{_('To be corrected')}：{text}" for field, text in row.findings.items()},
    }


def _shown_rows(rows: list[dict[str, Any]], errors: Mapping[str, Any]) -> list[dict[str, Any]]:
    filled = [*rows, *[{"name": "", "share": ""}] * max(1, SHOWN_AT_LEAST - len(rows))]
    return [
        {
            "number": index + 1,
            "cells": {
                column: {
                    "name": name,
                    "id": f"id_shareholders.{index}.{column}",
                    "value": str(cells.get(column, ""))[:400],
                    "errors": errors.get(f"shareholders.{index}.{column}", ()),
                }
                for column, name in ROWS["shareholders"].items()
            },
        }
        for index, cells in enumerate(filled)
    ]


def division_choices() -> list[tuple[str, str | Promise]]:
    """Every division of today with its prefecture's name before it."""
    found = places()
    return [
        (code, place.name if place.prefecture_code == code else f"{found[place.prefecture_code].name} · {place.name}")
        for code, place in found.items()
    ]

"""Budget lines and their statements, for people of a unit and for whoever oversees the tenant."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import fiscal_year, utc_now
from kernel.inputs import read_query
from tenant_apps.budgets import selectors
from tenant_apps.budgets.order_numbers import numbers_of
from tenant_apps.budgets.permissions import BUREAU_READERS, READERS, WRITERS
from tenant_apps.budgets.rules import LineView
from tenant_apps.budgets.serializers import LinesQuery
from tenant_apps.budgets.words import ENTRY_KINDS, FUND_SOURCES


def shown_line(line: LineView) -> dict[str, Any]:
    """A line with its words and the widths of its bar, in hundredths of the total."""
    spent, frozen = (_hundredths(part, line.total) for part in (line.spent, line.frozen))
    source: str | Promise = FUND_SOURCES.get(line.fund_source, line.fund_source)
    return {"line": line, "source": source, "spent": spent, "frozen": frozen, "frozen_from": spent}


def _hundredths(part: Any, total: Any) -> str:
    return "0" if not total else f"{part * 100 / total:.2f}"


@page("budgets.lines", posts=READERS)
def lines(request: HttpRequest) -> HttpResponse:
    """Lines of the reader's units, with what is frozen and spent of each."""
    actor = actor_of(request)
    wanted = read_query(LinesQuery, request)
    year = wanted["fiscal_year"] or fiscal_year(utc_now())
    found = selectors.lines_of(actor=actor, unit_id=wanted["unit_id"], fiscal_year=year)
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for line in found:
        groups.setdefault((line.unit_code, line.unit_name), []).append(shown_line(line))
    context = {
        "groups": [{"code": code, "name": name, "lines": rows} for (code, name), rows in groups.items()],
        "year": year,
        "is_bureau": bool(actor.posts & BUREAU_READERS),
        "years": [(str(one), str(one)) for one in range(year + 1, year - 4, -1)],
    }
    return render(request, "budgets/lines.html", context)


def statement_context(request: HttpRequest, line_id: int) -> dict[str, Any]:
    actor = actor_of(request)
    found = selectors.statement(actor=actor, line_id=line_id)
    # An entry without its balance, or the other way round, cannot be shown as a statement: it is our fault.
    assert found.adds_up, f"the entries of budget line {line_id} do not add up to it"  # noqa: S101
    numbers = numbers_of({entry.order_id for entry, _after in found.rows if entry.order_id is not None})
    return {
        **shown_line(found.line),
        "rows": [
            {
                "entry": entry,
                "kind": ENTRY_KINDS[entry.kind],
                "balance": after,
                "order_number": numbers.get(entry.order_id or 0),
            }
            for entry, after in found.rows
        ],
        "may_write": bool(actor.posts & WRITERS),
    }


@page("budgets.statement", posts=READERS)
def statement(request: HttpRequest, line_id: int) -> HttpResponse:
    """Every entry of a line, with the balance after each."""
    return render(request, "budgets/statement.html", statement_context(request, line_id))

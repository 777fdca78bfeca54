"""Budget lines and their statements, for people of a unit and for whoever oversees the tenant."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import fiscal_year, local, utc_now
from kernel.inputs import read_query
from tenant_apps.budgets import selectors
from tenant_apps.budgets.adjusting import transfer_units
from tenant_apps.budgets.order_numbers import numbers_of
from tenant_apps.budgets.permissions import BUREAU_READERS, PLANNING, READERS, TRANSFERRING, WRITERS
from tenant_apps.budgets.plans import planning_units
from tenant_apps.budgets.process_inputs import StatementQuery
from tenant_apps.budgets.rules import Balance, LineView
from tenant_apps.budgets.serializers import LinesQuery
from tenant_apps.budgets.words import ENTRY_KINDS, FUND_SOURCES
from webkit.paging import address_with
from webkit.tables import csv_response


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
    """What the page of a statement shows; a form that was refused shows the whole statement."""
    actor = actor_of(request)
    time = read_query(StatementQuery, request) if request.method == "GET" else {"since": None, "until": None}
    found = selectors.statement(actor=actor, line_id=line_id, **time)
    # An entry without its balance, or the other way round, cannot be shown as a statement: it is our fault.
    assert found.adds_up, f"the entries of budget line {line_id} do not add up to it"  # noqa: S101
    numbers = numbers_of({entry.order_id for entry, _after in found.rows if entry.order_id is not None})
    texts = {name: day.isoformat() if day else "" for name, day in time.items()}
    line = found.line
    return {
        **shown_line(line),
        **texts,
        "since_day": time["since"],
        "until_day": time["until"],
        "opening": found.opening,
        "closing": found.closing,
        "rows": [
            {
                "entry": entry,
                "kind": ENTRY_KINDS[entry.kind],
                "balance": after,
                "order_number": numbers.get(entry.order_id or 0),
            }
            for entry, after in found.rows
        ],
        "may_write": line.is_open and bool(actor.posts & WRITERS),
        "may_plan": line.is_open and bool(actor.posts & PLANNING) and line.unit_id in planning_units(actor),
        "may_transfer": line.is_open and bool(actor.posts & TRANSFERRING) and line.unit_id in transfer_units(actor),
        "csv_url": address_with(reverse("budgets:statement_csv", args=[line_id]), texts),
    }


@page("budgets.statement", posts=READERS)
def statement(request: HttpRequest, line_id: int) -> HttpResponse:
    """Opening, every entry of a line with the balance after each, closing."""
    return render(request, "budgets/statement.html", statement_context(request, line_id))


@page("budgets.statement_csv", posts=READERS)
def statement_csv(request: HttpRequest, line_id: int) -> HttpResponse:
    time = read_query(StatementQuery, request)
    found = selectors.statement(actor=actor_of(request), line_id=line_id, **time)
    numbers = numbers_of({entry.order_id for entry, _after in found.rows if entry.order_id is not None})
    header = [
        _("Time"), _("Entry"), _("Order"), _("Amount"), _("Total after"), _("Frozen after"), _("Spent after"),
        _("Available after"), _("Reason"), _("Acted by"),
    ]  # fmt: skip
    rows: list[tuple[object, ...]] = [("", _("Opening"), "", "", *_balance(found.opening), "", "")]
    rows += [
        (
            local(entry.at).strftime("%Y-%m-%d %H:%M:%S"), ENTRY_KINDS[entry.kind],
            numbers.get(entry.order_id or 0, ""), entry.amount, *_balance(after), entry.reason,
            entry.actor_name if entry.actor_id else _("the system"),
        )
        for entry, after in found.rows
    ]  # fmt: skip
    rows.append(("", _("Closing"), "", "", *_balance(found.closing), "", ""))
    return csv_response(f"statement-{found.line.plan_number}.csv", header, rows)


def _balance(balance: Balance) -> tuple[Any, ...]:
    return balance.total, balance.frozen, balance.spent, balance.available

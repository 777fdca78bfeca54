"""The list of malls and the calendar."""

from __future__ import annotations

import csv
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.inputs import read_query
from shared_apps.rulebook import selectors
from shared_apps.rulebook.console import TenantRow
from shared_apps.rulebook.console import prefectures as prefectures_of
from shared_apps.rulebook.console import tenants as listed
from shared_apps.rulebook.permissions import READERS
from shared_apps.rulebook.serializers import TenantQuery
from shared_apps.rulebook.wording import LEVELS
from tenants.registry.rules import TenantState
from webkit import states

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _levels() -> list[tuple[str, Any]]:
    return [(str(level), LEVELS[level]) for level in ("province", "prefecture", "county")]


@page("rulebook.console", posts=READERS)
def tenants(request: HttpRequest) -> HttpResponse:
    """Every mall with its state, level and supervisor."""
    wanted = read_query(TenantQuery, request)
    everything = listed()
    keys = {(row.code) for row in listed(**wanted)} if any(wanted.values()) else None
    rows = everything if keys is None else [row for row in everything if row.code in keys]
    counts = {state: sum(row.state == state for row in everything) for state in TenantState}
    context = {
        "rows": rows,
        "wanted": wanted,
        "total": len(everything),
        "counts": [
            (states.label_of("tenant", state).label, counts[state], reverse("rulebook:console") + f"?state={state}")
            for state in TenantState
            if counts[state]
        ],
        "levels": _levels(),
        "prefectures": prefectures_of(everything),
        "states": [(str(state), states.label_of("tenant", state).label) for state in TenantState],
        "csv_url": reverse("rulebook:tenants_csv") + (f"?{urlencode(wanted)}" if any(wanted.values()) else ""),
    }
    return render(request, "rulebook/console.html", context)


@page("rulebook.tenants_csv", posts=READERS)
def tenants_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a file for spreadsheets."""
    rows = listed(**read_query(TenantQuery, request))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="tenants.csv"'
    response.write("\ufeff")  # without it spreadsheets take the file for another encoding
    writer = csv.writer(response)
    place = [_("Mall code"), _("Mall"), _("Level"), _("Prefecture"), _("Supervisor")]
    writer.writerow([*place, _("State"), _("Host"), _("Demonstration")])
    for row in rows:
        writer.writerow([_cell(text) for text in _texts(row)])
    return response


def _texts(row: TenantRow) -> list[str]:
    return [
        row.code,
        row.name,
        str(LEVELS.get(row.level, row.level)),
        row.prefecture_name,
        row.supervisor_name,
        str(states.label_of("tenant", row.state).label),
        row.host,
        _("Yes") if row.is_demo else _("No"),
    ]


def _cell(text: str) -> str:
    """A cell that a spreadsheet does not run."""
    return f"'{text}" if text.startswith(_FORMULA) else text


@page("rulebook.calendar", posts=READERS)
def calendar(request: HttpRequest) -> HttpResponse:
    """Years whose working days are loaded; deadlines in any other year are refused."""
    return render(request, "rulebook/calendar.html", {"years": selectors.calendar_years()})

"""The fleet at a glance: the list of malls, its table, and the tile grid."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import local, utc_now
from kernel.inputs import read_query
from kernel.posts import Post
from shared_apps.fleet import selectors
from shared_apps.fleet.permissions import READERS, WRITERS
from shared_apps.fleet.rules import Sort
from shared_apps.fleet.selectors import APPLIED_STATES, Fleet, MallRow
from shared_apps.fleet.serializers import FleetFilter, FleetQuery
from shared_apps.fleet.tiles import COLUMNS, blocks
from shared_apps.fleet.web.shown import shown
from shared_apps.fleet.words import LEVELS, MARKS, SORTS, state_words
from tenants.registry.rules import TenantState
from webkit.answers import see_other
from webkit.paging import paged
from webkit.tables import csv_response


def _state_label(state: str) -> Any:
    return state_words(state=state, has_mall=state in set(TenantState))[0]


def _query(wanted: dict[str, Any], **changes: Any) -> str:
    """The filter as a query string, without what is empty or usual."""
    kept = {**wanted, **changes}
    usual = {"sort": str(Sort.CODE)}
    text = urlencode({key: value for key, value in kept.items() if value not in {"", None} and usual.get(key) != value})
    return f"?{text}" if text else ""


@page("fleet.console", posts=READERS)
def console(request: HttpRequest) -> HttpResponse:
    """The console opens with the list of malls."""
    query = request.META.get("QUERY_STRING", "")
    return see_other(reverse("fleet:malls") + (f"?{query}" if query else ""))


@page("fleet.malls", posts=READERS)
def malls(request: HttpRequest) -> HttpResponse:
    """Every mall with its state and figures; practice malls apart."""
    wanted = read_query(FleetQuery, request)
    number = wanted.pop("page")
    found = selectors.fleet(actor=actor_of(request), now=utc_now(), **wanted)
    kept = {key: value for key, value in wanted.items() if (key, value) != ("sort", str(Sort.CODE))}
    # Practice malls come last, on pages of the same length.
    part = paged([*found.rows, *found.practice], number=number, path=reverse("fleet:malls"), wanted=kept)
    context = {
        "rows": [shown(row) for row in part.rows if not row.is_practice],
        "practice": [shown(row) for row in part.rows if row.is_practice],
        "total": found.total,
        "fitting": len(found.rows),
        "part": part,
        "cards": _cards(found),
        "csv_url": reverse("fleet:malls_csv") + _query(wanted),
        "bulk_url": reverse("fleet:new_job") + _query({**wanted, "sort": Sort.CODE}),
        "may_act": bool(actor_of(request).posts & WRITERS),
        "measured_at": max((row.measured_at for row in found.rows if row.measured_at), default=None),
        **filter_context(found, wanted),
    }
    return render(request, "fleet/malls.html", context)


def filter_context(found: Fleet, wanted: dict[str, Any]) -> dict[str, Any]:
    """What the filter form offers."""
    return {
        "wanted": wanted,
        "levels": list(LEVELS.items()),
        "prefectures": found.prefectures,
        "supervisors": found.supervisors,
        "states": [(state, _state_label(state)) for state in (*map(str, TenantState), *APPLIED_STATES)],
        "sorts": [(str(sort), label) for sort, label in SORTS.items()],
    }


def _cards(found: Fleet) -> list[dict[str, Any]]:
    here = reverse("fleet:malls")
    return [
        {
            "label": _state_label(state),
            "count": found.counts[state],
            "url": f"{here}?state={state}",
            "mark": MARKS[state],
            "colour": state_words(state=state, has_mall=state in set(TenantState))[1],
        }
        for state in (*map(str, TenantState), *APPLIED_STATES)
        if found.counts.get(state)
    ]


@page("fleet.malls_csv", posts=READERS)
def malls_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a file for spreadsheets."""
    found = selectors.fleet(actor=actor_of(request), with_hosts=True, now=utc_now(), **read_query(FleetFilter, request))
    place = [_("Mall code"), _("Mall"), _("Division"), _("Level"), _("Prefecture"), _("Supervisor"), _("State")]
    figures = [
        _("Checklist"), _("Migrations lacking"), _("Bytes"), _("Last activity"), _("Fee of the month"),
        _("Declared fee budget"), _("Host"), _("Demonstration"), _("Practice"),
    ]  # fmt: skip
    return csv_response("malls.csv", [*place, *figures], map(_cells, (*found.rows, *found.practice)))


def _cells(row: MallRow) -> list[object]:
    told = "" if row.checklist_total is None else f"{row.checklist_done}/{row.checklist_total}"
    return [
        row.code,
        row.name,
        row.division_code,
        LEVELS.get(row.level, row.level),
        row.prefecture_name,
        row.supervisor_name,
        state_words(state=row.state, has_mall=row.has_mall)[0],
        told,
        row.behind,
        row.schema_bytes,
        f"{local(row.last_activity_at):%Y-%m-%d %H:%M}" if row.last_activity_at else "",
        row.fee,
        row.fee_budget,
        row.host,
        _("Yes") if row.is_demo else _("No"),
        _("Yes") if row.is_practice else _("No"),
    ]


@page("fleet.tiles", posts=READERS)
def tiles(request: HttpRequest) -> HttpResponse:
    """The region as a grid of tiles, one a finance level, by prefecture."""
    found = selectors.fleet(actor=actor_of(request), now=utc_now())
    grid = blocks(found.rows)
    context = {
        "blocks": [
            {
                "block": block,
                "tiles": [
                    {"tile": tile, "label": label, "colour": colour, "mark": MARKS[tile.state]}
                    for tile in block.tiles
                    for label, colour in [state_words(state=tile.state, has_mall=tile.has_mall)]
                ],
            }
            for block in grid
        ],
        "cards": _cards(found),
        "columns": COLUMNS,
        "missing": sum(not tile.state for block in grid for tile in block.tiles),
        "is_supervisor": actor_of(request).has(Post.REGION_SUPERVISOR),
    }
    return render(request, "fleet/tiles.html", context)

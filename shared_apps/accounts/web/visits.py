"""Who of the region's overseers looked at a mall: for its bureau, and for those who answer for the overseers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import local
from kernel.inputs import read_query
from kernel.posts import Post
from shared_apps.accounts import visits as reading
from shared_apps.accounts.serializers import VisitFilter, VisitQuery
from webkit.paging import address_with, paged
from webkit.tables import csv_response

TABLE_ROWS_MAX = 20_000


def _found(request: HttpRequest, wanted: dict[str, Any]) -> Any:
    codes = [wanted["tenant"]] if wanted["tenant"] else []
    return reading.visits(
        actor=actor_of(request), codes=codes, q=wanted["q"], since=wanted["since"], until=wanted["until"]
    )


def _shown(row: Any, names: dict[str, str]) -> dict[str, Any]:
    return {
        "row": row,
        "mall": names.get(row.object_id, row.object_id),
        "posts": "、".join(Post(post).label for post in row.facts["posts"]),
    }


@page("accounts.visits", posts=reading.READERS)
def visits(request: HttpRequest) -> HttpResponse:
    wanted = read_query(VisitQuery, request)
    number = wanted.pop("page")
    names = reading.readable_malls(actor=actor_of(request))
    part = paged(_found(request, wanted), number=number, path=reverse("accounts:visits"), wanted=wanted, size=100)
    context = {
        "rows": [_shown(row, names) for row in part.rows],
        "part": part,
        "wanted": wanted,
        "filtered": any(wanted.values()),
        "malls": [(code, name) for code, name in names.items()] if len(names) > 1 else [],
        "table_url": address_with(reverse("accounts:visits_csv"), wanted),
    }
    return render(request, "accounts/visits.html", context)


@page("accounts.visits_csv", posts=reading.READERS)
def visits_csv(request: HttpRequest) -> HttpResponse:
    wanted = read_query(VisitFilter, request)
    names = reading.readable_malls(actor=actor_of(request))
    rows = [_shown(row, names) for row in _found(request, wanted)[:TABLE_ROWS_MAX]]
    header = [_("Time"), _("Mall"), _("Person"), _("Organisation"), _("Posts")]
    return csv_response(
        "visits.csv",
        header,
        (
            [
                f"{local(one['row'].at):%Y-%m-%d %H:%M:%S}", one["mall"], one["row"].actor_name,
                one["row"].organisation_name, one["posts"],
            ]
            for one in rows
        ),
    )  # fmt: skip

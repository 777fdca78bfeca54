"""For a finance level that supervises others: how far their malls are."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from kernel.access import page
from kernel.api import actor_of
from kernel.inputs import read_query
from shared_apps.fleet import selectors
from shared_apps.fleet.permissions import SUPERVISORS
from shared_apps.fleet.selectors import APPLIED_STATES
from shared_apps.fleet.serializers import SupervisedQuery
from shared_apps.fleet.words import MARKS, state_words
from tenants.registry.rules import TenantState
from webkit.paging import paged


@page("fleet.supervised", posts=SUPERVISORS)
def supervised(request: HttpRequest) -> HttpResponse:
    wanted = read_query(SupervisedQuery, request)
    number = wanted.pop("page")
    found = selectors.supervised(actor=actor_of(request), **wanted)
    part = paged(found, number=number, path=reverse("fleet:supervised"), wanted=wanted)
    states = set(map(str, TenantState))
    context = {
        "rows": [
            {
                "row": row,
                "state_label": label,
                "state_colour": colour,
                "mark": MARKS[row.state],
                "may_look": row.has_mall,
            }
            for row in part.rows
            for label, colour in [state_words(state=row.state, has_mall=row.has_mall)]
        ],
        "part": part,
        "live": sum(row.state == "live" for row in found),
        "wanted": wanted,
        "filtered": any(wanted.values()),
        "states": [
            (state, state_words(state=state, has_mall=state in states)[0])
            for state in (*map(str, TenantState), *APPLIED_STATES)
        ],
    }
    return render(request, "fleet/supervised.html", context)

"""For a finance level that supervises others: how far their malls are."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kernel.access import page
from kernel.api import actor_of
from kernel.inputs import StrictSerializer, read_query
from shared_apps.fleet import selectors
from shared_apps.fleet.permissions import SUPERVISORS
from shared_apps.fleet.words import MARKS, state_words


@page("fleet.supervised", posts=SUPERVISORS)
def supervised(request: HttpRequest) -> HttpResponse:
    read_query(StrictSerializer, request)
    rows = selectors.supervised(actor=actor_of(request))
    context = {
        "rows": [
            {"row": row, "state_label": label, "state_colour": colour, "mark": MARKS[row.state]}
            for row in rows
            for label, colour in [state_words(state=row.state, has_mall=row.has_mall)]
        ],
        "live": sum(row.state == "live" for row in rows),
    }
    return render(request, "fleet/supervised.html", context)

"""The supervision page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import fiscal_year, utc_now
from kernel.inputs import read_query
from shared_apps.insight.selectors import READERS, supervision
from shared_apps.insight.serializers import YearQuery
from shared_apps.insight.words import STAGES


@page("insight.supervision", posts=READERS)
def supervision_page(request: HttpRequest) -> HttpResponse:
    """Orders and value by tenant and stage, for one budget year."""
    year = read_query(YearQuery, request).get("year") or fiscal_year(utc_now())
    found = supervision(actor=actor_of(request), fiscal_year=year)
    return render(
        request,
        "insight/supervision.html",
        {
            "found": found,
            "stages": [(label, found.by_stage[stage]) for stage, label in STAGES.items()],
            "stage_labels": list(STAGES.values()),
            "years": [(str(one), f"{reverse('insight:supervision')}?year={one}", one == year) for one in found.years],
        },
    )

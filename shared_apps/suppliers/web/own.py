"""The supplier's workbench: how it stands, its papers, its applications."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import local_date, utc_now
from shared_apps.suppliers.permissions import acts_for
from shared_apps.suppliers.sections import Asked, Audience, blocks
from shared_apps.suppliers.selectors import own, queue
from shared_apps.suppliers.web.shown import supplier_context
from shared_apps.suppliers.wording import KINDS


@page("suppliers.workbench", signed_in=True)
def workbench(request: HttpRequest) -> HttpResponse:
    """Signed in is enough: whoever registers belongs to no supplier yet."""
    actor, now = actor_of(request), utc_now()
    mine = own.own_suppliers(actor=actor)
    rows = queue.own_applications(actor=actor, supplier_ids=[one.pk for one in mine])
    shown = [
        {
            **supplier_context(own.whole(one, today=local_date(now)), today=local_date(now)),
            "administers": acts_for(actor, one.organisation_id),
            "blocks": blocks(Asked(one.pk, Audience.OWN, actor, now)).values(),
        }
        for one in mine
    ]
    context = {"suppliers": shown, "applications": [(row, KINDS[row.kind]) for row in rows]}
    return render(request, "suppliers/workbench.html", context)

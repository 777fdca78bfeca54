"""The supplier's workbench: how it stands, its papers, its applications."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import local_date, utc_now
from kernel.inputs import StrictSerializer, read_input
from kernel.problems import DomainError
from shared_apps.suppliers import services
from shared_apps.suppliers.permissions import ADMINISTRATORS, acts_for
from shared_apps.suppliers.rules import OPEN_STATES
from shared_apps.suppliers.sections import Asked, Audience, blocks
from shared_apps.suppliers.selectors import own, queue
from shared_apps.suppliers.serializers import PhoneInput
from shared_apps.suppliers.web.shown import supplier_context
from shared_apps.suppliers.wording import KINDS
from webkit.answers import again, see_other

TEMPLATE = "suppliers/workbench.html"


def _context(request: HttpRequest) -> dict[str, Any]:
    actor, now = actor_of(request), utc_now()
    today = local_date(now)
    mine = own.own_whole(actor=actor, today=today)
    rows = queue.own_applications(actor=actor, supplier_ids=[one.row.pk for one in mine])
    # At most one of a supplier's is open.
    changes = {row.supplier_id: row for row in rows if row.state in OPEN_STATES}
    return {
        "suppliers": [
            {
                **supplier_context(one, today=today),
                "change": changes.get(one.row.pk),
                "administers": acts_for(actor, one.row.organisation_id),
                "blocks": blocks(Asked(one.row.pk, one.row.uscc, Audience.OWN, actor, now)).values(),
            }
            for one in mine
        ],
        "applications": [(row, KINDS[row.kind]) for row in rows],
    }


@page("suppliers.workbench", signed_in=True)
def workbench(request: HttpRequest) -> HttpResponse:
    """Signed in is enough: whoever registers belongs to no supplier yet."""
    return render(request, TEMPLATE, _context(request))


@page("suppliers.begin_change", posts=ADMINISTRATORS, methods=("POST",))
def begin_change(request: HttpRequest, supplier_id: int) -> HttpResponse:
    """A draft of what the library says, to be changed and sent."""
    try:
        read_input(StrictSerializer, request.POST)
        row = services.begin_change(actor=actor_of(request), supplier_id=supplier_id, now=utc_now())
    except DomainError as error:
        return again(request, TEMPLATE, error, _context(request))
    return see_other(reverse("suppliers:application", args=[row.pk]))


@page("suppliers.change_phone", posts=ADMINISTRATORS, methods=("POST",))
def change_phone(request: HttpRequest, supplier_id: int) -> HttpResponse:
    try:
        wanted = read_input(PhoneInput, request.POST)
        services.change_phone(actor=actor_of(request), supplier_id=supplier_id, now=utc_now(), **wanted)
    except DomainError as error:
        return again(request, TEMPLATE, error, _context(request))
    messages.success(request, _("The telephone is changed."))
    return see_other(reverse("suppliers:workbench"))


@page("suppliers.confirm", posts=ADMINISTRATORS, methods=("POST",))
def confirm(request: HttpRequest, supplier_id: int) -> HttpResponse:
    try:
        read_input(StrictSerializer, request.POST)
        services.confirm_supplier(actor=actor_of(request), supplier_id=supplier_id, now=utc_now())
    except DomainError as error:
        return again(request, TEMPLATE, error, _context(request))
    messages.success(request, _("Confirmed for another year."))
    return see_other(reverse("suppliers:workbench"))

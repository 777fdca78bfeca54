"""The supervisors' pages: everything of a supplier with its history, and suppliers that may belong together."""

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
from kernel.inputs import read_input, read_query
from kernel.problems import DomainError
from shared_apps.suppliers import services
from shared_apps.suppliers.exporting import related_csv
from shared_apps.suppliers.permissions import READERS, SUPERVISORS
from shared_apps.suppliers.rules import LIBRARIANS, SUPPLIER_LIFECYCLE
from shared_apps.suppliers.sections import Asked, Audience, blocks
from shared_apps.suppliers.selectors.own import supplier_record
from shared_apps.suppliers.selectors.related import GROUPS_MAX, related_suppliers
from shared_apps.suppliers.serializers import RelatedInput, StandingInput
from shared_apps.suppliers.web.history import told
from shared_apps.suppliers.web.shown import supplier_context
from shared_apps.suppliers.wording import ACTIONS, DOCUMENTS, KINDS, TIES
from webkit.answers import again, see_other


def _record_context(request: HttpRequest, supplier_id: int) -> dict[str, Any]:
    actor, now = actor_of(request), utc_now()
    found = supplier_record(actor=actor, supplier_id=supplier_id, today=local_date(now))
    moves = [move.action for move in SUPPLIER_LIFECYCLE.actions(found.whole.row.standing, actor.posts)]
    return {
        **supplier_context(found.whole, today=local_date(now)),
        "applications": [(row, KINDS[row.kind]) for row in found.applications],
        "shareholders": found.shareholders,
        "ended": [(one, DOCUMENTS[one.kind]) for one in found.whole.ended],
        "history": told(found.history),
        "related": [(TIES[group.tie], group) for group in related_suppliers(actor=actor, supplier_id=supplier_id)],
        "may_see_related": bool(actor.posts & SUPERVISORS),
        "actions": [(action, ACTIONS[action]) for action in moves if action in ACTIONS],
        "sections": blocks(Asked(supplier_id, found.whole.row.uscc, Audience.SUPERVISOR, actor, now)).values(),
    }


@page("suppliers.record", posts=READERS)
def record(request: HttpRequest, supplier_id: int) -> HttpResponse:
    return render(request, "suppliers/record.html", _record_context(request, supplier_id))


@page("suppliers.change_standing", posts=LIBRARIANS, methods=("POST",))
def change_standing(request: HttpRequest, supplier_id: int) -> HttpResponse:
    try:
        wanted = read_input(StandingInput, request.POST)
        services.change_standing(actor=actor_of(request), supplier_id=supplier_id, now=utc_now(), **wanted)
    except DomainError as error:
        return again(request, "suppliers/record.html", error, _record_context(request, supplier_id))
    messages.success(request, _("The standing is changed; it stands in the journal with its reason."))
    return see_other(reverse("suppliers:record", args=[supplier_id]))


@page("suppliers.related", posts=SUPERVISORS)
def related(request: HttpRequest) -> HttpResponse:
    """Groups of suppliers with one legal representative, address, telephone or shareholder, the largest first."""
    given = read_query(RelatedInput, request)
    groups = related_suppliers(actor=actor_of(request), tie=given["tie"])
    here = reverse("suppliers:related")
    context = {
        "groups": [(TIES[group.tie], group) for group in groups],
        "tabs": [(_("All"), here, not given["tie"])]
        + [(label, f"{here}?tie={tie}", str(tie) == given["tie"]) for tie, label in TIES.items()],
        "csv_url": f"{reverse('suppliers:related_csv')}?{request.GET.urlencode()}",
        "groups_max": GROUPS_MAX,
    }
    return render(request, "suppliers/related.html", context)


@page("suppliers.related_csv", posts=SUPERVISORS)
def related_csv_file(request: HttpRequest) -> HttpResponse:
    groups = related_suppliers(actor=actor_of(request), **read_query(RelatedInput, request))
    return related_csv(groups)

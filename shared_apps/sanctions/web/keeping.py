"""Entering bans, putting them in force, lifting and annulling them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import utc_now
from kernel.inputs import StrictSerializer, read_input, read_query
from kernel.problems import DomainError, InvalidInput
from shared_apps.sanctions import selectors, services
from shared_apps.sanctions.causes import CAUSES, citation
from shared_apps.sanctions.parties import PARTIES
from shared_apps.sanctions.reach import levels_of
from shared_apps.sanctions.rules import KEEPERS, SANCTION_LIFECYCLE, SanctionState
from shared_apps.sanctions.serializers import (
    AnnulSanctionInput,
    EnterSanctionInput,
    KeptListInput,
    LiftSanctionInput,
)
from shared_apps.sanctions.services import NewSanction, Upload
from shared_apps.sanctions.web.public import kinds, shown
from shared_apps.sanctions.wording import GROUNDS, SCOPES
from tenants.registry.selectors import tenant_names
from webkit import states
from webkit.answers import again, see_other
from webkit.paging import pages_around


def _document(request: HttpRequest, *, required: bool) -> Upload | None:
    """The one file of the form. Raises InvalidInput for another number of files."""
    files = request.FILES.getlist("document")
    if set(request.FILES) - {"document"} or len(files) > 1 or (required and not files):
        raise InvalidInput(errors={"document": [_("Choose one file.")]})
    return Upload(str(files[0].name), bytes(files[0].read())) if files else None


@page("sanctions.kept", posts=KEEPERS)
def kept(request: HttpRequest) -> HttpResponse:
    """Drafts first."""
    given = read_query(KeptListInput, request)
    rows = selectors.kept_sanctions(actor=actor_of(request), text=given["q"], state=given["state"], page=given["page"])
    asked = {key: given[key] for key in ("q", "state") if given[key]}
    pages = given["page"] + (len(rows) == selectors.PAGE_SIZE)
    context = {
        "given": given,
        "rows": [(row, PARTIES[row.sanction.party_kind].label) for row in rows],
        "states": [(state.value, states.label_of("sanction", state.value).label) for state in SanctionState],
        **pages_around(reverse("sanctions:kept"), asked, given["page"], more=given["page"] < pages),
    }
    return render(request, "sanctions/kept.html", context)


# Left empty in the form: not known, or the person's only level.
_MAY_BE_EMPTY = ("purchase_amount", "fine_amount", "level")


def _typed(request: HttpRequest) -> QueryDict:
    """The form without what was left empty."""
    typed = request.POST.copy()
    for name in _MAY_BE_EMPTY:
        if typed.getlist(name) == [""]:
            del typed[name]
    return typed


def _form(request: HttpRequest) -> dict[str, Any]:
    causes = [cause for cause in CAUSES.values() if cause.party_kind in PARTIES]
    own = sorted(levels_of(actor_of(request)))
    names = tenant_names() if len(own) > 1 else {}
    return {
        "kinds": kinds(),
        "causes": [
            (cause.code, f"{PARTIES[cause.party_kind].label}：{citation(cause)}　{cause.words}") for cause in causes
        ],
        "scopes": list(SCOPES.items()),
        "divisions": list(selectors.all_divisions()),
        "chosen": request.POST.getlist("scope_divisions"),
        "levels": [(code, names[code].name if code in names else _("The region")) for code in own]
        if len(own) > 1
        else [],
        "form": {},
    }


@page("sanctions.enter", posts=KEEPERS, methods=("GET", "POST"))
def enter(request: HttpRequest) -> HttpResponse:
    """The decision as its document states it."""
    if request.method != "POST":
        return render(request, "sanctions/enter.html", _form(request))
    try:
        given = read_input(EnterSanctionInput, _typed(request))
        row = services.enter_sanction(
            actor=actor_of(request),
            given=NewSanction(**given),
            document=_document(request, required=True),
            now=utc_now(),
        )
    except DomainError as error:
        return again(request, "sanctions/enter.html", error, _form(request))
    messages.success(request, _("The ban is entered. It holds nobody until a second person puts it in force."))
    return see_other(reverse("sanctions:one", args=[row.pk]))


def _one(request: HttpRequest, sanction_id: int) -> dict[str, Any]:
    actor = actor_of(request)
    work = selectors.kept_sanction(actor=actor, sanction_id=sanction_id)
    actions = {move.action for move in SANCTION_LIFECYCLE.actions(work.sanction.state, actor.posts)}
    return {
        **shown(work.sanction),
        "work": work,
        "actions": actions,
        "is_own": actor.user_id == work.entered_by,
        "may_open": True,
        "grounds": list(GROUNDS.items()),
        "force_url": reverse("sanctions:put_in_force", args=[sanction_id]),
        "query": urlencode({"q": work.sanction.party_code}),
    }


@page("sanctions.one", posts=KEEPERS)
def one(request: HttpRequest, sanction_id: int) -> HttpResponse:
    return render(request, "sanctions/one.html", _one(request, sanction_id))


@page("sanctions.attach", posts=KEEPERS, methods=("POST",))
def attach(request: HttpRequest, sanction_id: int) -> HttpResponse:
    try:
        read_input(StrictSerializer, request.POST)
        document = _document(request, required=True)
        if document is not None:
            services.attach_decision(actor=actor_of(request), sanction_id=sanction_id, document=document, now=utc_now())
    except DomainError as error:
        return again(request, "sanctions/one.html", error, _one(request, sanction_id))
    messages.success(request, _("The document is attached."))
    return see_other(reverse("sanctions:one", args=[sanction_id]))


@page("sanctions.put_in_force", posts=KEEPERS, methods=("POST",))
def put_in_force(request: HttpRequest, sanction_id: int) -> HttpResponse:
    try:
        read_input(StrictSerializer, request.POST)
        services.put_in_force(actor=actor_of(request), sanction_id=sanction_id, now=utc_now())
    except DomainError as error:
        return again(request, "sanctions/one.html", error, _one(request, sanction_id))
    messages.success(request, _("The ban is in force and on the public list."))
    return see_other(reverse("sanctions:one", args=[sanction_id]))


@page("sanctions.lift", posts=KEEPERS, methods=("POST",))
def lift(request: HttpRequest, sanction_id: int) -> HttpResponse:
    try:
        given = read_input(LiftSanctionInput, request.POST)
        services.lift_sanction(
            actor=actor_of(request),
            sanction_id=sanction_id,
            document=_document(request, required=True),
            now=utc_now(),
            **given,
        )
    except DomainError as error:
        return again(request, "sanctions/one.html", error, _one(request, sanction_id))
    messages.success(request, _("The ban is lifted. Other bans of the party stay."))
    return see_other(reverse("sanctions:one", args=[sanction_id]))


@page("sanctions.annul", posts=KEEPERS, methods=("POST",))
def annul(request: HttpRequest, sanction_id: int) -> HttpResponse:
    try:
        given = read_input(AnnulSanctionInput, request.POST)
        services.annul_sanction(actor=actor_of(request), sanction_id=sanction_id, now=utc_now(), **given)
    except DomainError as error:
        return again(request, "sanctions/one.html", error, _one(request, sanction_id))
    messages.success(request, _("The entry is annulled. Enter the right one anew."))
    return see_other(reverse("sanctions:one", args=[sanction_id]))

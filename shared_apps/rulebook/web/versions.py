"""Rule versions: list, one version, entering and verifying."""

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
from shared_apps.rulebook import selectors, services
from shared_apps.rulebook.parameters import SETTABLE
from shared_apps.rulebook.permissions import READERS, WRITERS
from shared_apps.rulebook.rules import THRESHOLDS, Kind, Level, VersionState
from shared_apps.rulebook.serializers import EnterVersionInput, VerifyInput, VersionQuery, WithdrawInput
from shared_apps.rulebook.web.parameters import shown_parameters
from shared_apps.rulebook.wording import BASES, KINDS, LEVELS, MODULES, TITLES
from shared_apps.rulebook.words import SEVERITIES
from webkit import states
from webkit.answers import again, see_other


def _labelled(row: Any) -> dict[str, Any]:
    return {
        "row": row,
        "title": TITLES.get(row.code, row.code),
        "level": LEVELS.get(row.level, row.level),
        "kind": KINDS.get(row.kind, row.kind),
        "module": MODULES.get(row.module, row.module),
        "basis": BASES.get(row.basis, row.basis),
    }


def _choices() -> dict[str, Any]:
    return {
        "codes": [(code, TITLES[code]) for code in THRESHOLDS],
        "levels": [(str(level), LEVELS[level]) for level in Level],
        "kinds": [(str(kind), KINDS[kind]) for kind in Kind],
    }


@page("rulebook.rules", posts=READERS)
def rules(request: HttpRequest) -> HttpResponse:
    """Every version of every rule; those waiting for verification first."""
    wanted = read_query(VersionQuery, request)
    rows = [_labelled(row) for row in selectors.versions(**wanted)]
    context = {
        "waiting": [one for one in rows if one["row"].state == VersionState.ENTERED],
        "rows": [one for one in rows if one["row"].state != VersionState.ENTERED],
        "wanted": wanted,
        "may_write": bool(actor_of(request).posts & WRITERS),
        **_choices(),
        "all_codes": [(code, title) for code, title in TITLES.items()],
        "states": [(str(state), states.label_of("rule_version", state).label) for state in VersionState],
    }
    return render(request, "rulebook/rules.html", context)


def _version_context(request: HttpRequest, version_id: int) -> dict[str, Any]:
    row = selectors.version(version_id=version_id)
    texts = selectors.law_texts()
    may_act = bool(actor_of(request).posts & WRITERS) and row.state == VersionState.ENTERED
    return {
        **_labelled(row),
        "law": [texts[key] for key in row.articles if key in texts],
        "history": [(one, shown_parameters(one)) for one in selectors.scope_history(of=row)],
        "may_act": may_act,
        "facts": _facts(row),
        "may_set": row.code in SETTABLE and bool(actor_of(request).posts & WRITERS),
        "is_other": row.entered_by_id == actor_of(request).user_id,
    }


def _facts(row: Any) -> list[tuple[Any, Any]]:
    one = _labelled(row)
    limit = (
        _("The limit itself is allowed") if row.parameters.get("inclusive") else _("The limit itself is not allowed")
    )
    return [
        (_("Module"), one["module"]),
        (_("Level"), one["level"]),
        (_("Kind of object"), one["kind"]),
        (_("Kind of rule"), one["basis"]),
        (_("Legal basis"), row.legal_basis),
        *([(_("At the limit"), limit)] if row.amount is not None else []),
        *shown_parameters(row),
        *([(_("What it does"), SEVERITIES[row.severity])] if _has_choice(row) else []),
        (_("Document number"), row.document_number or "—"),
        (_("Entered by"), row.entered_by_name or _("The platform")),
        *([(_("Verified by"), row.verified_by_name)] if row.verified_at else []),
    ]


def _has_choice(row: Any) -> bool:
    """Whether the rule may warn as well as refuse."""
    return row.code in SETTABLE and row.severity in SETTABLE[row.code].severities


@page("rulebook.version", posts=READERS)
def version(request: HttpRequest, version_id: int) -> HttpResponse:
    return render(request, "rulebook/version.html", _version_context(request, version_id))


@page("rulebook.new_version", posts=WRITERS, methods=("GET", "POST"))
def new_version(request: HttpRequest) -> HttpResponse:
    """A threshold as the region's document states it."""
    context = {**_choices(), "form": {"valid_from": local_date(utc_now()).isoformat()}}
    if request.method != "POST":
        return render(request, "rulebook/new_version.html", context)
    try:
        wanted = read_input(EnterVersionInput, request.POST)
        row = services.enter_version(actor=actor_of(request), now=utc_now(), **wanted)
    except DomainError as error:
        return again(request, "rulebook/new_version.html", error, context)
    messages.success(request, _("The version is entered. It takes effect once it is verified."))
    return see_other(reverse("rulebook:version", args=[row.pk]))


@page("rulebook.verify", posts=WRITERS, methods=("POST",))
def verify(request: HttpRequest, version_id: int) -> HttpResponse:
    try:
        wanted = read_input(VerifyInput, request.POST)
        services.verify_version(actor=actor_of(request), version_id=version_id, now=utc_now(), **wanted)
    except DomainError as error:
        return again(request, "rulebook/version.html", error, _version_context(request, version_id))
    messages.success(request, _("The version is verified and in force from its first day."))
    return see_other(reverse("rulebook:version", args=[version_id]))


@page("rulebook.withdraw", posts=WRITERS, methods=("POST",))
def withdraw(request: HttpRequest, version_id: int) -> HttpResponse:
    try:
        wanted = read_input(WithdrawInput, request.POST)
        services.withdraw_version(actor=actor_of(request), version_id=version_id, now=utc_now(), **wanted)
    except DomainError as error:
        return again(request, "rulebook/version.html", error, _version_context(request, version_id))
    messages.success(request, _("The version is taken back."))
    return see_other(reverse("rulebook:rules"))

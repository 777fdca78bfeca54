"""Codes of the old mall: what they are here, and choosing it by search."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import utc_now
from kernel.inputs import read_input, read_query
from kernel.problems import DomainError
from tenant_apps.takeover import choices, selectors, services
from tenant_apps.takeover.rules import READERS, SENDERS, CodeKind
from tenant_apps.takeover.serializers import CodeQuery, CodesQuery, MapCodeForm
from tenant_apps.takeover.sheets import CODE_KINDS
from webkit.answers import again, see_other

LIST, PAGE = "takeover/codes.html", "takeover/map_code.html"
NO_FILTER: dict[str, Any] = {"kind": "", "search": "", "after": None}


@page("takeover.codes", posts=READERS)
def codes(request: HttpRequest) -> HttpResponse:
    """Every code mapped so far, newest first."""
    return render(request, LIST, _list_context(request, read_query(CodesQuery, request)))


def _list_context(request: HttpRequest, wanted: dict[str, Any]) -> dict[str, Any]:
    found = selectors.codes(actor=actor_of(request), **wanted)
    kept = {name: wanted[name] for name in ("kind", "search") if wanted[name]}
    rows = [
        {"row": row, "kind": CODE_KINDS[row.kind], "query": urlencode({"kind": row.kind, "old_code": row.old_code})}
        for row in found.codes
    ]
    return {
        "rows": rows,
        "kinds": list(CODE_KINDS.items()),
        "query": wanted,
        "filtered": bool(kept),
        "first_url": f"?{urlencode(kept)}" if wanted["after"] else "",
        "next_url": f"?{urlencode({**kept, 'after': found.next_after})}" if found.next_after else "",
        "may_map": bool(actor_of(request).posts & SENDERS),
    }


@page("takeover.map_code", posts=SENDERS, methods=("GET", "POST"))
def map_code(request: HttpRequest) -> HttpResponse:
    """GET searches what a code may be here, POST says it and goes back to the package it was met in."""
    if request.method != "POST":
        return render(request, PAGE, _context(request, read_query(CodeQuery, request)))
    try:
        chosen = read_input(MapCodeForm, request.POST)
        package = chosen.pop("package")
        services.map_code(actor=actor_of(request), now=utc_now(), **chosen)
    except DomainError as error:
        return again(request, LIST, error, _list_context(request, NO_FILTER))
    messages.success(request, _("The code is mapped. Have the package checked again once all codes are."))
    return see_other(reverse("takeover:package", args=[package]) if package else reverse("takeover:codes"))


def _context(request: HttpRequest, wanted: dict[str, Any]) -> dict[str, Any]:
    kind, code = CodeKind(wanted["kind"]), wanted["old_code"]
    name = ""
    if wanted["package"]:
        row = selectors.package_for(actor=actor_of(request), takeover_id=wanted["package"])
        name = next((str(one[2]) for one in row.unmapped if one[0] == kind and one[1] == code), "")
    text = wanted["search"]
    return {
        "wanted": wanted,
        "kind": kind,
        "kind_label": CODE_KINDS[kind],
        "name": name,
        "text": text,
        "found": choices.search_codes(kind=kind, text=text),
        "current": selectors.code_of(actor=actor_of(request), kind=kind, old_code=code),
        "searchable": kind != CodeKind.STATE,
        "must_search": kind in {CodeKind.SUPPLIER, CodeKind.PRODUCT} and not text,
    }

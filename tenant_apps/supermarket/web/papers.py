"""Papers beside the checkout form, put there and taken away without leaving it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import utc_now
from kernel.file_kinds import FileRefused
from kernel.inputs import StrictSerializer, read_input
from kernel.posts import Post
from kernel.problems import InvalidInput, NotFound, as_problem
from kernel.uploads import one_file
from tenant_apps.orders.rules import PurchaseMode
from tenant_apps.storefront.selectors import clerk_units
from tenant_apps.supermarket import papers
from tenant_apps.supermarket.notes import Paper
from tenant_apps.supermarket.papers import PAPERS_MAX, PapersFull
from tenant_apps.supermarket.serializers import PaperInput, RemovePaperInput
from tenant_apps.supermarket.web.form import key_of

CLERK = frozenset({Post.BUYER_CLERK})


@page("supermarket.add_paper", posts=CLERK, methods=("POST",))
def add(request: HttpRequest, supplier_id: int) -> HttpResponse:
    def change(data: dict[str, Any]) -> None:
        paper = Paper(*one_file(request, field="paper"))
        papers.add_paper(
            actor=actor_of(request), unit_id=data["unit_id"], supplier_id=supplier_id, paper=paper, now=utc_now()
        )

    return _changed(request, supplier_id, PaperInput, change)


@page("supermarket.remove_paper", posts=CLERK, methods=("POST",))
def remove(request: HttpRequest, supplier_id: int) -> HttpResponse:
    def change(data: dict[str, Any]) -> None:
        papers.remove_paper(
            actor=actor_of(request), unit_id=data["unit_id"], supplier_id=supplier_id, key=data["key"], now=utc_now()
        )

    return _changed(request, supplier_id, RemovePaperInput, change)


def _changed(request: HttpRequest, supplier_id: int, serializer: type[StrictSerializer], change: Any) -> HttpResponse:
    """The list anew in the place of the old one; without scripts back to the form."""
    problem: InvalidInput | PapersFull | None = None
    data: dict[str, Any] = {}
    try:
        data = read_input(serializer, request.POST)
        change(data)
    except (InvalidInput, FileRefused, PapersFull) as refused:
        problem = refused
    if problem is None and not request.headers.get("HX-Request"):
        return HttpResponseRedirect(_checkout(supplier_id, data), status=303)
    actor, unit_id = actor_of(request), data.get("unit_id") or key_of(str(request.POST.get("unit_id", "")))
    if unit_id is None or unit_id not in clerk_units(actor=actor):
        raise NotFound(unit_id=unit_id)
    context = {
        **shown(papers.papers_of(actor=actor, unit_id=unit_id, supplier_id=supplier_id)),
        "problem": as_problem(problem, request.path) if problem else None,
        "supplier_id": supplier_id,
        "unit_id": unit_id,
        "mode": data.get("mode", ""),
        "bargain_id": data.get("bargain_id"),
        "back": _checkout(supplier_id, {"mode": "", "bargain_id": None, **data, "unit_id": unit_id}),
    }
    template = "supermarket/_papers.html" if request.headers.get("HX-Request") else "supermarket/papers.html"
    return render(request, template, context, status=problem.status if problem else 200)


def _checkout(supplier_id: int, data: dict[str, Any]) -> str:
    """The form that the list stands in, as it was opened."""
    asked = {"unit": data["unit_id"], "bargain": data["bargain_id"]}
    if data["mode"] != PurchaseMode.BARGAIN:
        asked["mode"] = data["mode"]
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{reverse('supermarket:checkout', args=[supplier_id])}?{query}#papers"


def shown(found: list[Any]) -> dict[str, Any]:
    """What the list's template takes."""
    return {"papers": found, "papers_max": PAPERS_MAX, "papers_full": len(found) >= PAPERS_MAX}

"""The region's page on the bound of the malls' shelves."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import utc_now
from kernel.inputs import read_input
from kernel.problems import DomainError, as_problem
from shared_apps.products import shelf_bounds as bounds
from shared_apps.products.serializers import ShelfBoundInput


@page("products.shelf_bound", posts=bounds.BOUND_POSTS, methods=("GET", "POST"))
def shelf_bound(request: HttpRequest) -> HttpResponse:
    """Whether malls may approve suppliers locally; every change with its reason."""
    problem: DomainError | None = None
    if request.method == "POST":
        try:
            given = read_input(ShelfBoundInput, request.POST)
            bounds.set_shelf_bound(actor=actor_of(request), now=utc_now(), **given)
            messages.success(request, _("The bound is set."))
            return HttpResponse(status=303, headers={"Location": request.path, "Cache-Control": "no-store"})
        except DomainError as error:
            problem = error
    history = bounds.shelf_bounds()
    context: dict[str, Any] = {"history": history, "allowed": bool(history) and history[0].local_approval_allowed}
    if problem is not None:
        context["problem"] = as_problem(problem, instance=request.path)
        context["given"] = request.POST
    return render(request, "products/shelf_bound.html", context, status=problem.status if problem else 200)

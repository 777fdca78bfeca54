"""The bureau chooses what the mall shows."""

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
from shared_apps.classification.selectors import catalogue
from shared_apps.products.selectors import product_counts
from shared_apps.suppliers.selectors import admitted_suppliers
from tenant_apps.storefront import selectors, services
from tenant_apps.storefront.areas import choosable_areas
from tenant_apps.storefront.serializers import ShelfInput
from tenants.database.context import current_tenant


@page("storefront.shelf", posts=services.SHELF_POSTS, methods=("GET", "POST"))
def shelf(request: HttpRequest) -> HttpResponse:
    """Categories shown and suppliers left out; a first visit proposes every category."""
    problem: DomainError | None = None
    if request.method == "POST":
        try:
            services.choose_shelf(actor=actor_of(request), now=utc_now(), **read_input(ShelfInput, request.POST))
            messages.success(request, _("The shelf is chosen."))
            return HttpResponse(status=303, headers={"Location": request.path, "Cache-Control": "no-store"})
        except DomainError as error:
            problem = error
    choice = selectors.shelf_choice()
    counts = product_counts()
    excluded = choice.excluded_supplier_ids if choice else frozenset()
    context: dict[str, Any] = {
        "choice": choice,
        "version": choice.version if choice else 0,
        "categories": [
            {
                "code": one.code,
                "name": one.name,
                "item": f"{one.item_code} {one.item_name}",
                "products": counts.get(one.code, 0),
                "checked": choice is None or one.code in choice.categories,
            }
            for one in catalogue()
        ],
        "own_name": current_tenant().name,
        "areas": [
            {"code": code, "name": one.name, "checked": choice is not None and code in choice.more_areas}
            for code, one in choosable_areas().items()
        ],
        "suppliers": [{"supplier": one, "checked": one.id in excluded} for one in admitted_suppliers()],
    }
    if problem is not None:
        context["problem"] = as_problem(problem, instance=request.path)
    return render(request, "storefront/shelf.html", context, status=problem.status if problem else 200)

"""The clerk's cart: one order to be for each supplier."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import utc_now
from kernel.inputs import StrictSerializer, read_input
from kernel.posts import Post
from kernel.problems import DomainError, as_problem
from shared_apps.rulebook.rules import ONLINE_SUPERMARKET
from tenant_apps.policies.selectors import module_open
from tenant_apps.storefront import selectors, services
from tenant_apps.storefront.areas import area_names
from tenant_apps.storefront.read_models import CartView
from tenant_apps.storefront.serializers import AddInput, AreaInput, LineInput, UnitInput
from tenant_apps.storefront.sharing import colleagues_of

CLERK = frozenset({Post.BUYER_CLERK})


@page("storefront.cart", posts=CLERK)
def cart(request: HttpRequest) -> HttpResponse:
    return _show(request)


def _show(request: HttpRequest, problem: DomainError | None = None) -> HttpResponse:
    actor = actor_of(request)
    units = selectors.clerk_units(actor=actor)
    unit_id = selectors.unit_in_use(actor=actor, units=units)
    view = selectors.cart_for(actor=actor, unit_id=unit_id) if unit_id is not None else CartView(0, ())
    context: dict[str, Any] = {
        "cart": view,
        "suppliers": [(supplier, _checkout_address(supplier.supplier_id)) for supplier in view.suppliers],
        "units": units,
        "unit_id": unit_id,
        "areas": area_names(selectors.served_areas()),
        "area_code": view.area_code,
        "unit_name": units.get(unit_id or 0, ""),
        "is_open": module_open(ONLINE_SUPERMARKET),
        "list_url": reverse("storefront:products"),
        "colleagues": colleagues_of(actor=actor, unit_id=unit_id) if unit_id is not None and view.line_count else {},
    }
    if problem is not None:
        context["problem"] = as_problem(problem, instance=request.path)
    return render(request, "storefront/cart.html", context, status=problem.status if problem else 200)


def _checkout_address(supplier_id: int) -> str:
    """The checkout page of the supermarket, or nothing where that module is not installed."""
    try:
        return reverse("supermarket:checkout", kwargs={"supplier_id": supplier_id})
    except NoReverseMatch:
        return ""


@page("storefront.cart_badge", posts=CLERK)
def badge(request: HttpRequest) -> HttpResponse:
    """The bare figure for the menu, or nothing."""
    count = selectors.cart_line_count(actor=actor_of(request))
    return HttpResponse(str(count) if count else "", headers={"Cache-Control": "no-store"})


def _write(
    request: HttpRequest, serializer: type[StrictSerializer], change: Callable[..., object], done: str
) -> HttpResponse:
    """One service call, then back to the cart; a refusal shows the cart with its reason."""
    try:
        given = read_input(serializer, request.POST)
        change(actor=actor_of(request), now=utc_now(), **given)
    except DomainError as error:
        return _show(request, error)
    messages.success(request, done)
    return HttpResponse(status=303, headers={"Location": reverse("storefront:cart"), "Cache-Control": "no-store"})


@page("storefront.cart_unit", posts=CLERK, methods=("POST",))
def unit(request: HttpRequest) -> HttpResponse:
    """Another unit to shop for; back to the product page that asked, else to the cart."""
    try:
        given = read_input(UnitInput, request.POST)
        services.use_unit(actor=actor_of(request), unit_id=given["unit_id"], now=utc_now())
    except DomainError as error:
        return _show(request, error)
    code = given["product_code"]
    address = reverse("storefront:product", kwargs={"code": code}) if code else reverse("storefront:cart")
    return HttpResponse(status=303, headers={"Location": address, "Cache-Control": "no-store"})


@page("storefront.cart_area", posts=CLERK, methods=("POST",))
def area(request: HttpRequest) -> HttpResponse:
    """Another division to deliver to; back to the product page that asked, else to the cart."""
    try:
        given = read_input(AreaInput, request.POST)
        code = given.pop("product_code")
        services.deliver_to(actor=actor_of(request), now=utc_now(), **given)
    except DomainError as error:
        return _show(request, error)
    address = reverse("storefront:product", kwargs={"code": code}) if code else reverse("storefront:cart")
    return HttpResponse(status=303, headers={"Location": address, "Cache-Control": "no-store"})


@page("storefront.cart_quantity", posts=CLERK, methods=("POST",))
def quantity(request: HttpRequest) -> HttpResponse:
    return _write(request, AddInput, services.set_quantity, _("The quantity is changed."))


@page("storefront.cart_remove", posts=CLERK, methods=("POST",))
def remove(request: HttpRequest) -> HttpResponse:
    return _write(request, LineInput, services.remove_line, _("The line is taken out of the cart."))

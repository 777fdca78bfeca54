"""The address book's pages."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import utc_now
from kernel.inputs import read_input, read_query
from kernel.problems import DomainError, NotFound, as_problem
from tenant_apps.orders.serializers import VersionInput
from tenant_apps.storefront.areas import area_names
from tenant_apps.storefront.selectors import served_areas
from tenant_apps.supermarket import addresses
from tenant_apps.supermarket.serializers import AddAddressInput, BookQuery, ChangeAddressInput
from webkit.tables import csv_response


@page("supermarket.address_book", posts=addresses.KEEPERS, methods=("GET", "POST"))
def book(request: HttpRequest) -> HttpResponse:
    """A unit's addresses, and the form for another."""
    if request.method == "GET":
        query = read_query(BookQuery, request)
        return _book(request, query.get("unit"), text=query["q"])
    try:
        data = read_input(AddAddressInput, request.POST)
        addresses.add_address(actor=actor_of(request), now=utc_now(), **data)
    except NotFound:
        raise
    except DomainError as problem:
        return _book(request, None, problem)
    messages.success(request, _("The address is in the book."))
    return _to(data["unit_id"])


@page("supermarket.addresses_csv", posts=addresses.KEEPERS)
def book_csv(request: HttpRequest) -> HttpResponse:
    """A unit's book as it is filtered."""
    query = read_query(BookQuery, request)
    units = addresses.kept_units(actor=actor_of(request))
    unit_id = query.get("unit") or next(iter(units), None)
    if unit_id is None or unit_id not in units:
        raise NotFound(unit_id=unit_id)
    areas = area_names(served_areas())
    own = next(iter(areas))
    heading = (
        _("Name of the address"), _("Delivery area"), _("Delivery address"), _("Contact"), _("Telephone"),
        pgettext("address", "Default"),
    )  # fmt: skip
    rows = (
        (
            one.label, areas.get(one.area_code or own, one.area_code), one.address, one.contact_name,
            one.contact_phone, _("yes") if one.is_default else "",
        )
        for one in addresses.entries(unit_id=unit_id, text=query["q"])
    )  # fmt: skip
    return csv_response(_("addresses.csv"), heading, rows)


def _book(
    request: HttpRequest, unit_id: int | None, problem: DomainError | None = None, text: str = ""
) -> HttpResponse:
    units = addresses.kept_units(actor=actor_of(request))
    typed = request.POST.dict()
    if typed:
        unit_id = next((one for one in units if str(one) == typed.get("unit_id")), None)
    if unit_id is None:
        unit_id = next(iter(units), None)
    elif unit_id not in units:
        raise NotFound(unit_id=unit_id)
    areas = area_names(served_areas())
    own = next(iter(areas))
    found = addresses.entries(unit_id=unit_id, text=text) if unit_id is not None else []
    context: dict[str, Any] = {
        "units": [(unit.id, unit.name) for unit in units.values()],
        "unit_id": unit_id,
        "unit_name": units[unit_id].name if unit_id is not None else "",
        "entries": [(entry, areas.get(entry.area_code or own, entry.area_code)) for entry in found],
        "areas": list(areas.items()),
        "q": text,
        "typed": typed or {"area_code": own},
        "problem": as_problem(problem, request.path) if problem else None,
    }
    return render(request, "supermarket/addresses.html", context, status=problem.status if problem else 200)


@page("supermarket.address_page", posts=addresses.KEEPERS, methods=("GET", "POST"))
def change(request: HttpRequest, address_id: int) -> HttpResponse:
    actor = actor_of(request)
    entry = addresses.address_for(actor=actor, address_id=address_id)
    problem: DomainError | None = None
    if request.method == "POST":
        try:
            data = read_input(ChangeAddressInput, request.POST)
            addresses.change_address(actor=actor, address_id=address_id, now=utc_now(), **data)
        except NotFound:
            raise
        except DomainError as refused:
            problem = refused
        else:
            messages.success(request, _("The address is changed. Orders there are keep what they said."))
            return _to(entry.unit_id)
    areas = area_names(served_areas())
    begins = {
        "label": entry.label,
        "address": entry.address,
        "contact_name": entry.contact_name,
        "contact_phone": entry.contact_phone,
        "area_code": entry.area_code or next(iter(areas)),
        "is_default": entry.is_default,
        "version": entry.version,
    }
    context = {
        "entry": entry,
        "areas": list(areas.items()),
        "typed": request.POST.dict() or begins,
        "problem": as_problem(problem, request.path) if problem else None,
    }
    return render(request, "supermarket/address.html", context, status=problem.status if problem else 200)


@page("supermarket.remove_address_page", posts=addresses.KEEPERS, methods=("POST",))
def remove(request: HttpRequest, address_id: int) -> HttpResponse:
    actor = actor_of(request)
    unit_id = addresses.address_for(actor=actor, address_id=address_id).unit_id
    data = read_input(VersionInput, request.POST)
    addresses.remove_address(actor=actor, address_id=address_id, now=utc_now(), **data)
    messages.success(request, _("The address is removed."))
    return _to(unit_id)


def _to(unit_id: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("supermarket:addresses") + f"?unit={unit_id}", status=303)

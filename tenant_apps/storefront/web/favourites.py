"""A clerk's favourites."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import local_date, utc_now
from kernel.inputs import read_input, read_query
from kernel.posts import Post
from tenant_apps.storefront.favourites import add_favourite, favourites_of, remove_favourite
from tenant_apps.storefront.serializers import FavouriteInput, FavouriteQuery
from webkit.tables import csv_response

CLERK = frozenset({Post.BUYER_CLERK})


@page("storefront.favourites", posts=CLERK)
def favourites(request: HttpRequest) -> HttpResponse:
    text = read_query(FavouriteQuery, request)["q"]
    found = favourites_of(actor=actor_of(request), text=text)
    context = {"favourites": found, "q": text, "list_url": reverse("storefront:products")}
    return render(request, "storefront/favourites.html", context)


@page("storefront.favourites_csv", posts=CLERK)
def favourites_csv(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered, at today's lowest prices."""
    found = favourites_of(actor=actor_of(request), text=read_query(FavouriteQuery, request)["q"])
    rows = (
        (one.code, one.page.title, one.page.unit, one.page.price_from, len(one.page.offers), local_date(one.added_at))
        if one.page
        else (one.code, one.title, "", None, 0, local_date(one.added_at))
        for one in found
    )
    heading = (
        _("Product code"),
        _("Product"),
        pgettext("measure", "Unit"),
        _("Lowest price"),
        _("Offers"),
        _("Marked on"),
    )
    return csv_response(_("favourites.csv"), heading, rows)


@page("storefront.favourite_add", posts=CLERK, methods=("POST",))
def add(request: HttpRequest) -> HttpResponse:
    data = read_input(FavouriteInput, request.POST)
    add_favourite(actor=actor_of(request), now=utc_now(), **data)
    messages.success(request, _("It is among your favourites."))
    return HttpResponseRedirect(reverse("storefront:product", kwargs={"code": data["product_code"]}), status=303)


@page("storefront.favourite_remove", posts=CLERK, methods=("POST",))
def remove(request: HttpRequest) -> HttpResponse:
    data = read_input(FavouriteInput, request.POST)
    remove_favourite(actor=actor_of(request), **data)
    messages.success(request, _("It is no longer among your favourites."))
    return HttpResponseRedirect(reverse("storefront:favourites"), status=303)

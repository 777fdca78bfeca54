"""A clerk's favourites."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import utc_now
from kernel.inputs import read_input
from kernel.posts import Post
from tenant_apps.storefront.favourites import add_favourite, favourites_of, remove_favourite
from tenant_apps.storefront.serializers import FavouriteInput

CLERK = frozenset({Post.BUYER_CLERK})


@page("storefront.favourites", posts=CLERK)
def favourites(request: HttpRequest) -> HttpResponse:
    found = favourites_of(actor=actor_of(request))
    return render(
        request, "storefront/favourites.html", {"favourites": found, "list_url": reverse("storefront:products")}
    )


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

"""Handing the cart over to another clerk of the unit."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import utc_now
from kernel.inputs import read_input
from kernel.posts import Post
from tenant_apps.storefront import sharing
from tenant_apps.storefront.serializers import HandOverCartInput


@page("storefront.cart_hand_over", posts=frozenset({Post.BUYER_CLERK}), methods=("POST",))
def hand_over(request: HttpRequest) -> HttpResponse:
    data = read_input(HandOverCartInput, request.POST)
    sharing.hand_over(actor=actor_of(request), now=utc_now(), **data)
    messages.success(request, _("The cart is handed over; yours is empty now."))
    return HttpResponseRedirect(reverse("storefront:cart"), status=303)

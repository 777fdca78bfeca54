"""The trainee's exercises in a practice mall."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import utc_now
from kernel.inputs import StrictSerializer, read_input
from kernel.problems import DomainError
from shared_apps.training.rules import Exercise
from tenant_apps.practice import selectors, services
from tenant_apps.practice.serializers import BeginInput
from tenant_apps.practice.words import EXERCISES, HELP, STEPS
from webkit.answers import again, see_other

TEMPLATE = "practice/board.html"


def _context(request: HttpRequest) -> dict[str, Any]:
    found = selectors.board(actor=actor_of(request))
    return {
        "exercises": [
            {
                "key": str(one.task.exercise),
                "title": EXERCISES[one.task.exercise],
                "help": HELP[one.task.exercise],
                "step": STEPS[one.task.exercise],
                "post": one.task.post.label,
                "done": one.done,
                "waiting": one.waiting,
            }
            for one in found.exercises
        ],
        "orders": found.orders,
        "done": found.done,
        "region_url": f"{settings.YZ_REGION_URL}/practice/exercises/",
    }


@page("practice.board", signed_in=True)
def exercises(request: HttpRequest) -> HttpResponse:
    return render(request, TEMPLATE, _context(request))


@page("practice.begin", signed_in=True, methods=("POST",))
def begin(request: HttpRequest) -> HttpResponse:
    """Prepares an exercise and leads to where it is done."""
    selectors.require_practice()
    try:
        wanted = read_input(BeginInput, request.POST)["exercise"]
        begun = services.begin(actor=actor_of(request), exercise=wanted, now=utc_now())
    except DomainError as error:
        return again(request, TEMPLATE, error, _context(request))
    if begun.order_id is None:
        return see_other(reverse("storefront:product", args=[begun.product_code]))
    if wanted == Exercise.PAY:
        messages.info(request, _("Enter any account number with 8 to 32 digits; one that ends in 00 is paid."))
    return see_other(reverse("orders:order", args=[begun.order_id]))


@page("practice.go_on", signed_in=True, methods=("POST",))
def go_on(request: HttpRequest, order_id: int) -> HttpResponse:
    """The partner takes the next step."""
    selectors.require_practice()
    try:
        read_input(StrictSerializer, request.POST)
        services.go_on(actor=actor_of(request), order_id=order_id, now=utc_now())
    except DomainError as error:
        return again(request, TEMPLATE, error, _context(request))
    messages.success(request, _("The practice partner has taken the next step."))
    return see_other(reverse("practice:board"))

"""The bureau's front page: checklist and modules; and the tariff."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import local_date, utc_now
from kernel.inputs import StrictSerializer, read_input
from kernel.problems import DomainError
from shared_apps.fees.selectors import current_tariff
from shared_apps.fees.wording import label_of, price_sentences, terms_sentences
from tenant_apps.policies import selectors, services
from tenant_apps.policies.checklist import looking
from tenant_apps.policies.permissions import READERS, WRITERS
from tenant_apps.policies.rules import ModuleStatus
from tenant_apps.policies.serializers import AcceptTariffInput, ChooseModulesInput, CloseModuleInput
from tenant_apps.policies.words import MODULES
from webkit.answers import again, see_other


def _context(request: HttpRequest) -> dict[str, Any]:
    with looking():
        items = selectors.checklist(now=utc_now())
        modules = [
            {
                "one": module,
                "title": MODULES[module.name],
                "open": module.state == ModuleStatus.OPEN,
                "chosen": module.state != ModuleStatus.CLOSED,
            }
            for module in selectors.modules()
        ]
        opened = selectors.opening()
    done = sum(item.done for item in items)
    posts = actor_of(request).posts
    return {
        "items": items,
        "opening": opened,
        "posts": posts,
        "done": done,
        "total": len(items),
        "ready": done == len(items),
        "modules": modules,
        "may_write": bool(posts & WRITERS),
    }


@page("policies.bureau", posts=READERS)
def bureau(request: HttpRequest) -> HttpResponse:
    """What is still missing before this mall may open, and which modules are open."""
    return render(request, "policies/bureau.html", _context(request))


@page("policies.choose_modules", posts=WRITERS, methods=("POST",))
def choose_modules(request: HttpRequest) -> HttpResponse:
    """What opens when the mall goes live."""
    try:
        wanted = read_input(ChooseModulesInput, request.POST)
        services.choose_modules(actor=actor_of(request), now=utc_now(), **wanted)
    except DomainError as error:
        return again(request, "policies/bureau.html", error, _context(request))
    messages.success(request, _("The choice of modules is kept."))
    return see_other(reverse("policies:bureau"))


@page("policies.go_live", posts=WRITERS, methods=("POST",))
def go_live(request: HttpRequest) -> HttpResponse:
    try:
        read_input(StrictSerializer, request.POST)
        services.go_live(actor=actor_of(request), now=utc_now())
    except DomainError as error:
        return again(request, "policies/bureau.html", error, _context(request))
    messages.success(request, _("The mall is live: units can buy."))
    return see_other(reverse("policies:bureau"))


@page("policies.open_module", posts=WRITERS, methods=("POST",))
def open_module(request: HttpRequest, module: str) -> HttpResponse:
    try:
        read_input(StrictSerializer, request.POST)
        services.open_module(actor=actor_of(request), module=module, now=utc_now())
    except DomainError as error:
        return again(request, "policies/bureau.html", error, _context(request))
    messages.success(request, _("The module is open."))
    return see_other(reverse("policies:bureau"))


@page("policies.close_module", posts=WRITERS, methods=("POST",))
def close_module(request: HttpRequest, module: str) -> HttpResponse:
    try:
        wanted = read_input(CloseModuleInput, request.POST)
        services.close_module(actor=actor_of(request), module=module, now=utc_now(), **wanted)
    except DomainError as error:
        return again(request, "policies/bureau.html", error, _context(request))
    messages.success(request, _("The module is closed."))
    return see_other(reverse("policies:bureau"))


def _tariff_context(request: HttpRequest) -> dict[str, Any]:
    tariff = current_tariff(on=local_date(utc_now()))
    prices = () if tariff is None else tariff.lines
    return {
        "tariff": tariff,
        "lines": [(label_of(price.meter), price_sentences(price)) for price in prices],
        "terms": [] if tariff is None else terms_sentences(tariff.terms),
        "accepted": selectors.accepted_tariff(),
        "may_write": bool(actor_of(request).posts & WRITERS),
    }


@page("policies.tariff", posts=READERS, methods=("GET", "POST"))
def tariff(request: HttpRequest) -> HttpResponse:
    """The tariff in force, to be read and accepted."""
    if request.method != "POST":
        return render(request, "policies/tariff.html", _tariff_context(request))
    try:
        wanted = read_input(AcceptTariffInput, request.POST)
        services.accept_tariff(actor=actor_of(request), now=utc_now(), **wanted)
    except DomainError as error:
        return again(request, "policies/tariff.html", error, _tariff_context(request))
    messages.success(request, _("The tariff is accepted."))
    return see_other(reverse("policies:bureau"))

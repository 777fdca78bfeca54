"""The bureau's rules: acknowledging thresholds, stricter local values, and trying an amount."""

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
from kernel.inputs import read_input, read_query
from kernel.problems import DomainError
from shared_apps.rulebook.rules import R_COMPARE, R_DIRECT, Kind
from shared_apps.rulebook.selectors import law_texts
from shared_apps.rulebook.wording import BASES, KINDS, SIZES, TITLES, shown_all
from tenant_apps.budgets.selectors import lines_of, units_of
from tenant_apps.policies import selectors, services
from tenant_apps.policies.permissions import READERS, TRIERS, WRITERS
from tenant_apps.policies.rules import bound_of
from tenant_apps.policies.serializers import AcknowledgeInput, EndTighteningInput, TightenInput, WhatIfInput
from webkit.answers import again, see_other

TEMPLATE = "policies/rules.html"


def _context(request: HttpRequest) -> dict[str, Any]:
    today = local_date(utc_now())
    rules = selectors.effective_rules(on=today)
    texts = law_texts()
    thresholds: list[dict[str, Any]] = [
        {
            "view": view,
            "title": TITLES[view.rule.code],
            "kind": KINDS[view.rule.kind],
            "law": [texts[key] for key in view.rule.articles if key in texts],
        }
        for view in selectors.thresholds(on=today)
    ]
    # Goods first among the thresholds: the modules that are built rest on them.
    thresholds.sort(key=lambda one: (not one["view"].required, one["view"].rule.code))
    region = selectors.region_rules(on=today)
    local = [
        {"rule": rule, "title": TITLES[code], "bound": bound_of(code=code, kind=Kind.GOODS, rules=region)}
        for code in (R_DIRECT, R_COMPARE)
        if (rule := rules.get(code, Kind.GOODS)) is not None
    ]
    others = [
        {"rule": rule, "title": TITLES[rule.code], "basis": BASES[rule.basis]}
        for rule in sorted(rules.rules.values(), key=lambda one: one.code)
        if rule.code in TITLES and rule.code not in {one["view"].rule.code for one in thresholds}
    ]
    return {
        "thresholds": thresholds,
        "local": local,
        "others": others,
        "may_write": bool(actor_of(request).posts & WRITERS),
        "today": today,
    }


@page("policies.rules", posts=READERS)
def rules(request: HttpRequest) -> HttpResponse:
    """The rules in force here, with what the bureau has acknowledged and where it is stricter."""
    return render(request, TEMPLATE, _context(request))


@page("policies.acknowledge", posts=WRITERS, methods=("POST",))
def acknowledge(request: HttpRequest) -> HttpResponse:
    try:
        wanted = read_input(AcknowledgeInput, request.POST)
        services.acknowledge_rule(actor=actor_of(request), now=utc_now(), **wanted)
    except DomainError as error:
        return again(request, TEMPLATE, error, _context(request))
    messages.success(request, _("The threshold is acknowledged."))
    return see_other(reverse("policies:rules"))


@page("policies.tighten", posts=WRITERS, methods=("POST",))
def tighten(request: HttpRequest) -> HttpResponse:
    try:
        wanted = read_input(TightenInput, request.POST)
        services.tighten_rule(actor=actor_of(request), now=utc_now(), **wanted)
    except DomainError as error:
        return again(request, TEMPLATE, error, _context(request))
    messages.success(request, _("The stricter local value is in force."))
    return see_other(reverse("policies:rules"))


@page("policies.end_tightening", posts=WRITERS, methods=("POST",))
def end_tightening(request: HttpRequest) -> HttpResponse:
    try:
        wanted = read_input(EndTighteningInput, request.POST)
        services.end_tightening(actor=actor_of(request), now=utc_now(), **wanted)
    except DomainError as error:
        return again(request, TEMPLATE, error, _context(request))
    messages.success(request, _("The region's value is in force again."))
    return see_other(reverse("policies:rules"))


@page("policies.what_if", posts=TRIERS)
def what_if(request: HttpRequest) -> HttpResponse:
    """What the rules would say of a purchase nobody has asked for. Nothing is kept."""
    actor, today = actor_of(request), local_date(utc_now())
    units = units_of(actor)
    lines = [line for unit in units[:1] if len(units) == 1 for line in lines_of(actor=actor, unit_id=unit.id)]
    context: dict[str, Any] = {
        "kinds": [(str(kind), KINDS[kind]) for kind in Kind],
        "sizes": list(SIZES.items()),
        "units": [(unit.id, unit.name) for unit in units],
        "budget_items": sorted({line.budget_item for line in lines}),
        "wanted": {"on": today.isoformat(), **request.GET.dict()},
        "is_bureau": bool(actor.posts & READERS),
    }
    try:
        wanted = read_query(WhatIfInput, request)
        if wanted["amount"] is not None:
            supposed = selectors.supposed_from(wanted, today=today)
            decisions = shown_all(selectors.what_if(actor=actor, supposed=supposed))
            context |= {"decisions": decisions, "allowed": all(one.allowed for one in decisions)}
    except DomainError as error:
        return again(request, "policies/what_if.html", error, context)
    return render(request, "policies/what_if.html", context)

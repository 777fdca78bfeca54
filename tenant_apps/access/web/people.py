"""People and posts of the units: for the finance bureau and the units' administrators."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.actor import Actor
from kernel.clock import utc_now
from kernel.inputs import StrictSerializer, WholeField, read_input, read_query
from kernel.posts import TENANT_POSTS, Post
from kernel.problems import DomainError, InvalidInput, as_problem
from tenant_apps.access import selectors, services
from tenant_apps.access.rules import BUYER_POSTS, FIXED_PAIRS, all_pairs, people_needed
from tenant_apps.access.serializers import GrantInput, HandOverInput, InviteInput, PairsFormInput, pairs_of

MANAGERS = frozenset({Post.TIER_SUPERVISOR, Post.UNIT_ADMINISTRATOR})
BUREAU = frozenset({Post.TIER_SUPERVISOR})


class UnitQuery(StrictSerializer):
    unit_id = WholeField(min_value=1)


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _see_other(name: str, *args: object) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": reverse(f"access:{name}", args=args)})


def _again(request: HttpRequest, template: str, error: DomainError, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, {**context, "problem": as_problem(error, request.path)}, status=error.status)


def _grantable(actor: Actor) -> list[tuple[str, str]]:
    """Posts the actor may give, with their labels; the bureau alone appoints administrators."""
    return [
        (post.value, post.label)
        for post in Post
        if post in TENANT_POSTS and (actor.has(Post.TIER_SUPERVISOR) or post != Post.UNIT_ADMINISTRATOR)
    ]


def _labels(pair: frozenset[Post]) -> str:
    return " – ".join(post.label for post in BUYER_POSTS if post in pair)


@page("access.people", posts=MANAGERS)
def people(request: HttpRequest) -> HttpResponse:
    actor = _actor(request)
    pairs = selectors.incompatible_pairs()
    return render(
        request,
        "access/people.html",
        {
            "units": selectors.people_page(actor=actor),
            "posts": _grantable(actor),
            "pairs": [_labels(pair) for pair in all_pairs() if pair in pairs],
            "people_needed": people_needed(pairs),
            "may_choose_pairs": actor.has(Post.TIER_SUPERVISOR),
            "may_appoint_administrators": actor.has(Post.TIER_SUPERVISOR),
        },
    )


@page("access.grant", posts=MANAGERS, methods=("POST",))
def grant(request: HttpRequest) -> HttpResponse:
    wanted = read_input(GrantInput, request.POST)
    row = services.grant_to_member(actor=_actor(request), now=utc_now(), **wanted)
    messages.success(request, _("%(name)s now holds the post: %(post)s.") % _words(row.name, row.post))
    return _see_other("people")


@page("access.end", posts=MANAGERS, methods=("POST",))
def end(request: HttpRequest, holding_id: int) -> HttpResponse:
    read_input(StrictSerializer, request.POST)
    row = services.end_post(actor=_actor(request), holding_id=holding_id, now=utc_now())
    messages.success(request, _("%(name)s no longer holds the post: %(post)s.") % _words(row.name, row.post))
    return _see_other("people")


@page("access.hand_over", posts=MANAGERS, methods=("GET", "POST"))
def hand_over(request: HttpRequest, holding_id: int) -> HttpResponse:
    actor = _actor(request)
    row = selectors.managed_holding(actor=actor, holding_id=holding_id)
    known = selectors.known_people(organisation_ids=[row.organisation_id]).get(row.organisation_id, [])
    context = {
        "holding": row,
        "post_label": Post(row.post).label,
        "choices": [(str(person.user_id), person.name) for person in known if person.user_id != row.user_id],
    }
    if request.method != "POST":
        return render(request, "access/hand_over.html", context)
    try:
        wanted = read_input(HandOverInput, request.POST)
        new = services.hand_over_to_member(
            actor=actor, holding_id=holding_id, to_user_id=wanted["to_user_id"], now=utc_now()
        )
    except DomainError as error:
        return _again(request, "access/hand_over.html", error, context)
    messages.success(request, _("%(name)s now holds the post: %(post)s.") % _words(new.name, new.post))
    return _see_other("people")


@page("access.invite", posts=MANAGERS, methods=("GET", "POST"))
def invite(request: HttpRequest) -> HttpResponse:
    actor = _actor(request)
    if request.method != "POST":
        unit = selectors.managed_unit(actor=actor, unit_id=read_query(UnitQuery, request)["unit_id"])
        return render(request, "access/invite.html", {"unit": unit, "posts": _grantable(actor), "chosen": []})
    unit = selectors.managed_unit(actor=actor, unit_id=_unit_of(request))
    try:
        wanted = read_input(InviteInput, request.POST)
        services.invite_to_unit(actor=actor, now=utc_now(), **wanted)
    except DomainError as error:
        typed = {"name": request.POST.get("name", ""), "email": request.POST.get("email", "")}
        context = {"unit": unit, "posts": _grantable(actor), "chosen": request.POST.getlist("posts"), **typed}
        return _again(request, "access/invite.html", error, context)
    messages.success(request, _("The invitation to %(name)s is on its way.") % {"name": wanted["name"]})
    return _see_other("people")


def _unit_of(request: HttpRequest) -> int:
    """The form's unit. Raises InvalidInput."""
    values = request.POST.getlist("unit_id")
    if len(values) != 1:
        raise InvalidInput(errors={"unit_id": [_("Choose one unit.")]})
    return int(read_input(UnitQuery, {"unit_id": values[0]})["unit_id"])


@page("access.pairs", posts=BUREAU, methods=("GET", "POST"))
def pairs(request: HttpRequest) -> HttpResponse:
    actor = _actor(request)
    if request.method != "POST":
        return render(request, "access/pairs.html", _pairs_context(selectors.incompatible_pairs()))
    ticked = request.POST.getlist("pairs")
    try:
        wanted = read_input(PairsFormInput, request.POST)
        known = {"+".join(sorted(pair)) for pair in all_pairs()}
        if not known.issuperset(wanted["pairs"]):
            raise InvalidInput(errors={"pairs": [_("This pair is not known.")]})
        chosen = pairs_of([pair.split("+") for pair in wanted["pairs"]]) | FIXED_PAIRS
        services.choose_pairs(actor=actor, pairs=chosen, reason=wanted["reason"], now=utc_now())
    except DomainError as error:
        shown = frozenset(pair for pair in all_pairs() if "+".join(sorted(pair)) in ticked) | FIXED_PAIRS
        context = _pairs_context(shown) | {"reason": request.POST.get("reason", "")}
        return _again(request, "access/pairs.html", error, context)
    messages.success(request, _("The choice is in force for every step from now on."))
    return _see_other("people")


def _pairs_context(chosen: frozenset[frozenset[Post]]) -> dict[str, Any]:
    return {
        "pairs": [
            {
                "value": "+".join(sorted(pair)),
                "label": _labels(pair),
                "fixed": pair in FIXED_PAIRS,
                "chosen": pair in chosen,
            }
            for pair in all_pairs()
        ],
        "people_needed": people_needed(chosen),
        "choices": selectors.pair_choices(),
    }


def _words(name: str, post: str) -> dict[str, str]:
    return {"name": name, "post": Post(post).label}

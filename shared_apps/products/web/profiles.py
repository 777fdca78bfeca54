"""Requirement sets: the list and one with its products for everybody, setting and closing by region and CPB."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import utc_now
from kernel.inputs import read_input, read_query
from kernel.problems import DomainError, InvalidInput, NotFound
from shared_apps.classification.selectors import attributes_of, catalogue, category
from shared_apps.products import profiles
from shared_apps.products.inputs import CloseProfileInput, EditProfileInput, NewQuery, ProfileInput
from shared_apps.products.permissions import PROFILE_WRITERS
from shared_apps.products.rules.profiles import ProfileState
from webkit.answers import again, see_other
from webkit.tables import csv_response

FORM = "products/profile_form.html"
# Fields of the form by operator: low_<key>, high_<key>, same_<key>, words_<key>, is_<key>; must_<key> says whether.
_FIELDS = {"low_": "at_least", "high_": "at_most", "same_": "equals", "words_": "one_of"}


@page("products.profiles", public=True)
def profile_list(request: HttpRequest) -> HttpResponse:
    given = read_query(NewQuery, request)
    may_write = bool(actor_of(request).posts & PROFILE_WRITERS)
    context = {
        "rows": profiles.profiles(category_code=given["category"]),
        "given": given,
        "categories": [(one.code, one.name) for one in catalogue()],
        "may_write": may_write,
    }
    return render(request, "products/profiles.html", context)


@page("products.profile", public=True)
def profile(request: HttpRequest, profile_id: int) -> HttpResponse:
    """The criteria, the products that meet them, and what the others fail."""
    return render(request, "products/profile.html", _context(request, profile_id))


@page("products.profile_csv", public=True)
def profile_csv(request: HttpRequest, profile_id: int) -> HttpResponse:
    """The products of the page as a file."""
    view = profiles.profile_view(profile_id=profile_id)
    header = [_("Product code"), _("Title"), _("Brand"), _("Offers on sale"), _("Not met")]
    rows = (
        (one.code, one.title, one.brand, one.offers, "；".join(one.failed)) for one in (*view.matching, *view.others)
    )
    return csv_response("matching-products.csv", header, rows)


@page("products.new_profile", posts=PROFILE_WRITERS, methods=("GET", "POST"))
def new_profile(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        code = read_query(NewQuery, request)["category"]
        if not code:
            return render(request, "products/choose_profile_category.html", {"categories": catalogue()})
        return render(request, FORM, _form(code, {}))
    try:
        given = read_input(ProfileInput, as_input(request.POST))
        row = profiles.set_profile(actor=actor_of(request), now=utc_now(), **given)
    except DomainError as error:
        code = str(request.POST.get("category_code", ""))
        if category(code=code) is None:
            return again(request, "products/choose_profile_category.html", error, {"categories": catalogue()})
        return again(request, FORM, error, _form(code, request.POST))
    messages.success(request, _("The requirements hold now."))
    return see_other(reverse("products:profile", args=[row.pk]))


@page("products.edit_profile", posts=PROFILE_WRITERS, methods=("GET", "POST"))
def edit_profile(request: HttpRequest, profile_id: int) -> HttpResponse:
    view = profiles.profile_view(profile_id=profile_id)
    if request.method != "POST":
        if view.state != ProfileState.ACTIVE:
            raise NotFound(profile_id=profile_id)
        return render(request, FORM, _form(view.category_code, _typed(view), view))
    try:
        given = read_input(EditProfileInput, as_input(request.POST))
        profiles.set_profile(actor=actor_of(request), profile_id=profile_id, now=utc_now(), **given)
    except DomainError as error:
        return again(request, FORM, error, _form(view.category_code, request.POST, view))
    messages.success(request, _("The requirements hold now."))
    return see_other(reverse("products:profile", args=[profile_id]))


@page("products.close_profile", posts=PROFILE_WRITERS, methods=("POST",))
def close_profile(request: HttpRequest, profile_id: int) -> HttpResponse:
    try:
        version = read_input(CloseProfileInput, request.POST)["version"]
        profiles.close_profile(actor=actor_of(request), profile_id=profile_id, version=version, now=utc_now())
    except DomainError as error:
        return again(request, "products/profile.html", error, _context(request, profile_id))
    messages.success(request, _("The requirements are closed; they stay readable."))
    return see_other(reverse("products:profile", args=[profile_id]))


def _context(request: HttpRequest, profile_id: int) -> dict[str, Any]:
    view = profiles.profile_view(profile_id=profile_id)
    may_write = bool(actor_of(request).posts & PROFILE_WRITERS) and view.state == ProfileState.ACTIVE
    return {"view": view, "may_write": may_write}


def as_input(sent: QueryDict) -> dict[str, Any]:
    """What the input serializer reads: criteria come as fields by attribute, empty ones are left out.

    Raises InvalidInput for a field of the API's form.
    """
    if "criteria" in sent:
        raise InvalidInput(errors={"criteria": [_("This field is not known.")]})
    rest: dict[str, Any] = {}
    criteria = []
    for name in sent:
        given = sent.getlist(name)
        if name == "csrfmiddlewaretoken" or name.startswith("must_"):
            continue
        field = next((start for start in (*_FIELDS, "is_") if name.startswith(start)), None)
        if field is None:
            rest[name] = given if len(given) > 1 else given[0]
            continue
        key = name.removeprefix(field)
        for one in given:
            if one.strip():
                operator = _FIELDS.get(field) or ("is_yes" if one == "true" else "is_no")
                value = "" if field == "is_" else one
                must = sent.get(f"must_{key}", "true")
                criteria.append({"key": key, "operator": operator, "value": value, "is_mandatory": must})
    return {**rest, "criteria": criteria}


def _typed(view: profiles.ProfileView) -> dict[str, str]:
    starts = {operator: start for start, operator in _FIELDS.items()}
    typed = {"title": view.title, "note": view.note}
    for one, _words in view.criteria:
        if one.operator in {"is_yes", "is_no"}:
            typed[f"is_{one.key}"] = "true" if one.operator == "is_yes" else "false"
        else:
            typed[f"{starts[one.operator]}{one.key}"] = (
                "、".join(one.words) if one.number is None else f"{one.number.normalize():f}"
            )
        typed[f"must_{one.key}"] = str(one.is_mandatory).lower()
    return typed


def _form(code: str, typed: Any, view: profiles.ProfileView | None = None) -> dict[str, Any]:
    """The form of one category. Raises NotFound for a category that is none."""
    shown = category(code=code)
    if shown is None:
        raise NotFound(category=code)

    def value(name: str) -> str:
        return str(typed.get(name, ""))[:400]

    return {
        "category": shown,
        "view": view,
        "typed": {"title": value("title"), "note": value("note")},
        "answers": [("true", _("Yes")), ("false", _("No"))],
        "musts": [("true", _("Must be met")), ("false", _("Desired"))],
        "attributes": [
            {
                "label": one.name,
                "unit": one.unit,
                "type": one.type,
                "low": (f"low_{one.key}", value(f"low_{one.key}")),
                "high": (f"high_{one.key}", value(f"high_{one.key}")),
                "same": (f"same_{one.key}", value(f"same_{one.key}")),
                "words": (f"words_{one.key}", value(f"words_{one.key}")),
                "is": (f"is_{one.key}", value(f"is_{one.key}")),
                "must": (f"must_{one.key}", value(f"must_{one.key}") or "true"),
            }
            for one in attributes_of(category_code=code)
        ],
    }

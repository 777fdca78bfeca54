"""The applicant's pages: choose a division, apply, and by the link follow, amend, withdraw."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from kernel.access import page
from kernel.clock import local_date, utc_now
from kernel.inputs import StrictSerializer, read_input, read_query
from kernel.problems import DomainError, InvalidInput, NotFound
from shared_apps.accounts.security import address_of
from shared_apps.onboarding import selectors, services
from shared_apps.onboarding.rules import APPLICATION_LIFECYCLE
from shared_apps.onboarding.serializers import ContentInput, DivisionQuery, content_of
from shared_apps.onboarding.services.applying import by_link
from shared_apps.onboarding.web.form import as_input, shown_form
from shared_apps.onboarding.web.shown import application_context, steps_answer
from webkit.answers import again, see_other


@page("onboarding.divisions", public=True)
def divisions(request: HttpRequest) -> HttpResponse:
    """Every division by prefecture; those without a mall or an open application lead to the form."""
    text = read_query(DivisionQuery, request)["q"]
    found = selectors.choices(text=text)
    groups: dict[str, dict[str, Any]] = {}
    for one in found:
        group = groups.setdefault(one.prefecture_code, {"name": one.prefecture_name or one.name, "choices": []})
        group["choices"].append(one)
    context = {
        "text": text,
        "groups": list(groups.values()),
        "free_count": sum(one.is_free for one in found),
        "found_count": len(found),
    }
    return render(request, "onboarding/divisions.html", context)


@sensitive_post_parameters()
@never_cache
@page("onboarding.apply", public=True, methods=("GET", "POST"))
def apply(request: HttpRequest, division_code: int) -> HttpResponse:
    """The form of one division. It is public: a bureau has no account before it has a mall."""
    division = selectors.choosable(division_code=f"{division_code:06}")
    context: dict[str, Any] = {"division": division}
    if request.method != "POST":
        if not division.is_free:
            return again(request, "onboarding/taken.html", services.DivisionTaken(division=division.name), context)
        return render(request, "onboarding/apply.html", {**context, **shown_form(year=local_date(utc_now()).year)})
    try:
        wanted = read_input(ContentInput, as_input(request.POST))
        application, secret = services.apply_for_mall(
            division_code=division.code, content=content_of(wanted), address=address_of(request), now=utc_now()
        )
    except DomainError as error:
        return _form_again(request, "onboarding/apply.html", error, context)
    messages.success(request, _("The application has arrived. Keep the address of this page: it is your only key."))
    return see_other(reverse("onboarding:followed", args=[application.number, secret]))


def _form_again(request: HttpRequest, template: str, error: DomainError, context: dict[str, Any]) -> HttpResponse:
    errors = error.errors if isinstance(error, InvalidInput) else {}
    return again(request, template, error, {**context, **shown_form(sent=request.POST, errors=errors)})


def _link_context(number: str, secret: str) -> dict[str, Any]:
    row = by_link(number=number, secret=secret)
    may = {move.action for move in APPLICATION_LIFECYCLE.actions(row.state, [None])}
    return {
        **application_context(selectors.view_of(row)),
        "secret": secret,
        "may_amend": "amend" in may,
        "may_withdraw": "withdraw" in may,
        "steps_url": reverse("onboarding:followed_steps", args=[number, secret]),
    }


@never_cache
@page("onboarding.followed", public=True)
def followed(request: HttpRequest, number: str, secret: str) -> HttpResponse:
    """The application as its applicant sees it."""
    return render(request, "onboarding/followed.html", _link_context(number, secret))


@never_cache
@page("onboarding.followed_steps", public=True)
def steps(request: HttpRequest, number: str, secret: str) -> HttpResponse:
    """How far setting up is: the part of the page that looks again every second."""
    return steps_answer(request, _link_context(number, secret))


@sensitive_post_parameters()
@never_cache
@page("onboarding.amend", public=True, methods=("GET", "POST"))
def amend(request: HttpRequest, number: str, secret: str) -> HttpResponse:
    context = _link_context(number, secret)
    if request.method != "POST":
        if not context["may_amend"]:
            raise NotFound(application=number)
        return render(request, "onboarding/amend.html", {**context, **shown_form(row=context["row"])})
    try:
        wanted = read_input(ContentInput, as_input(request.POST))
        services.amend_application(number=number, secret=secret, content=content_of(wanted), now=utc_now())
    except DomainError as error:
        return _form_again(request, "onboarding/amend.html", error, context)
    messages.success(request, _("The application is changed."))
    return see_other(reverse("onboarding:followed", args=[number, secret]))


@never_cache
@page("onboarding.withdraw", public=True, methods=("POST",))
def withdraw(request: HttpRequest, number: str, secret: str) -> HttpResponse:
    try:
        read_input(StrictSerializer, request.POST)
        services.withdraw_application(number=number, secret=secret, now=utc_now())
    except services.ApplicationNotFound:
        raise
    except DomainError as error:
        return again(request, "onboarding/followed.html", error, _link_context(number, secret))
    messages.success(request, _("The application is withdrawn."))
    return see_other(reverse("onboarding:followed", args=[number, secret]))

"""Tariffs: the list of versions, one version in words, entering, verifying and taking back."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
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
from kernel.meters import METERS
from kernel.problems import DomainError, InvalidInput
from shared_apps.fees import selectors, services
from shared_apps.fees.export import plain, tariff_rows
from shared_apps.fees.rules.examples import worked_example
from shared_apps.fees.rules.months import next_month
from shared_apps.fees.rules.pricing import Bill
from shared_apps.fees.rules.states import TariffState
from shared_apps.fees.selectors import READERS, SETS_TARIFFS, TariffRow
from shared_apps.fees.serializers import CopyQuery, ExampleQuery, TariffInput, VerifyTariffInput, WithdrawTariffInput
from shared_apps.fees.web.tariff_form import MORE, Body, body_of, form_context, typed_terms
from shared_apps.fees.wording import adjustment_words, price_sentences, terms_sentences
from shared_apps.fees.words import LEVELS, PRICE_KINDS
from tenants.divisions.models import Level
from webkit.answers import again, see_other
from webkit.tables import csv_response


def _lines(row: TariffRow) -> list[dict[str, Any]]:
    return [
        {"meter": METERS[line.meter], "kind": PRICE_KINDS[line.kind], "price": line, "said": price_sentences(line)}
        for line in row.lines
    ]


@page("fees.tariffs", posts=READERS)
def tariffs(request: HttpRequest) -> HttpResponse:
    """Every version that the reader may see; those waiting for verification first."""
    rows = [(row, _lines(row)) for row in selectors.tariffs(actor=actor_of(request))]
    context = {
        "waiting": [one for one in rows if one[0].state == TariffState.ENTERED],
        "rows": [one for one in rows if one[0].state != TariffState.ENTERED],
        "may_write": bool(actor_of(request).posts & SETS_TARIFFS),
        "today": local_date(utc_now()),
    }
    return render(request, "fees/tariffs.html", context)


def _example(row: TariffRow, level: str, chosen: Mapping[str, Decimal]) -> dict[str, Any]:
    """What a mall would pay in a month: the reader may change the quantities."""
    bill = worked_example(terms=row.terms, level=level, chosen=chosen)
    return {
        "lines": _example_lines(bill),
        "adjustments": [(adjustment_words(one), one.amount) for one in bill.adjustments],
        "total": bill.total,
        "level": level,
        "levels": list(LEVELS.items()),
    }


def _example_lines(bill: Bill) -> list[dict[str, Any]]:
    return [
        {
            "meter": METERS[line.meter],
            "field": f"quantity-{line.meter}",
            "quantity": plain(line.quantity),
            "free": plain(line.free),
            "billable": plain(line.billable),
            "amount": line.amount,
        }
        for line in bill.charges
        if line.price is not None
    ]


def _shown(request: HttpRequest, version: int) -> dict[str, Any]:
    actor = actor_of(request)
    row = selectors.tariff(actor=actor, version=version)
    waits = row.state == TariffState.ENTERED
    try:
        asked = read_query(ExampleQuery, request) if request.method == "GET" else {}
        wrong: Mapping[str, Any] = {}
    except InvalidInput as error:
        asked, wrong = {}, error.errors
    return {
        "row": row,
        "lines": _lines(row),
        "terms": terms_sentences(row.terms),
        "example": _example(row, asked.pop("level", Level.COUNTY.value), asked),
        "example_errors": wrong,
        "may_act": waits and bool(actor.posts & SETS_TARIFFS),
        "may_write": bool(actor.posts & SETS_TARIFFS),
        "facts": [
            (_("Document number"), row.document_number or "—"),
            (_("Days of notice"), row.notice_days),
            *([(_("Superseded by version"), row.superseded_by)] if row.superseded_by else []),
            *([(_("Verified by"), row.verified_by_name)] if row.verified_at else []),
            *([(_("Reason"), row.withdrawn_reason)] if row.withdrawn_at else []),
        ],
    }


@page("fees.tariff", posts=READERS)
def tariff(request: HttpRequest, version: int) -> HttpResponse:
    context = _shown(request, version)
    return render(request, "fees/tariff.html", context, status=400 if context["example_errors"] else 200)


@page("fees.tariff_table", posts=READERS)
def tariff_table(request: HttpRequest, version: int) -> HttpResponse:
    """One version as a table for spreadsheets."""
    row = selectors.tariff(actor=actor_of(request), version=version)
    head, *rows = tariff_rows(row)
    return csv_response(f"tariff-{version}.csv", head, rows)


@page("fees.new_tariff", posts=SETS_TARIFFS, methods=("GET", "POST"))
def new_tariff(request: HttpRequest) -> HttpResponse:
    """The terms as the region's document states them; the terms of another version may be copied to begin with."""
    if request.method != "POST":
        return render(request, "fees/new_tariff.html", _empty_form(request))
    body: Body | None = None
    try:
        if MORE in request.POST:
            return _more_tiers(request)
        body = body_of(request.POST)
        wanted = read_input(TariffInput, body.data)
        row = services.enter_tariff(actor=actor_of(request), now=utc_now(), **wanted)
    except DomainError as error:
        if isinstance(error, InvalidInput) and body is not None:
            error = InvalidInput(errors=body.renamed(error.errors))
        errors = error.errors if isinstance(error, InvalidInput) else {}
        return again(request, "fees/new_tariff.html", error, form_context(request.POST.dict(), errors))
    messages.success(request, _("The tariff is entered. It charges nothing until it is verified."))
    return see_other(reverse("fees:tariff", args=[row.version]))


def _empty_form(request: HttpRequest) -> dict[str, Any]:
    wanted = read_query(CopyQuery, request).get("copy")
    typed = {"valid_from": next_month(local_date(utc_now()).replace(day=1)).isoformat(), "notice_days": "0"}
    versions = selectors.tariffs(actor=actor_of(request))
    if wanted is not None:
        copied = selectors.tariff(actor=actor_of(request), version=wanted)
        typed |= typed_terms(copied.terms) | {"notice_days": str(copied.notice_days)}
    return {**form_context(typed, {}), "versions": versions, "copied": wanted}


def _more_tiers(request: HttpRequest) -> HttpResponse:
    """The same form with more tiers; nothing is read or written."""
    return render(request, "fees/new_tariff.html", form_context(request.POST.dict(), {}, request.POST[MORE]))


@page("fees.verify_tariff", posts=SETS_TARIFFS, methods=("POST",))
def verify(request: HttpRequest, version: int) -> HttpResponse:
    try:
        wanted = read_input(VerifyTariffInput, request.POST)
        services.verify_tariff(actor=actor_of(request), version=version, now=utc_now(), **wanted)
    except DomainError as error:
        return again(request, "fees/tariff.html", error, _shown(request, version))
    messages.success(request, _("The tariff is verified and charges from its first day. Every bureau is told."))
    return see_other(reverse("fees:tariff", args=[version]))


@page("fees.withdraw_tariff", posts=SETS_TARIFFS, methods=("POST",))
def withdraw(request: HttpRequest, version: int) -> HttpResponse:
    try:
        wanted = read_input(WithdrawTariffInput, request.POST)
        services.withdraw_tariff(actor=actor_of(request), version=version, now=utc_now(), **wanted)
    except DomainError as error:
        return again(request, "fees/tariff.html", error, _shown(request, version))
    messages.success(request, _("The tariff is taken back."))
    return see_other(reverse("fees:tariff", args=[version]))

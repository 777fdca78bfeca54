"""Tariffs: the list of versions, one version, entering, verifying and taking back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import local_date, utc_now
from kernel.inputs import read_input
from kernel.meters import METERS
from kernel.problems import DomainError, InvalidInput
from shared_apps.fees import selectors, services
from shared_apps.fees.rules.months import next_month
from shared_apps.fees.rules.pricing import PriceKind
from shared_apps.fees.rules.states import TariffState
from shared_apps.fees.selectors import SEES_ALL, SETS_TARIFFS, TariffRow
from shared_apps.fees.serializers import TariffInput, VerifyTariffInput, WithdrawTariffInput
from shared_apps.fees.words import PRICE_KINDS
from webkit.answers import again, see_other


def _lines(row: TariffRow) -> list[dict[str, Any]]:
    return [{"meter": METERS[line.meter], "kind": PRICE_KINDS[line.kind], "price": line} for line in row.lines]


@page("fees.tariffs", posts=SEES_ALL)
def tariffs(request: HttpRequest) -> HttpResponse:
    """Every version; those waiting for verification first."""
    rows = [(row, _lines(row)) for row in selectors.tariffs()]
    context = {
        "waiting": [one for one in rows if one[0].state == TariffState.ENTERED],
        "rows": [one for one in rows if one[0].state != TariffState.ENTERED],
        "may_write": bool(actor_of(request).posts & SETS_TARIFFS),
    }
    return render(request, "fees/tariffs.html", context)


def _shown(request: HttpRequest, version: int) -> dict[str, Any]:
    row = selectors.tariff(version=version)
    waits = row.state == TariffState.ENTERED
    return {
        "row": row,
        "lines": _lines(row),
        "may_act": waits and bool(actor_of(request).posts & SETS_TARIFFS),
        "facts": [
            (_("Document number"), row.document_number or "—"),
            *([(_("Verified by"), row.verified_by_name)] if row.verified_at else []),
            *([(_("Reason"), row.withdrawn_reason)] if row.withdrawn_at else []),
        ],
    }


@page("fees.tariff", posts=SEES_ALL)
def tariff(request: HttpRequest, version: int) -> HttpResponse:
    return render(request, "fees/tariff.html", _shown(request, version))


def body_of(form: Mapping[str, str]) -> dict[str, Any]:
    """The form as the API takes it: a row a meter, those without a price left out.

    Strange fields stay, to be refused. Raises InvalidInput for a field sent twice.
    """
    rest = {key: value for key, value in form.items() if key != "csrfmiddlewaretoken"}
    twice = [key for key in rest if isinstance(form, QueryDict) and len(form.getlist(key)) > 1]
    if twice:
        raise InvalidInput(errors={key: [_("This field was sent more than once.")] for key in twice})
    prices = []
    for meter in METERS.values():
        typed = {key: rest.pop(f"{key}-{meter.code}", "") for key in ("kind", "unit_price", "allowance")}
        if typed["unit_price"] or typed["allowance"]:
            prices.append({"meter": meter.code, **{key: value for key, value in typed.items() if value}})
    return {**rest, "prices": prices}


def _form(typed: Mapping[str, str], errors: Mapping[str, Any]) -> dict[str, Any]:
    """The rows of the form with what was typed; errors of prices come by the place in the list that was sent."""
    sent = [row["meter"] for row in body_of(typed)["prices"]]
    rows = []
    for meter in METERS.values():
        place = sent.index(meter.code) if meter.code in sent else None
        wrong = {} if place is None else {
            key: errors.get(f"prices.{place}.{key}") for key in ("kind", "unit_price", "allowance")
        }  # fmt: skip
        usual = PriceKind.PER_MILLE if meter.is_money else PriceKind.PER_UNIT
        rows.append(
            {
                "meter": meter,
                "kind": typed.get(f"kind-{meter.code}") or usual,
                "unit_price": typed.get(f"unit_price-{meter.code}", ""),
                "allowance": typed.get(f"allowance-{meter.code}", ""),
                "errors": wrong,
            }
        )
    return {"rows": rows, "form": typed, "kinds": [(str(kind), label) for kind, label in PRICE_KINDS.items()]}


@page("fees.new_tariff", posts=SETS_TARIFFS, methods=("GET", "POST"))
def new_tariff(request: HttpRequest) -> HttpResponse:
    """The prices as the region's document states them."""
    if request.method != "POST":
        begins = next_month(local_date(utc_now()).replace(day=1)).isoformat()
        return render(request, "fees/new_tariff.html", _form({"valid_from": begins}, {}))
    try:
        wanted = read_input(TariffInput, body_of(request.POST))
        row = services.enter_tariff(actor=actor_of(request), now=utc_now(), **wanted)
    except DomainError as error:
        errors = error.errors if isinstance(error, InvalidInput) else {}
        return again(request, "fees/new_tariff.html", error, _form(request.POST.dict(), errors))
    messages.success(request, _("The tariff is entered. It charges nothing until it is verified."))
    return see_other(reverse("fees:tariff", args=[row.version]))


@page("fees.verify_tariff", posts=SETS_TARIFFS, methods=("POST",))
def verify(request: HttpRequest, version: int) -> HttpResponse:
    try:
        wanted = read_input(VerifyTariffInput, request.POST)
        services.verify_tariff(actor=actor_of(request), version=version, now=utc_now(), **wanted)
    except DomainError as error:
        return again(request, "fees/tariff.html", error, _shown(request, version))
    messages.success(request, _("The tariff is verified and charges from its first day."))
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

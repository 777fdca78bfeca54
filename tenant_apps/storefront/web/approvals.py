"""The bureau's local approval of suppliers: the switch, and the decisions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import local, utc_now
from kernel.inputs import StrictSerializer, read_input, read_query
from kernel.problems import DomainError, as_problem
from tenant_apps.storefront import approving
from tenant_apps.storefront.serializers import ApprovalListInput, DecideInput, SwitchInput
from webkit.tables import csv_response


@page("storefront.approvals", posts=approving.DECIDERS)
def approvals(request: HttpRequest) -> HttpResponse:
    return _show(request, read_query(ApprovalListInput, request))


@page("storefront.approvals_csv", posts=approving.DECIDERS)
def approvals_csv(request: HttpRequest) -> HttpResponse:
    """The list under the same filters as a file for spreadsheets."""
    given = read_query(ApprovalListInput, request)
    header = (_("Supplier"), _("Credit code"), _("Decision here"), _("Reason"), _("Decided at"), _("Decided by"))
    rows = (
        (
            one.supplier.name, one.supplier.uscc, _words(one), one.reason,
            local(one.decided_at).isoformat(" ", "minutes") if one.decided_at else "", one.decided_by_name,
        )
        for one in approving.exported_decisions(text=given["q"], approved_only=given["approved"])
    )  # fmt: skip
    return csv_response("supplier-approvals.csv", header, rows)


def _words(one: approving.SupplierDecision) -> str:
    if one.is_approved:
        return pgettext("supplier here", "Approved")
    return pgettext("supplier here", "Taken back") if one.decided_at else pgettext("supplier here", "Not decided")


def _kept(given: dict[str, Any]) -> dict[str, str]:
    pairs = (("q", given["q"]), ("approved", "true" if given["approved"] else ""))
    return {key: value for key, value in pairs if value}


def _show(request: HttpRequest, given: dict[str, Any], problem: DomainError | None = None) -> HttpResponse:
    found = approving.decisions(text=given["q"], approved_only=given["approved"], after=given["after"])
    kept = _kept(given)
    address = reverse("storefront:approvals")
    context: dict[str, Any] = {
        "policy": approving.approval_policy(),
        "may_switch": bool(actor_of(request).posts & approving.SWITCHERS),
        "found": found.decisions,
        "given": given,
        "next_url": f"{address}?{urlencode({**kept, 'after': found.next_after})}" if found.next_after else "",
        "csv_url": f"{reverse('storefront:approvals_csv')}?{urlencode(kept)}",
        "first_url": f"{address}?{urlencode(kept)}" if given["after"] else "",
    }
    if problem is not None:
        context["problem"] = as_problem(problem, instance=request.path)
    return render(request, "storefront/approvals.html", context, status=problem.status if problem else 200)


def _write(
    request: HttpRequest, serializer: type[StrictSerializer], change: Callable[..., object], done: str
) -> HttpResponse:
    """One service call, then back to the list; a refusal shows the list with its reason."""
    try:
        change(actor=actor_of(request), now=utc_now(), **read_input(serializer, request.POST))
    except DomainError as error:
        return _show(request, {"q": "", "approved": False, "after": 0}, error)
    messages.success(request, done)
    location = reverse("storefront:approvals")
    return HttpResponse(status=303, headers={"Location": location, "Cache-Control": "no-store"})


@page("storefront.approvals_switch", posts=approving.SWITCHERS, methods=("POST",))
def switch(request: HttpRequest) -> HttpResponse:
    return _write(request, SwitchInput, approving.switch_local_approval, _("The local approval is switched."))


@page("storefront.approvals_decide", posts=approving.DECIDERS, methods=("POST",))
def decide(request: HttpRequest) -> HttpResponse:
    return _write(request, DecideInput, approving.decide_supplier, _("The decision is recorded."))

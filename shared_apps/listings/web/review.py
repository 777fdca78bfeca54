"""Those who review: the list of what waits, one review, a batch; every offer of the library, freezing and lifting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import local_date, utc_now
from kernel.inputs import read_input, read_query
from kernel.problems import DomainError, NotFound
from shared_apps.listings import serializers
from shared_apps.listings.permissions import READERS, REVIEWERS
from shared_apps.listings.rules.checks import Severity
from shared_apps.listings.rules.reviews import BreachKind, ReviewKind, ReviewState
from shared_apps.listings.selectors import files
from shared_apps.listings.selectors import reviews as selectors
from shared_apps.listings.services import breaches, deciding
from shared_apps.listings.web.form import as_input, uploaded
from shared_apps.listings.web.shown import TABLE_ROWS_MAX, file_context, offer_list_context, state_tabs
from shared_apps.listings.words import BREACHES, KINDS, shown_findings
from shared_apps.products.rules import OfferState
from webkit import states
from webkit.answers import again, see_other
from webkit.tables import csv_response

LIST, OFFER = "listings/reviews.html", "listings/reviewed_offer.html"


def _severities() -> list[tuple[str, Any]]:
    found = [(one.value, states.label_of("finding_severity", one.value).label) for one in Severity]
    return [*found, ("none", states.label_of("finding_severity", "").label)]


def _list_context(request: HttpRequest, wanted: dict[str, Any]) -> dict[str, Any]:
    actor, here = actor_of(request), reverse("listings:reviews")
    found = selectors.reviews(actor=actor, **wanted)
    filters = {key: wanted[key] for key in ("q", "kind", "severity")}
    kept = {key: value for key, value in filters.items() if value}
    asked = {**kept, "state": wanted["state"]}
    today = local_date(utc_now())
    rows = [
        {
            "row": row,
            "kind": KINDS[row.review.kind],
            "findings": shown_findings(row.review.findings),
            "late": row.review.due_on is not None and row.review.due_on < today,
        }
        for row in found.rows
    ]
    counts = selectors.review_counts(actor=actor, **filters)
    return {
        "rows": rows,
        "wanted": wanted,
        "tabs": state_tabs(
            "offer_review", [s.value for s in ReviewState], counts, here, kept, wanted["state"], with_all=False
        ),
        "kinds": list(KINDS.items()),
        "severities": _severities(),
        "may_decide": bool(actor.posts & REVIEWERS) and wanted["state"] == ReviewState.OPEN,
        "next_url": f"?{urlencode({**asked, 'after': found.next_after})}" if found.next_after else "",
        "first_url": f"{here}?{urlencode(asked)}" if wanted["after"] else "",
        "csv_url": f"{reverse('listings:reviews_csv')}?{urlencode(asked)}",
    }


@page("listings.reviews", posts=READERS)
def reviews(request: HttpRequest) -> HttpResponse:
    """What waits, in the order it was asked for."""
    return render(request, LIST, _list_context(request, read_query(serializers.ReviewQuery, request)))


@page("listings.badge", posts=READERS)
def badge(request: HttpRequest) -> HttpResponse:
    """The figure beside the menu entry."""
    count = selectors.waiting_count(actor=actor_of(request))
    return HttpResponse(str(count) if count else "", content_type="text/plain; charset=utf-8")


@page("listings.reviews_csv", posts=READERS)
def reviews_csv(request: HttpRequest) -> HttpResponse:
    wanted = read_query(serializers.ReviewQuery, request)
    found = selectors.reviews(actor=actor_of(request), size=TABLE_ROWS_MAX, **wanted)
    heading = (
        _("Product code"), _("Product"), _("Supplier"), _("What is asked"), _("Price on sale"), _("Price"),
        _("Reference price"), _("Findings"), _("State"), _("To be decided by"), _("Decision by"), _("Reason"),
    )  # fmt: skip
    return csv_response(
        "offer-reviews.csv",
        heading,
        (
            (
                row.offer.product_code, row.offer.title, row.supplier.name, KINDS[row.review.kind],
                row.review.price_before, row.review.price, row.review.reference_price,
                "；".join(one.title for one in shown_findings(row.review.findings)),
                states.label_of("offer_review", row.review.state).label, row.review.due_on,
                row.review.decided_by_name, row.review.reason,
            )
            for row in found.rows
        ),
    )  # fmt: skip


@page("listings.decide_batch", posts=REVIEWERS, methods=("POST",))
def decide_batch(request: HttpRequest) -> HttpResponse:
    """Several at once: each is decided by itself, and what is refused is named."""
    try:
        wanted = read_input(serializers.BatchInput, as_input(request.POST, lists=("review_ids",)))
        outcomes = deciding.decide_many(
            actor=actor_of(request),
            review_ids=wanted["review_ids"],
            approve=wanted["decision"] == "approve",
            reason=wanted["reason"],
            now=utc_now(),
        )
    except DomainError as error:
        start = {"q": "", "state": ReviewState.OPEN.value, "kind": "", "severity": "", "after": 0}
        return again(request, LIST, error, _list_context(request, start))
    done = sum(one.problem is None for one in outcomes)
    if done:
        messages.success(request, _("Decided: %(count)s.") % {"count": done})
    for one in outcomes:
        if one.problem is not None:
            messages.warning(request, f"{one.review_id}：{one.problem.title}")
    return see_other(reverse("listings:reviews"))


# -- one offer --------------------------------------------------------------------------------------------------------
def _context(request: HttpRequest, offer_id: int) -> dict[str, Any]:
    actor = actor_of(request)
    file = files.any_offer(actor=actor, offer_id=offer_id, on=local_date(utc_now()))
    stranger = all(place.organisation_id != file.supplier.organisation_id for place in actor.belongs)
    may = bool(actor.posts & REVIEWERS) and stranger
    return {
        **file_context(file),
        "may_decide": may and file.review is not None,
        "may_freeze": may and file.offer.state == OfferState.LISTED,
        "may_lift": may and file.freeze is not None,
        "breaches": list(BREACHES.items()),
        "own_supplier": not stranger,
    }


@page("listings.reviewed_offer", posts=READERS)
def reviewed_offer(request: HttpRequest, offer_id: int) -> HttpResponse:
    """One offer with its findings, its history and what was decided on it."""
    return render(request, OFFER, _context(request, offer_id))


def _write(request: HttpRequest, offer_id: int, call: Callable[[], str]) -> HttpResponse:
    try:
        said = call()
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        return again(request, OFFER, error, _context(request, offer_id))
    messages.success(request, said)
    return see_other(reverse("listings:reviewed_offer", args=[offer_id]))


@page("listings.decide_review", posts=REVIEWERS, methods=("POST",))
def decide_review(request: HttpRequest, offer_id: int, review_id: int) -> HttpResponse:
    def call() -> str:
        wanted = read_input(serializers.OfferDecideInput, as_input(request.POST))
        approve = wanted["decision"] == "approve"
        review = deciding.decide_review(
            actor=actor_of(request), review_id=review_id, approve=approve, reason=wanted["reason"], now=utc_now()
        )
        if not approve:
            return _("Rejected; the supplier reads the reason.")
        if review.kind == ReviewKind.PRICE:
            return _("The new price is on sale.")
        return _("The offer is on sale.")

    return _write(request, offer_id, call)


@page("listings.freeze_offer", posts=REVIEWERS, methods=("POST",))
def freeze_offer(request: HttpRequest, offer_id: int) -> HttpResponse:
    def call() -> str:
        wanted = read_input(serializers.FreezeInput, as_input(request.POST))
        breaches.freeze_offer(
            actor=actor_of(request),
            offer_id=offer_id,
            kind=BreachKind(wanted["kind"]),
            reason=wanted["reason"],
            evidence=uploaded(request),
            now=utc_now(),
        )
        return _("The offer is off sale until it is corrected.")

    return _write(request, offer_id, call)


@page("listings.lift_freeze", posts=REVIEWERS, methods=("POST",))
def lift_freeze(request: HttpRequest, offer_id: int) -> HttpResponse:
    def call() -> str:
        wanted = read_input(serializers.OfferReasonInput, as_input(request.POST))
        breaches.lift_freeze(actor=actor_of(request), offer_id=offer_id, now=utc_now(), **wanted)
        return _("The offer is on sale again.")

    return _write(request, offer_id, call)


# -- every offer ------------------------------------------------------------------------------------------------------
@page("listings.all_offers", posts=READERS)
def all_offers(request: HttpRequest) -> HttpResponse:
    """Every supplier's offers, newest first."""
    wanted = read_query(serializers.OfferQuery, request)
    actor, here = actor_of(request), reverse("listings:all_offers")
    found = files.all_offers(actor=actor, **wanted)
    counts = files.all_counts(actor=actor, q=wanted["q"], category=wanted["category"])
    context = offer_list_context(here=here, found=found, counts=counts, wanted=wanted)
    return render(request, "listings/all_offers.html", context)

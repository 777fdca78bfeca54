"""The supplier's own offers: list, form, and all that may be done with one."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import local_date, utc_now
from kernel.inputs import StrictSerializer, read_input, read_query
from kernel.problems import DomainError, InvalidInput, NotFound
from shared_apps.listings import serializers
from shared_apps.listings.permissions import SELLERS
from shared_apps.listings.rules.reviews import AppealState, FreezeState
from shared_apps.listings.selectors import files as selectors
from shared_apps.listings.selectors.files import OfferFile
from shared_apps.listings.serializers import areas_of
from shared_apps.listings.services import appeals, breaches, offering
from shared_apps.listings.web.form import TERMS, area_rows, as_input, divisions, terms_of, uploaded, vat_rates
from shared_apps.listings.web.shown import TABLE_ROWS_MAX, file_context, offer_list_context
from shared_apps.products.library import list_products
from shared_apps.products.rules import OfferState
from shared_apps.products.services import edit_service
from webkit import states
from webkit.answers import again, see_other
from webkit.tables import csv_response

OFFER, FORM = "listings/own_offer.html", "listings/offer_form.html"
_SERVED = frozenset({OfferState.LISTED, OfferState.FROZEN})
_ENDED = frozenset({OfferState.REJECTED, OfferState.DELISTED, OfferState.EXPIRED})
S = OfferState


@page("listings.own_offers", posts=SELLERS)
def own_offers(request: HttpRequest) -> HttpResponse:
    """Newest first, by state."""
    wanted = read_query(serializers.OfferQuery, request)
    actor, here = actor_of(request), reverse("listings:own_offers")
    found = selectors.own_offers(actor=actor, **wanted)
    counts = selectors.own_counts(actor=actor, q=wanted["q"], category=wanted["category"])
    context = offer_list_context(here=here, found=found, counts=counts, wanted=wanted)
    context["csv_url"] = f"{reverse('listings:own_offers_csv')}?{context['asked']}"
    context["suppliers"] = selectors.own_suppliers(actor=actor)
    return render(request, "listings/own_offers.html", context)


@page("listings.own_offers_csv", posts=SELLERS)
def own_offers_csv(request: HttpRequest) -> HttpResponse:
    """The list under the same filters."""
    wanted = read_query(serializers.OfferQuery, request)
    actor = actor_of(request)
    rows: list[Any] = []
    while len(rows) < TABLE_ROWS_MAX:
        found = selectors.own_offers(actor=actor, **wanted)
        rows += found.offers
        if found.next_before is None:
            break
        wanted["before"] = found.next_before
    heading = (
        _("Product code"), _("Product"), _("State"), _("Price"), _("Reference price"), _("Price asked for"),
        _("Least quantity"), _("Pack quantity"), _("Delivery days"), _("Stock note"), _("Valid from"), _("Valid to"),
    )  # fmt: skip
    return csv_response(
        "offers.csv",
        heading,
        (
            (
                one.product_code, one.title, states.label_of("offer", one.state).label, one.price,
                one.reference_price, one.pending_price, one.min_quantity, one.pack_quantity, one.delivery_days,
                one.stock_note, one.valid_from, one.valid_to,
            )
            for one in rows
        ),
    )  # fmt: skip


# -- the form ---------------------------------------------------------------------------------------------------------
def _form_context(*, sent: QueryDict | None, values: dict[str, str], areas: Any, errors: Any) -> dict[str, Any]:
    return {
        "values": {name: str(sent.get(name, ""))[:400] for name in (*values, "product_code")} if sent else values,
        "areas": area_rows(sent=sent, areas=areas, errors=errors),
        "area_errors": (errors or {}).get("areas", ()),
        "divisions": divisions(),
        "vat_rates": vat_rates(),
    }


_BLANK = dict.fromkeys(TERMS, "")


@page("listings.new_offer", posts=SELLERS, methods=("GET", "POST"))
def new_offer(request: HttpRequest) -> HttpResponse:
    """Choose a product of the library, then write what it costs."""
    actor = actor_of(request)
    suppliers = selectors.own_suppliers(actor=actor)
    context = {"suppliers": [(str(one.id), one.name) for one in suppliers], "several": len(suppliers) > 1}
    if request.method != "POST":
        wanted = read_query(serializers.ProductChoiceQuery, request)
        today = local_date(utc_now()).isoformat()
        values = {
            **_BLANK,
            "product_code": wanted["product"],
            "min_quantity": "1",
            "pack_quantity": "1",
            "valid_from": today,
        }
        context |= _form_context(sent=None, values=values, areas=(), errors=None)
        context |= {"q": wanted["q"], "products": list_products(text=wanted["q"]).products if wanted["q"] else ()}
        return render(request, FORM, context)
    try:
        wanted = read_input(serializers.DraftInput, as_input(request.POST, rows=True))
        wanted["supplier_id"] = _supplier(suppliers, wanted.get("supplier_id"))
        offer = offering.draft(
            actor=actor, areas=areas_of(wanted.pop("areas")), now=utc_now(), **{**wanted, "vat_rate": _rate(wanted)}
        )
    except DomainError as error:
        errors = error.errors if isinstance(error, InvalidInput) else {}
        context |= _form_context(sent=request.POST, values=_BLANK, areas=(), errors=errors)
        return again(request, FORM, error, context)
    messages.success(request, _("The draft is kept. Nobody sees it until you submit it."))
    return see_other(reverse("listings:own_offer", args=[offer.pk]))


def _supplier(suppliers: Any, chosen: int | None) -> int:
    """The one the actor sells for, or the one chosen among several. Raises InvalidInput."""
    ids = [one.id for one in suppliers]
    if chosen in ids:
        return int(chosen or 0)
    if chosen is None and len(ids) == 1:
        return int(ids[0])
    raise InvalidInput(errors={"supplier_id": [_("Choose the supplier you sell for.")]})


def _rate(wanted: dict[str, Any]) -> Any:
    return None if wanted["vat_rate"] is None else Decimal(wanted["vat_rate"])


@page("listings.edit_offer", posts=SELLERS, methods=("GET", "POST"))
def edit_offer(request: HttpRequest, offer_id: int) -> HttpResponse:
    """A draft anew."""
    file = _file(request, offer_id)
    context: dict[str, Any] = {"offer": file.offer}
    if request.method != "POST":
        context |= _form_context(sent=None, values=terms_of(file.offer), areas=file.areas, errors=None)
        return render(request, FORM, context)
    try:
        wanted = read_input(serializers.TermsInput, as_input(request.POST, rows=True))
        areas = areas_of(wanted.pop("areas"))
        offering.edit(
            actor=actor_of(request), offer_id=offer_id, areas=areas, now=utc_now(),
            **{**wanted, "vat_rate": _rate(wanted)},
        )  # fmt: skip
    except DomainError as error:
        errors = error.errors if isinstance(error, InvalidInput) else {}
        context |= _form_context(sent=request.POST, values=_BLANK, areas=(), errors=errors)
        return again(request, FORM, error, context)
    messages.success(request, _("The draft is changed."))
    return see_other(reverse("listings:own_offer", args=[offer_id]))


# -- one offer --------------------------------------------------------------------------------------------------------
def _file(request: HttpRequest, offer_id: int) -> OfferFile:
    return selectors.own_offer(actor=actor_of(request), offer_id=offer_id, on=local_date(utc_now()))


def _context(request: HttpRequest, offer_id: int, errors: Any = None) -> dict[str, Any]:
    file = _file(request, offer_id)
    state = file.offer.state
    appealed = any(one.state == AppealState.FILED for one in file.appeals)
    against = file.freeze or (file.reviews[0] if state == S.REJECTED and file.reviews else None)
    sent = request.POST if request.method == "POST" and "area_code" in request.POST else None
    return {
        **file_context(file),
        "own": True,
        "may_edit": state == S.DRAFT,
        "may_submit": state == S.DRAFT,
        "may_price": state in _SERVED,
        "may_serve": state in _SERVED,
        "may_withdraw": state in {S.DRAFT, S.SUBMITTED, S.MACHINE_CHECKED, *_SERVED},
        "may_correct": file.freeze is not None,
        "is_corrected": file.freeze is not None and file.freeze.state == FreezeState.CORRECTED,
        "may_appeal": against is not None and not hasattr(against, "appeal"),
        "open_appeal": next((one for one in file.appeals if one.state == AppealState.FILED), None),
        "appealed": appealed,
        "may_draft_again": state in _ENDED,
        "may_renew": file.offer.valid_to is not None and state in {*_SERVED, S.EXPIRED},
        "area_form": area_rows(sent=sent, areas=file.areas, errors=errors),
        "divisions": divisions(),
        "terms": terms_of(file.offer),
    }


@page("listings.own_offer", posts=SELLERS)
def own_offer(request: HttpRequest, offer_id: int) -> HttpResponse:
    return render(request, OFFER, _context(request, offer_id))


def _write(request: HttpRequest, offer_id: int, call: Callable[[], str]) -> HttpResponse:
    """One service call; the offer's page again with the refusal above it."""
    try:
        said = call()
    except DomainError as error:
        errors = error.errors if isinstance(error, InvalidInput) else {}
        if isinstance(error, NotFound):
            raise
        return again(request, OFFER, error, _context(request, offer_id, errors))
    messages.success(request, said)
    return see_other(reverse("listings:own_offer", args=[offer_id]))


@page("listings.submit_offer", posts=SELLERS, methods=("POST",))
def submit_offer(request: HttpRequest, offer_id: int) -> HttpResponse:
    def call() -> str:
        read_input(StrictSerializer, request.POST)
        offering.submit(actor=actor_of(request), offer_id=offer_id, now=utc_now())
        return _("Submitted and checked by the machine. A person reviews it now.")

    return _write(request, offer_id, call)


@page("listings.price_offer", posts=SELLERS, methods=("POST",))
def price_offer(request: HttpRequest, offer_id: int) -> HttpResponse:
    def call() -> str:
        wanted = read_input(serializers.OfferPriceInput, as_input(request.POST, rows=True))
        if "areas" in wanted:
            wanted["areas"] = areas_of(wanted["areas"])
        offer = offering.ask_price(actor=actor_of(request), offer_id=offer_id, now=utc_now(), **wanted)
        if offer.pending_since is not None:
            return _("The dearer terms wait for a review. Buyers keep the present ones until it is decided.")
        return _("The new terms hold at once.")

    return _write(request, offer_id, call)


@page("listings.withdraw_price", posts=SELLERS, methods=("POST",))
def withdraw_price(request: HttpRequest, offer_id: int) -> HttpResponse:
    def call() -> str:
        read_input(StrictSerializer, request.POST)
        offering.take_price_back(actor=actor_of(request), offer_id=offer_id, now=utc_now())
        return _("The dearer terms are taken back.")

    return _write(request, offer_id, call)


@page("listings.serve_offer", posts=SELLERS, methods=("POST",))
def serve_offer(request: HttpRequest, offer_id: int) -> HttpResponse:
    def call() -> str:
        wanted = read_input(serializers.ServiceInput, as_input(request.POST))
        edit_service(actor=actor_of(request), offer_id=offer_id, now=utc_now(), **wanted)
        return _("Stock note, delivery and last day hold at once.")

    return _write(request, offer_id, call)


@page("listings.withdraw_offer", posts=SELLERS, methods=("POST",))
def withdraw_offer(request: HttpRequest, offer_id: int) -> HttpResponse:
    def call() -> str:
        wanted = read_input(serializers.OfferWithdrawInput, as_input(request.POST))
        offering.withdraw(actor=actor_of(request), offer_id=offer_id, now=utc_now(), **wanted)
        return _("The offer is taken back for good.")

    return _write(request, offer_id, call)


@page("listings.correct_offer", posts=SELLERS, methods=("POST",))
def correct_offer(request: HttpRequest, offer_id: int) -> HttpResponse:
    def call() -> str:
        wanted = read_input(serializers.CorrectionInput, as_input(request.POST))
        breaches.report_correction(
            actor=actor_of(request), offer_id=offer_id, file=uploaded(request), now=utc_now(), **wanted
        )
        return _("Your correction is with those who froze the offer.")

    return _write(request, offer_id, call)


@page("listings.appeal_offer", posts=SELLERS, methods=("POST",))
def appeal_offer(request: HttpRequest, offer_id: int) -> HttpResponse:
    def call() -> str:
        wanted = read_input(serializers.AppealInput, as_input(request.POST))
        appeals.file_appeal(actor=actor_of(request), offer_id=offer_id, file=uploaded(request), now=utc_now(), **wanted)
        return _("The appeal is filed. Somebody other than who decided first will decide on it.")

    return _write(request, offer_id, call)


@page("listings.withdraw_appeal", posts=SELLERS, methods=("POST",))
def withdraw_appeal(request: HttpRequest, offer_id: int, appeal_id: int) -> HttpResponse:
    def call() -> str:
        read_input(StrictSerializer, request.POST)
        appeals.withdraw_appeal(actor=actor_of(request), appeal_id=appeal_id, now=utc_now())
        return _("The appeal is taken back.")

    return _write(request, offer_id, call)


@page("listings.draft_again", posts=SELLERS, methods=("POST",))
def draft_again(request: HttpRequest, offer_id: int) -> HttpResponse:
    try:
        read_input(StrictSerializer, request.POST)
        offer = offering.draft_again(actor=actor_of(request), offer_id=offer_id, now=utc_now())
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        return again(request, OFFER, error, _context(request, offer_id))
    messages.success(request, _("A new draft with the same terms. Correct it, then submit it."))
    return see_other(reverse("listings:edit_offer", args=[offer.pk]))

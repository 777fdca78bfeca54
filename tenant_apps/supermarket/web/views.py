"""The checkout of one supplier: what is bought, where it goes, what pays for it, and what the rules say of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework import serializers

from kernel.access import page
from kernel.actor import Actor
from kernel.api import actor_of
from kernel.clock import fiscal_year, utc_now
from kernel.inputs import KeyField, StrictSerializer, TextField, read_input, read_query
from kernel.posts import Post
from kernel.problems import DomainError, InvalidInput, NotFound, as_problem
from shared_apps.products.read_models import OfferView
from shared_apps.products.selectors import product_pages
from shared_apps.rulebook.wording import ShownDecision, shown_all
from tenant_apps.bargains.selectors import bargain_for
from tenant_apps.budgets.selectors import open_lines
from tenant_apps.orders.rules import PurchaseMode
from tenant_apps.orders.selectors import last_delivery
from tenant_apps.orders.services.refusals import RuleRefused
from tenant_apps.orders.words import MODES
from tenant_apps.storefront.areas import area_names, own_area
from tenant_apps.storefront.read_models import SupplierCart
from tenant_apps.storefront.selectors import clerk_units, shelf_view, unit_in_use
from tenant_apps.supermarket import services
from tenant_apps.supermarket.addresses import entries
from tenant_apps.supermarket.papers import papers_of
from tenant_apps.supermarket.selectors import Goods, goods_of
from tenant_apps.supermarket.serializers import CheckoutInput, as_checkout
from tenant_apps.supermarket.web import form, papers

CLERK = frozenset({Post.BUYER_CLERK})


class CheckoutQuery(StrictSerializer):
    """`unit` is the unit to buy for, `mode` the way of buying the page opens with, `bargain` what was agreed."""

    unit = KeyField(required=False)
    mode = serializers.ChoiceField(choices=[PurchaseMode.DIRECT.value, PurchaseMode.COMPARE.value], required=False)
    bargain = KeyField(required=False)
    # An entry of the unit's address book to begin with.
    address = KeyField(required=False)


class PreviewInput(CheckoutInput):
    """The checkout on the way: what is still empty is not looked at."""

    delivery_address = TextField(max_length=200, required=False, allow_blank=True, default="")
    contact_name = TextField(max_length=40, required=False, allow_blank=True, default="")
    # A number that is half typed is not judged yet.
    contact_phone = TextField(max_length=20, required=False, allow_blank=True, default="")  # type: ignore[assignment]


@page("supermarket.checkout", posts=CLERK, methods=("GET", "POST"))
def checkout(request: HttpRequest, supplier_id: int) -> HttpResponse:
    actor = actor_of(request)
    if request.method == "GET":
        query = read_query(CheckoutQuery, request)
        return _form(
            request,
            actor,
            supplier_id,
            unit_id=query.get("unit"),
            mode=query.get("mode"),
            bargain_id=query.get("bargain"),
            address_id=query.get("address"),
        )
    try:
        data = read_input(CheckoutInput, form.body_of(request.POST))
        if data["supplier_id"] != supplier_id:
            raise NotFound(supplier_id=supplier_id)
        order = services.submit_cart(actor=actor, checkout=as_checkout(data), now=utc_now())
    except RuleRefused as refused:
        cards = shown_all(refused.decisions, decided_at=refused.refusal.at)
        return _form(request, actor, supplier_id, problem=refused, decisions=cards)
    except NotFound:
        raise
    except DomainError as problem:
        return _form(request, actor, supplier_id, problem=problem)
    messages.success(request, _("Submitted for approval: %(number)s.") % {"number": order.number})
    return HttpResponseRedirect(reverse("orders:order", args=[order.pk]), status=303)


@page("supermarket.preview", posts=CLERK, methods=("POST",))
def preview(request: HttpRequest, supplier_id: int) -> HttpResponse:
    """The fragment under the form: what would be decided now."""
    actor = actor_of(request)
    context: dict[str, Any] = {}
    try:
        data = read_input(PreviewInput, form.body_of(request.POST))
        wished, now = as_checkout(data), utc_now()
        if data["supplier_id"] != supplier_id:
            raise NotFound(supplier_id=supplier_id)
        goods = goods_of(
            actor=actor, unit_id=wished.unit_id, supplier_id=supplier_id, bargain_id=wished.bargain_id, now=now
        )
        if goods is None:
            raise NotFound(supplier_id=supplier_id)
        judgement = services.preview_cart(actor=actor, checkout=wished, wanted=goods.wanted, now=now)
        context = {"decisions": shown_all(judgement.decisions), "allowed": judgement.allowed}
    except InvalidInput:
        context = {"incomplete": True}
    return render(request, "supermarket/_preview.html", context)


def _form(
    request: HttpRequest,
    actor: Actor,
    supplier_id: int,
    *,
    unit_id: int | None = None,
    mode: str | None = None,
    bargain_id: int | None = None,
    address_id: int | None = None,
    problem: DomainError | None = None,
    decisions: Sequence[ShownDecision] | None = None,
) -> HttpResponse:
    """The page with what was typed, or with what it begins with."""
    typed = request.POST.dict() if request.method == "POST" else {}
    if typed:
        units = {str(unit): unit for unit in clerk_units(actor=actor)}
        unit_id, mode = units.get(typed.get("unit_id", "")), typed.get("mode")
        bargain_id = form.key_of(typed.get("bargain_id", ""))
    if bargain_id is not None and not typed:
        unit_id = bargain_for(actor=actor, bargain_id=bargain_id).unit_id
    unit_id = unit_in_use(actor=actor, asked=unit_id)
    goods = None
    if unit_id is not None:
        goods = goods_of(actor=actor, unit_id=unit_id, supplier_id=supplier_id, bargain_id=bargain_id, now=utc_now())
    if unit_id is None or goods is None:
        shown = as_problem(problem, request.path) if problem else None
        return render(request, "supermarket/empty.html", {"problem": shown}, status=problem.status if problem else 404)
    cart, area = goods.cart, goods.area_code
    if goods.bargain_id is not None:
        mode = PurchaseMode.BARGAIN.value
    elif mode not in {PurchaseMode.DIRECT.value, PurchaseMode.COMPARE.value}:
        mode = PurchaseMode.DIRECT.value
    lines = open_lines(unit_id=unit_id, fiscal_year=fiscal_year(utc_now()))
    amounts = form.proposed(lines=lines, total=cart.total_amount)
    errors = problem.errors if isinstance(problem, InvalidInput) else {}
    book = [entry for entry in entries(unit_id=unit_id) if (entry.area_code or own_area()) == area]
    begins = {} if typed else _begins(actor, unit_id, book, address_id)
    comparing = mode == PurchaseMode.COMPARE
    if decisions is None and not typed and not comparing and cart.can_check_out:
        decisions = _previewed(actor, unit_id, goods, amounts)
    return render(
        request,
        "supermarket/checkout.html",
        {
            "cart": cart,
            "bargain_id": goods.bargain_id,
            "bargain_number": goods.bargain_number,
            "unit_id": unit_id,
            "unit_name": lines[0].unit_name if lines else "",
            "area_code": area,
            "area_name": area_names((own_area(), area))[area] if area != own_area() else "",
            "mode": mode,
            "modes": list(MODES.items()),
            "comparing": comparing,
            "peers": _peers(cart, area) if comparing else [],
            "chosen_peers": request.POST.getlist("compared_offer_ids") if typed else [],
            "funding": form.funding_rows(lines=lines, typed=typed, amounts=amounts, errors=errors),
            "values": typed or begins,
            **papers.shown(papers_of(actor=actor, unit_id=unit_id, supplier_id=supplier_id)),
            "book": book,
            "book_query": f"&bargain={goods.bargain_id}" if goods.bargain_id else f"&mode={mode}",
            "problem": as_problem(problem, request.path) if problem else None,
            "decisions": decisions or [],
            "allowed": bool(decisions) and all(card.allowed for card in decisions or []),
        },
        status=problem.status if problem else 200,
    )


def _begins(actor: Actor, unit_id: int, book: list[Any], address_id: int | None) -> dict[str, str]:
    """The entry that was chosen, else the default, else where the clerk's last order went."""
    chosen = next((one for one in book if one.pk == address_id), None)
    entry = chosen or next((one for one in book if one.is_default), None)
    delivery = entry or last_delivery(actor=actor, unit_id=unit_id)
    return {
        "delivery_address": delivery.address,
        "contact_name": delivery.contact_name,
        "contact_phone": delivery.contact_phone,
    }


def _previewed(actor: Actor, unit_id: int, goods: Goods, amounts: Any) -> list[ShownDecision]:
    wanted = services.Checkout(
        unit_id=unit_id,
        supplier_id=goods.cart.supplier_id,
        mode=PurchaseMode.DIRECT if goods.bargain_id is None else PurchaseMode.BARGAIN,
        funding=tuple(amounts.items()),
        delivery_address="",
        contact_name="",
        contact_phone="",
        area_code=goods.area_code,
        bargain_id=goods.bargain_id,
    )
    judgement = services.preview_cart(actor=actor, checkout=wanted, wanted=goods.seen, now=utc_now())
    return shown_all(judgement.decisions)


def _peers(cart: SupplierCart, area: str) -> list[OfferView]:
    """What the clerk can compare with: other suppliers' offers of the same products, cheapest first."""
    codes = list(dict.fromkeys(line.offer.product_code for line in cart.lines if line.offer))
    own = {line.offer_id for line in cart.lines}
    return [
        offer
        for product in product_pages(codes=codes, shelf=replace(shelf_view(), area=area))
        for offer in product.offers
        if offer.offer_id not in own and offer.available
    ]

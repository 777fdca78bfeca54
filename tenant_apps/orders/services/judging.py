"""Putting a purchase to the rules: what is bought, at the library's present values, and what each rule says of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.clock import fiscal_year, local_date
from kernel.problems import Conflict, InvalidInput, NotFound
from kernel.sm3 import canonical_json, sm3_hex
from shared_apps.products import selectors as library
from shared_apps.products.quantities import why_not
from shared_apps.products.read_models import OfferView
from shared_apps.rulebook.deciding_policies import SMALL_SIZES, SME_SIZES, carries_green, is_green_due
from shared_apps.rulebook.rules import (
    Decision,
    Kind,
    Mode,
    Purchase,
    PurchaseLine,
    RuleSet,
    all_allowed,
    decide,
    independent,
)
from shared_apps.rulebook.selectors import related_suppliers
from tenant_apps.budgets.rules import LineView
from tenant_apps.commitments.reading import Books
from tenant_apps.commitments.rules import LineShare, Part, asked_by, parts_of
from tenant_apps.orders.rules import FundingMismatch, OrderAmounts, allocate, order_amounts


@dataclass(frozen=True, slots=True)
class Wanted:
    """One offer and how many. `agreed_price` is what the order was submitted with or was agreed in a bargain; None:
    the price of now. `seen` is the offer that a page has just read, which spares a look only: nothing is ordered by it.
    """

    offer_id: int
    quantity: int
    agreed_price: Decimal | None = None
    agreed_freight: Decimal | None = None
    seen: OfferView | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseRequest:
    """What a clerk asks to buy from one supplier, beside the goods themselves.

    `funding` is (budget line, amount) in the order in which the lines are to be used; `compared` are the offers looked
    at beside the chosen ones, in mode `compare`.
    """

    module: str
    unit_id: int
    supplier_id: int
    mode: str
    funding: tuple[tuple[int, Decimal], ...]
    delivery_address: str
    contact_name: str
    contact_phone: str
    area_code: str
    choice_reason: str = ""
    compared: tuple[int, ...] = ()
    note: str = ""
    # In mode `bargain`: where the agreed prices come from.
    bargain_id: int | None = None


@dataclass(frozen=True)
class Judgement:
    """One purchase with everything that was looked at, and every rule's answer."""

    wanted: tuple[Wanted, ...]
    offers: Mapping[int, OfferView]
    amounts: OrderAmounts
    compared: tuple[OfferView, ...]
    budget: Mapping[int, LineView]
    rules: RuleSet
    purchase: Purchase
    decisions: tuple[Decision, ...]
    fingerprint: str
    # What it would commit of each budget item, and the ledger it was judged by.
    parts: tuple[Part, ...]
    books: Books

    @property
    def allowed(self) -> bool:
        return all_allowed(self.decisions)

    def again(self, books: Books) -> Judgement:
        """The same purchase on the ledger as it is by now."""
        purchase = replace(self.purchase, committed=books.committed(asked_by(self.parts)))
        decisions = decide(purchase=purchase, rules=self.rules)
        return replace(self, purchase=purchase, decisions=decisions, books=books)


class SupplierNotJoined(Conflict):
    """Nobody of the supplier can sign in: an order would wait for an answer that cannot come."""

    code = "supplier-not-joined"
    title = _("The supplier has not joined the platform yet and cannot answer orders")


def judge(
    *,
    request: PurchaseRequest,
    wanted: Sequence[Wanted],
    budget: Mapping[int, LineView],
    rules: RuleSet,
    level: str,
    books: Books,
    now: datetime,
    own: bool = False,
) -> Judgement:
    """Look the offers up as they are now and decide every rule. One statement on the region's alias, none for offers
    that were all `seen`.

    `own`: the ledger `books` holds this purchase already. Raises NotFound for offers the library does not have,
    InvalidInput for a quantity below the supplier's least or of no whole packs.
    """
    views = {want.offer_id: want.seen for want in wanted if want.seen}
    unseen = ({want.offer_id for want in wanted} | set(request.compared)) - set(views)
    views |= library.offers(offer_ids=unseen, area=request.area_code, on=local_date(now))
    if missing := {want.offer_id for want in wanted} - set(views):
        raise NotFound(offer_ids=sorted(missing))
    errors = {
        f"lines.{index}.quantity": [message]
        for index, want in enumerate(wanted)
        if (message := why_not(views[want.offer_id], want.quantity))
    }
    if errors:
        raise InvalidInput(errors=errors)
    amounts = order_amounts(
        [
            (
                views[want.offer_id].price if want.agreed_price is None else want.agreed_price,
                want.quantity,
                views[want.offer_id].freight if want.agreed_freight is None else want.agreed_freight,
            )
            for want in wanted
        ]
    )
    compared = tuple(views[offer_id] for offer_id in request.compared if offer_id in views)
    pairs = _related(list(views.values())) if request.mode == Mode.COMPARE else []
    purchase = _purchase(request, wanted, views, compared, amounts, budget, level, now)
    purchase = replace(purchase, offers_compared=_comparison(wanted, views, compared, pairs))
    parts = _parts(request, purchase, amounts, budget, rules)
    purchase = replace(
        purchase,
        committed=books.committed(asked_by(parts), own=own) if parts else None,
        shares=books.shares_without(amounts.total, size=purchase.supplier_size) if own else books.shares,
        relief=books.relief,
        related=_named(pairs, list(views.values())) if request.mode == Mode.COMPARE else None,
    )
    return Judgement(
        wanted=tuple(wanted),
        offers=views,
        amounts=amounts,
        compared=compared,
        budget=budget,
        rules=rules,
        purchase=purchase,
        decisions=decide(purchase=purchase, rules=rules),
        fingerprint=_fingerprint(request, wanted),
        parts=parts,
        books=books,
    )


def _related(offers: Sequence[OfferView]) -> list[tuple[int, int]]:
    """Suppliers in the comparison that belong together, pair by pair. One statement on the region's alias."""
    return related_suppliers(supplier_ids=sorted({offer.supplier_id for offer in offers}))


def _named(pairs: Sequence[tuple[int, int]], offers: Sequence[OfferView]) -> tuple[tuple[str, str], ...]:
    names = {offer.supplier_id: offer.supplier_name for offer in offers}
    return tuple((names[first], names[second]) for first, second in pairs)


def _parts(
    request: PurchaseRequest,
    purchase: Purchase,
    amounts: OrderAmounts,
    budget: Mapping[int, LineView],
    rules: RuleSet,
) -> tuple[Part, ...]:
    """What each line takes of which budget item. Works are not meant: art. 28 speaks of goods and services.

    While the amounts typed do not add up yet, all is looked at as the first budget line's.
    """
    if not request.funding or purchase.kind == Kind.WORKS:
        return ()
    totals = [line.total for line in amounts.lines]
    try:
        draws = [
            (draw.line, draw.budget_line_id, draw.amount) for draw in allocate(totals=totals, sources=request.funding)
        ]
    except FundingMismatch:
        first = request.funding[0][0]
        draws = [(index, first, total) for index, total in enumerate(totals) if total > 0]
    lines = [
        LineShare(line.category_code, total, is_green_due(line, rules), carries_green(line))
        for line, total in zip(purchase.lines, totals, strict=True)
    ]
    return parts_of(
        lines=lines,
        draws=[(index, budget[key].budget_item, amount) for index, key, amount in draws],
        is_sme=purchase.supplier_size in SME_SIZES,
        is_small=purchase.supplier_size in SMALL_SIZES,
    )


def _purchase(
    request: PurchaseRequest,
    wanted: Sequence[Wanted],
    views: Mapping[int, OfferView],
    compared: Collection[OfferView],
    amounts: OrderAmounts,
    budget: Mapping[int, LineView],
    level: str,
    now: datetime,
) -> Purchase:
    chosen = [views[want.offer_id] for want in wanted]
    supplier = next((view for view in chosen if view.supplier_id == request.supplier_id), chosen[0])
    kinds = {view.kind for view in chosen}
    year = fiscal_year(now)
    years = {budget[line_id].fiscal_year for line_id, _amount in request.funding}
    return Purchase(
        module=request.module,
        level=level,
        kind=kinds.pop() if len(kinds) == 1 else Kind.GOODS,
        total=amounts.total,
        fiscal_year=year,
        lines=tuple(
            PurchaseLine(
                product_code=view.product_code,
                category_code=view.category_code,
                kind=view.kind,
                quantity=want.quantity,
                unit_price=view.price if want.agreed_price is None else want.agreed_price,
                reference_price=view.reference_price,
                current_price=view.price,
                offer_active=view.active,
                delivers=view.delivers,
                supplier_code=view.supplier_code,
                labels=view.labels,
                paid_median=view.paid_median,
            )
            for want, view in zip(wanted, chosen, strict=True)
        ),
        supplier_standing=supplier.supplier_standing,
        supplier_code=supplier.supplier_code,
        # Lines of several years: the one that is not this year's is the one to explain.
        budget_year=next(iter(sorted(years - {year})), year) if years else None,
        plan_filed=bool(years) and all(budget[line_id].plan_filed for line_id, _amount in request.funding),
        mode=request.mode,
        area=request.area_code,
        chosen_is_lowest=all(view.price <= min(peer.price for peer in _peers(view, compared)) for view in chosen),
        choice_reason=request.choice_reason,
        supplier_size=supplier.supplier_size,
        unit_id=request.unit_id,
    )


def _peers(view: OfferView, compared: Collection[OfferView]) -> list[OfferView]:
    """What a line is compared with, itself among it: offers of the same item code that can be bought here."""
    return [
        peer
        for peer in (*compared, view)
        if peer.category_code == view.category_code and (peer.available or peer.offer_id == view.offer_id)
    ]


def _comparison(
    wanted: Sequence[Wanted],
    views: Mapping[int, OfferView],
    compared: Collection[OfferView],
    related: Sequence[tuple[int, int]],
) -> int:
    """How many independent suppliers' offers stood beside each other; the line with the fewest tells.

    Suppliers that belong together count as one, as offers of one supplier do (Implementing Regulation art. 18).
    """
    chosen = [views[want.offer_id] for want in wanted]
    return min(
        (independent({peer.supplier_id for peer in _peers(view, compared)}, related) for view in chosen), default=0
    )


def _fingerprint(request: PurchaseRequest, wanted: Sequence[Wanted]) -> str:
    return sm3_hex(
        canonical_json(
            {
                "unit": request.unit_id,
                "supplier": request.supplier_id,
                "lines": [[want.offer_id, want.quantity] for want in wanted],
                "funding": [[line_id, str(amount)] for line_id, amount in request.funding],
                "mode": str(request.mode),
            }
        )
    )


def require_joined(view: OfferView) -> int:
    """The supplier's organisation. Raises SupplierNotJoined."""
    if view.supplier_organisation_id is None:
        raise SupplierNotJoined(supplier=view.supplier_name)
    return view.supplier_organisation_id


def line_snapshot(view: OfferView) -> dict[str, Any]:
    """An offer as an order line keeps it."""
    return {
        "offer_id": view.offer_id,
        "offer_version": view.version,
        "product_id": view.product_id,
        "product_version": view.product_version,
        "product_code": view.product_code,
        "title": view.title,
        "brand": view.brand,
        "model": view.model,
        "spec": view.spec,
        "unit": view.unit,
        "category_code": view.category_code,
        "kind": view.kind,
        "vat_rate": view.vat_rate,
        "reference_price": view.reference_price,
    }

"""A supplier's own offers, by the numbers of its own system."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.actor import Actor
from kernel.inputs import AmountField, CodeField, DayField, QuantityField, TextField, WholeField
from kernel.problems import NotPermitted
from shared_apps.exchange.columns import AreasField, ExchangeColumn, Values, as_amount, as_day, show_areas
from shared_apps.exchange.kinds.base import KINDS, ImportKind, Judged, Scope
from shared_apps.exchange.models import SupplierItem
from shared_apps.exchange.rules import SELLERS, Outcome
from shared_apps.products.bulk import JudgedOffer, OfferRow, judge_offers, open_offers, product_ids, store_offers
from shared_apps.suppliers.rules import Standing
from shared_apps.suppliers.selectors import supplier_of_organisations
from tenants.divisions.selectors import places

COLUMNS = (
    ExchangeColumn("sku", gettext_lazy("Own item number"), width=20, field=CodeField(max_length=40)),
    ExchangeColumn("product_code", gettext_lazy("Product code"), width=16, field=CodeField(max_length=20)),
    ExchangeColumn("price", gettext_lazy("Price with VAT (yuan)"), width=16, field=AmountField(), read=as_amount),
    ExchangeColumn(
        "reference_price", gettext_lazy("Market price (yuan)"), width=16, field=AmountField(), read=as_amount
    ),
    ExchangeColumn(
        "min_quantity", gettext_lazy("Smallest quantity"), required=False, width=12, field=QuantityField(), left_out=1
    ),
    ExchangeColumn(
        "stock_note", gettext_lazy("Stock note"), required=False, width=24, field=TextField(max_length=60), left_out=""
    ),
    ExchangeColumn(
        "delivery_days", gettext_lazy("Delivery days"), width=12, field=WholeField(min_value=1, max_value=365)
    ),
    ExchangeColumn("valid_from", gettext_lazy("Valid from"), required=False, width=14, field=DayField(), read=as_day),
    ExchangeColumn("valid_to", gettext_lazy("Valid to"), required=False, width=14, field=DayField(), read=as_day),
    ExchangeColumn("areas", gettext_lazy("Delivery areas"), width=44, field=AreasField(), show=show_areas),
)
NOTES = (
    gettext_lazy("One row an offer. Do not change the first row."),
    gettext_lazy("Own item number: the number your own system has for the product. It stays with its product."),
    gettext_lazy("Product code: as the region's product library has it. Propose a product first where it is missing."),
    gettext_lazy("Delivery areas: division code, freight an order line, surcharge a piece, such as 650000:0.00:0.00."),
    gettext_lazy("Several areas are divided by semicolons; the nearest area counts."),
    gettext_lazy("A new offer and a dearer one are reviewed before they are shown; a lower price holds at once."),
    gettext_lazy("Rows that are left out of the table change nothing."),
)


def scope_of(actor: Actor) -> Scope:
    """The supplier the actor sells for. Raises NotPermitted, also while the supplier is not admitted."""
    organisations = {id for post in SELLERS for id in actor.organisations(post)}
    found = supplier_of_organisations(organisation_ids=organisations) if organisations else ()
    if not found:
        raise NotPermitted(action="exchange")
    supplier = found[0]
    if supplier.standing != Standing.ADMITTED or supplier.organisation_id is None:
        raise NotPermitted(action="exchange", standing=supplier.standing)
    return Scope(supplier.organisation_id, supplier.id, supplier.uscc, supplier.name)


def judge(*, scope: Scope, rows: Sequence[Values], now: datetime) -> list[Judged]:
    return _told(scope, rows, judge_offers(supplier_id=_supplier(scope), rows=_offers(rows), now=now))


def store(*, actor: Actor, scope: Scope, rows: Sequence[Values], now: datetime) -> list[Judged]:
    """Numbers that are new are kept with their product."""
    supplier_id = _supplier(scope)
    wrong = {place: one for place, one in enumerate(_faults(scope, rows)) if one}
    right = [row for place, row in enumerate(rows) if place not in wrong]
    found = iter(
        store_offers(
            actor=actor, supplier_id=supplier_id, supplier_code=scope.supplier_code, rows=_offers(right), now=now
        )
    )
    judged = [
        JudgedOffer("wrong", column=wrong[place][0], reason=wrong[place][1]) if place in wrong else next(found)
        for place in range(len(rows))
    ]
    SupplierItem.objects.bulk_create(
        (
            SupplierItem(supplier_id=supplier_id, sku=row["sku"], product_id=one.product_id)
            for row, one in zip(rows, judged, strict=True)
            if one.verdict != "wrong"
        ),
        ignore_conflicts=True,
    )
    return [_as_judged(one) for one in judged]


def _supplier(scope: Scope) -> int:
    if scope.supplier_id is None:
        raise NotPermitted(action="exchange")
    return scope.supplier_id


def _offers(rows: Sequence[Values]) -> list[OfferRow]:
    return [cast(OfferRow, {name: value for name, value in row.items() if name != "sku"}) for row in rows]


def _told(scope: Scope, rows: Sequence[Values], judged: Sequence[JudgedOffer]) -> list[Judged]:
    return [
        Judged(Outcome.WRONG, *fault) if fault else _as_judged(one)
        for fault, one in zip(_faults(scope, rows), judged, strict=True)
    ]


def _as_judged(one: JudgedOffer) -> Judged:
    return Judged(Outcome(one.verdict), one.column, one.reason, for_review=one.verdict == "new" or one.waits)


def _faults(scope: Scope, rows: Sequence[Values]) -> list[tuple[str, str] | None]:
    """What is wrong with each row beside the offer itself: its number is another product's, or its product has
    another number, or an area is no division. Four statements."""
    codes = {row["product_code"] for row in rows}
    numbers = {row["sku"] for row in rows}
    ids = product_ids(codes=codes)
    items = SupplierItem.objects.filter(supplier_id=_supplier(scope))
    product_of = dict(items.filter(sku__in=numbers).values_list("sku", "product_id"))
    number_of = dict(items.filter(product_id__in=ids.values()).values_list("product_id", "sku"))
    divisions = set(places())
    return [_fault(row, ids.get(row["product_code"]), product_of.get(row["sku"]), number_of, divisions) for row in rows]


def _fault(
    row: Values, product_id: int | None, numbered: int | None, number_of: dict[int, str], divisions: set[str]
) -> tuple[str, str] | None:
    if unknown := [code for code, _freight, _surcharge in row["areas"] if code not in divisions]:
        return "areas", _("There is no division with the code %(code)s.") % {"code": unknown[0]}
    if product_id is None:
        return None
    if numbered is not None and numbered != product_id:
        return "sku", _("This number belongs to another product of yours.")
    if number_of.get(product_id, row["sku"]) != row["sku"]:
        return "sku", _("This product has the number %(sku)s already.") % {"sku": number_of[product_id]}
    return None


def export(scope: Scope) -> Iterator[Values]:
    """Every open offer by product; an offer without a number of its own is given its product's code."""
    for offers in open_offers(supplier_id=_supplier(scope)):
        numbers = dict(
            SupplierItem.objects.filter(supplier_id=_supplier(scope), product_id__in=list(offers)).values_list(
                "product_id", "sku"
            )
        )
        for product_id, offer in offers.items():
            yield {**offer, "sku": numbers.get(product_id, offer["product_code"])}


OFFERS = KINDS.register(
    "offers",
    ImportKind(
        name="offers",
        label=gettext_lazy("Own offers"),
        columns=COLUMNS,
        notes=NOTES,
        posts=SELLERS,
        key="sku",
        also_once="product_code",
        scope_of=scope_of,
        judge=judge,
        store=store,
        export=export,
    ),
)

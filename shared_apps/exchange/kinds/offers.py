"""A supplier's own offers, by the numbers of its own system."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import cast

from django.db import connections
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.actor import Actor
from kernel.inputs import AmountField, CodeField, DayField, QuantityField, TextField, WholeField
from kernel.locks import advisory_lock_key, advisory_xact_lock
from kernel.problems import NotPermitted
from shared_apps.exchange.columns import (
    AMOUNT_TEXT,
    AreasField,
    ExchangeColumn,
    Values,
    as_amount,
    as_day,
    code_text,
    show_areas,
)
from shared_apps.exchange.kinds.base import KINDS, ImportKind, Judged, Scope
from shared_apps.exchange.models import SupplierItem
from shared_apps.exchange.rules import SELLERS, Outcome
from shared_apps.products.bulk import JudgedOffer, OfferRow, judge_offers, open_offers, product_ids, store_offers
from shared_apps.products.bulk_sql import array, fetched
from shared_apps.suppliers.rules import Standing
from shared_apps.suppliers.selectors import supplier_of_organisations
from tenants.database.context import REGION_ALIAS
from tenants.divisions.selectors import places

COLUMNS = (
    ExchangeColumn(
        "sku", gettext_lazy("Own item number"), width=20, field=CodeField(max_length=40),
        as_it_is=code_text(max_length=40),
    ),
    ExchangeColumn(
        "product_code", gettext_lazy("Product code"), width=16, field=CodeField(max_length=20),
        as_it_is=code_text(max_length=20),
    ),
    ExchangeColumn(
        "price", gettext_lazy("Price with VAT (yuan)"), width=16, field=AmountField(), read=as_amount,
        as_it_is=AMOUNT_TEXT,
    ),
    ExchangeColumn(
        "reference_price", gettext_lazy("Market price (yuan)"), width=16, field=AmountField(), read=as_amount,
        as_it_is=AMOUNT_TEXT,
    ),
    ExchangeColumn(
        "min_quantity", gettext_lazy("Smallest quantity"), required=False, width=12, field=QuantityField(), left_out=1
    ),
    ExchangeColumn(
        "pack_quantity", gettext_lazy("Pack quantity"), required=False, width=12, field=QuantityField(), left_out=1
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
)  # fmt: skip
NOTES = (
    gettext_lazy("One row an offer. Do not change the first row."),
    gettext_lazy("Own item number: the number your own system has for the product. It stays with its product."),
    gettext_lazy("Product code: as the region's product library has it. Propose a product first where it is missing."),
    gettext_lazy("Pack quantity: the product is sold in whole packs of so many; left out, by the piece."),
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
    faults, _numbered = _faults(scope, rows)
    judged = judge_offers(supplier_id=_supplier(scope), rows=cast(Sequence[OfferRow], rows), now=now)
    return [Judged(Outcome.WRONG, *fault) if fault else _told(one) for fault, one in zip(faults, judged, strict=True)]


def store(*, actor: Actor, scope: Scope, rows: Sequence[Values], now: datetime) -> list[Judged]:
    """Numbers that are new are kept with their product. One call of a supplier's at a time."""
    supplier_id = _supplier(scope)
    advisory_xact_lock(REGION_ALIAS, advisory_lock_key("exchange.offers", supplier_id))
    faults, numbered = _faults(scope, rows)
    right = [row for row, fault in zip(rows, faults, strict=True) if not fault]
    stored = store_offers(
        actor=actor, supplier_id=supplier_id, supplier_code=scope.supplier_code,
        rows=cast(Sequence[OfferRow], right), now=now,
    )  # fmt: skip
    _number(
        supplier_id,
        [
            (row["sku"], one.product_id)
            for row, one in zip(right, stored, strict=True)
            if one.verdict != "wrong" and one.product_id not in numbered
        ],
    )
    found = iter(stored)
    return [Judged(Outcome.WRONG, *fault) if fault else _told(next(found)) for fault in faults]


def _supplier(scope: Scope) -> int:
    if scope.supplier_id is None:
        raise NotPermitted(action="exchange")
    return scope.supplier_id


# What is told of a row that can be stored, made once.
_RIGHT = {
    (verdict, waits): Judged(Outcome(verdict), for_review=verdict == "new" or waits)
    for verdict in ("new", "changed", "unchanged")
    for waits in (False, True)
}


def _told(one: JudgedOffer) -> Judged:
    return _RIGHT.get((one.verdict, one.waits)) or Judged(Outcome.WRONG, one.column, one.reason)


# One row a given row. Each OFFSET has the numbers looked up one by one, by the index of what is given: of a supplier
# that is just being filled the planner believes that there are none, and would go through all of them.
_NUMBERS = """
SELECT mine.product_id, its.sku
  FROM (SELECT u.sku, u.product_id, u.n, %(supplier)s::bigint AS supplier
          FROM unnest(%(skus)s::text[], %(products)s::bigint[]) WITH ORDINALITY AS u(sku, product_id, n) OFFSET 0) g
  LEFT JOIN LATERAL (
        SELECT product_id FROM exchange_supplieritem WHERE supplier_id = g.supplier AND sku = g.sku OFFSET 0
       ) mine ON true
  LEFT JOIN LATERAL (
        SELECT sku FROM exchange_supplieritem WHERE supplier_id = g.supplier AND product_id = g.product_id OFFSET 0
       ) its ON true
 ORDER BY g.n
"""
_KEEP_NUMBERS = """
INSERT INTO exchange_supplieritem (supplier_id, sku, product_id)
SELECT %(supplier)s, * FROM unnest(%(skus)s::text[], %(products)s::bigint[])
"""
Fault = tuple[str, str]


def _faults(scope: Scope, rows: Sequence[Values]) -> tuple[list[Fault | None], set[int]]:
    """What is wrong with each row beside the offer itself: its number is another product's, or its product has
    another number, or an area is no division. And the products that have a number. Three statements."""
    ids = product_ids(codes=[row["product_code"] for row in rows])
    products = [ids.get(row["product_code"]) for row in rows]
    given = {"supplier": _supplier(scope), "skus": array(row["sku"] for row in rows), "products": array(products)}
    known = fetched(_NUMBERS, given)
    divisions = set(places())
    faults = [
        _fault(row, product_id, numbered, number, divisions)
        for row, product_id, (numbered, number) in zip(rows, products, known, strict=True)
    ]
    return faults, {id for id, (_numbered, number) in zip(products, known, strict=True) if id and number}


def _number(supplier_id: int, pairs: Sequence[tuple[str, int]]) -> None:
    """Keeps own numbers with their products. One statement."""
    if not pairs:
        return
    skus, products = zip(*pairs, strict=True)
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(_KEEP_NUMBERS, {"supplier": supplier_id, "skus": array(skus), "products": array(products)})


def _fault(
    row: Values, product_id: int | None, numbered: int | None, number: str | None, divisions: set[str]
) -> Fault | None:
    for code, _freight, _surcharge in row["areas"]:
        if code not in divisions:
            return "areas", _("There is no division with the code %(code)s.") % {"code": code}
    if product_id is None:
        return None
    if numbered is not None and numbered != product_id:
        return "sku", _("This number belongs to another product of yours.")
    if number is not None and number != row["sku"]:
        return "sku", _("This product has the number %(sku)s already.") % {"sku": number}
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

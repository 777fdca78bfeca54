"""The product library, by the region's staff."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import cast

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from kernel.actor import Actor
from kernel.inputs import CodeField, TextField
from shared_apps.classification.selectors import catalogue
from shared_apps.exchange.columns import ExchangeColumn, LabelledField, Values, shown_by, texts_by
from shared_apps.exchange.kinds.base import KINDS, ImportKind, Judged, Scope
from shared_apps.exchange.kinds.staff import scope_of, told
from shared_apps.exchange.rules import LIBRARIANS
from shared_apps.products.bulk_goods import ProductRow, all_products, judge_products, store_products
from shared_apps.products.rules import VAT_RATES


def _categories() -> Mapping[str, str | Promise]:
    return {one.code: f"{one.code} {one.name}" for one in catalogue()}


def _rates() -> Mapping[str, str | Promise]:
    return {str(rate): f"{int(rate * 100)}%" for rate in VAT_RATES}


PRODUCT_COLUMNS = (
    ExchangeColumn("code", gettext_lazy("Product code"), width=16, field=CodeField(max_length=20)),
    ExchangeColumn("title", gettext_lazy("Title"), width=44, field=TextField(max_length=160)),
    ExchangeColumn("name", gettext_lazy("Name of the product"), width=24, field=TextField(max_length=80)),
    ExchangeColumn("brand", gettext_lazy("Brand"), width=16, field=TextField(max_length=40)),
    ExchangeColumn("model", gettext_lazy("Model"), width=20, field=TextField(max_length=60)),
    ExchangeColumn(
        "spec", gettext_lazy("Specification"), required=False, width=24, field=TextField(max_length=120), left_out=""
    ),
    ExchangeColumn("unit", gettext_lazy("Unit of measure"), width=10, field=TextField(max_length=10)),
    ExchangeColumn(
        "category", gettext_lazy("Category"), width=20, field=LabelledField(labels=_categories),
        choices=texts_by(_categories), show=shown_by(_categories),
    ),
    ExchangeColumn(
        "vat_rate", gettext_lazy("VAT rate"), width=10, field=LabelledField(labels=_rates), choices=texts_by(_rates),
        show=shown_by(_rates),
    ),
)  # fmt: skip
PRODUCT_NOTES = (
    gettext_lazy("One row a product. Do not change the first row."),
    gettext_lazy("Brand, model and specification together make the product: one product stands in the library once."),
    gettext_lazy("Of a product that is there already, title, unit of measure and VAT rate may be changed by a table."),
    gettext_lazy("Labels for energy saving and environment are entered with their certificates on the product's page."),
)


def judge_product_rows(*, scope: Scope, rows: Sequence[Values], now: datetime) -> list[Judged]:
    return told(judge_products(rows=cast(list[ProductRow], rows)))


def store_product_rows(*, actor: Actor, scope: Scope, rows: Sequence[Values], now: datetime) -> list[Judged]:
    return told(store_products(actor=actor, rows=cast(list[ProductRow], rows), now=now))


def export_products(scope: Scope) -> Iterator[Values]:
    yield from cast(Iterator[Values], all_products())


PRODUCTS = KINDS.register(
    "products",
    ImportKind(
        name="products",
        label=gettext_lazy("Products of the library"),
        columns=PRODUCT_COLUMNS,
        notes=PRODUCT_NOTES,
        posts=LIBRARIANS,
        key="code",
        scope_of=scope_of,
        judge=judge_product_rows,
        store=store_product_rows,
        export=export_products,
    ),
)

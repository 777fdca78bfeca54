"""Many products of the library, entered by its staff. One journal row a call.

What makes a product this one and no other (brand, model, specification) and its category do not change by a table:
orders and offers rest on them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TypedDict

from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.judged import JudgedRow
from kernel.problems import InvalidInput, NotPermitted
from shared_apps.classification.rules import kind_of
from shared_apps.classification.selectors import CategoryView, catalogue
from shared_apps.products.models import Product
from shared_apps.products.refreshing import refresh_products
from shared_apps.products.rules import ProductState, ProposalState, part_key
from shared_apps.products.services.goods import LIBRARIANS, searched_parts, text_columns
from shared_apps.products.services.identity import (
    aliases_of,
    held_brands,
    keys_of,
    leading_brands,
    leading_spus,
    own_brands,
    own_spus,
)
from shared_apps.region_journal.services import record
from tenants.database.context import region_atomic

_AT_ONCE = 2000
_FIXED = ("name", "brand", "model", "spec")
_NOT_THERE = (ProductState.REFUSED, ProductState.MERGED)


class ProductRow(TypedDict):
    """One product as JSON has it; the rate as 0.13."""

    code: str
    title: str
    name: str
    brand: str
    model: str
    spec: str
    unit: str
    category: str
    vat_rate: str


def judge_products(*, rows: Sequence[ProductRow], lock: bool = False) -> list[JudgedRow]:
    """What storing each row would do now. Four statements. The rows name each code and each product once."""
    return [judged for _row, judged, _kept in _judged(rows, lock=lock)]


def _judged(rows: Sequence[ProductRow], *, lock: bool) -> list[tuple[ProductRow, JudgedRow, Product | None]]:
    """Each row under the names that stay, with what is made of it. Locks brands before products, as a merge does."""
    rows = _under_leading_names(rows, lock=lock)
    keys = [_key(row) for row in rows]
    kept = Product.objects.filter(code__in=[row["code"] for row in rows]).defer("tokens", "haystack").order_by("id")
    kept = kept.select_related("spu")
    if lock:
        kept = kept.select_for_update(of=("self",))
    known = {product.code: product for product in kept}
    taken = dict(
        Product.objects.filter(identity_key__in=[key for key in keys if key])
        .exclude(state__in=_NOT_THERE)
        .values_list("identity_key", "code")
    )
    seen: dict[str, str] = {}
    found = []
    for row, key in zip(rows, keys, strict=True):
        product = known.get(row["code"])
        first = seen.setdefault(key, row["code"]) if key else row["code"]
        found.append((row, _compared(row, key, product, taken.get(key, first)), product))
    return found


def _under_leading_names(rows: Sequence[ProductRow], *, lock: bool) -> list[ProductRow]:
    """A table may write a brand or a model that was merged into another: the product is of what it leads to."""
    brand_keys = {part_key(row["brand"]) for row in rows}
    brands = held_brands(keys=brand_keys) if lock else leading_brands(keys=brand_keys)
    spus = leading_spus(
        brand_ids={brand.pk for brand in brands.values()}, model_keys={part_key(row["model"]) for row in rows}
    )
    found = []
    for row in rows:
        named, model = row.copy(), part_key(row["model"])
        brand = brands.get(part_key(row["brand"]))
        spu = spus.get((brand.pk, model)) if brand else None
        if brand is not None and brand.key != part_key(row["brand"]):
            named["brand"] = brand.name
        if spu is not None and spu.model_key != model:
            named["model"] = spu.model
        found.append(named)
    return found


def _key(row: ProductRow) -> str:
    """The identity key; empty where brand or model spell nothing."""
    try:
        return keys_of(brand=row["brand"], model=row["model"], spec=row["spec"])[0]
    except InvalidInput:
        return ""


def _compared(row: ProductRow, key: str, kept: Product | None, holder: str) -> JudgedRow:
    if not key:
        return JudgedRow("wrong", "model", _("Brand and model must hold letters or digits, and not too many."))
    if holder != row["code"]:
        return JudgedRow(
            "wrong", "model", _("This product is in the library with the code %(code)s.") % {"code": holder}
        )
    if kept is None:
        return JudgedRow("new")
    if kept.state != ProductState.LISTED:
        return JudgedRow("wrong", "code", _("The product with this code is not in the library's list at present."))
    fixed = [name for name in _FIXED if row[name] != getattr(kept, name)]  # type: ignore[literal-required]
    if row["category"] != kept.category_id:
        fixed.append("category")
    if fixed:
        return JudgedRow("wrong", fixed[0], _("This does not change by a table: enter it as another product."))
    same = (row["title"], row["unit"], Decimal(row["vat_rate"])) == (kept.title, kept.unit, kept.vat_rate)
    return JudgedRow("unchanged" if same else "changed")


def store_products(*, actor: Actor, rows: Sequence[ProductRow], now: datetime) -> list[JudgedRow]:
    """Stores what the rows change, brands and SPUs with them; wrong ones are left out. Raises NotPermitted.

    The same number of statements however many rows.
    """
    if not (actor.is_system or actor.posts & LIBRARIANS):
        raise NotPermitted(action="add_product")
    shown = {one.code: one for one in catalogue()}
    with region_atomic():
        judged = _judged(rows, lock=True)
        new = [_new(row, shown[row["category"]], now) for row, one, _kept in judged if one.verdict == "new"]
        refused = _place(new, now)
        created = [product for product in new if product.code not in refused]
        changed = [_changed(row, kept) for row, one, kept in judged if one.verdict == "changed" and kept is not None]
        _make_findable([*created, *changed], shown)
        Product.objects.bulk_create(created)
        Product.objects.bulk_update(changed, ["title", "unit", "vat_rate", "haystack", "tokens", "version"])
        if created or changed:
            record(
                actor=actor,
                event="products.stored",
                object_type="product_table",
                object_id=(*created, *changed)[0].code,
                facts={"created": [one.code for one in created], "changed": [one.code for one in changed]},
                now=now,
            )
        refresh_products(product_ids=[product.pk for product in changed], now=now)
    return [refused.get(row["code"], one) for row, one, _kept in judged]


def _new(row: ProductRow, shown: CategoryView, now: datetime) -> Product:
    product = Product(
        code=row["code"],
        name=row["name"],
        brand=row["brand"],
        model=row["model"],
        spec=row["spec"],
        category_id=shown.code,
        item_id=shown.item_code,
        kind=kind_of(shown.item_code),
        state=ProductState.LISTED,
        created_at=now,
        version=0,
    )
    product.identity_key, product.look_key = keys_of(brand=row["brand"], model=row["model"], spec=row["spec"])
    return _changed(row, product)


def _changed(row: ProductRow, product: Product) -> Product:
    product.title, product.unit, product.vat_rate = row["title"], row["unit"], Decimal(row["vat_rate"])
    product.version += 1
    return product


def _make_findable(products: Sequence[Product], shown: Mapping[str, CategoryView]) -> None:
    """What search looks in, the names merged into theirs with it. Two statements."""
    aliases = aliases_of(spus=[product.spu for product in products if product.spu is not None])
    for product in products:
        parts = searched_parts(
            title=product.title, model=product.model, code=product.code, shown=shown[product.category_id],
            aliases=aliases.get(product.spu_id or 0, ()),
        )  # fmt: skip
        for name, value in text_columns(parts=parts).items():
            setattr(product, name, value)


def _place(products: Sequence[Product], now: datetime) -> dict[str, JudgedRow]:
    """Brands and SPUs of new products, the missing ones made; returns by code what cannot be entered."""
    if not products:
        return {}
    brands = own_brands(names=[product.brand for product in products], is_demo=False, now=now)
    spus = own_spus(brands=brands, products=products, now=now)
    refused: dict[str, JudgedRow] = {}
    for product in products:
        brand = brands[part_key(product.brand)]
        product.spu = spus[brand.pk, part_key(product.model)]
        if brand.state != ProposalState.APPROVED or product.spu.state != ProposalState.APPROVED:
            reason = _("Its brand or SPU was proposed by a supplier and is not approved yet.")
            refused[product.code] = JudgedRow("wrong", "brand", reason)
    return refused


def all_products() -> Iterator[ProductRow]:
    """What is listed in the library, by id, some at a time."""
    after = 0
    while True:
        found = list(
            Product.objects.filter(pk__gt=after, state=ProductState.LISTED)
            .defer("tokens", "haystack")
            .order_by("pk")[:_AT_ONCE]
        )
        if not found:
            return
        after = found[-1].pk
        for one in found:
            yield ProductRow(
                code=one.code,
                title=one.title,
                name=one.name,
                brand=one.brand,
                model=one.model,
                spec=one.spec,
                unit=one.unit,
                category=one.category_id,
                vat_rate=str(one.vat_rate),
            )

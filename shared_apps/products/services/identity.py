"""Brand, SPU and key of a product: found or made, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import TypeVar

from django.db import IntegrityError, connections
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.problems import Conflict, DomainError, InvalidInput
from shared_apps.products.models import Brand, Product, Spu
from shared_apps.products.rules import ProductState, ProposalState, identity_key, looks_like, part_key
from tenants.database.context import REGION_ALIAS

RowT = TypeVar("RowT", Brand, Spu)
KEY_LENGTH_MAX = 450
_NOT_THERE = (ProductState.REFUSED, ProductState.MERGED)


class ProductExists(Conflict):
    code = "product-exists"
    title = _("A product with this code is in the library already")


class ProductDuplicate(Conflict):
    """Brand, model and specification are those of another product: offer that one."""

    code = "product-duplicate"
    title = _("This product is in the library already")


class NotApproved(Conflict):
    """A brand or an SPU that stands above it is not approved."""

    code = "product-not-approved-above"
    title = _("The brand or the SPU it belongs to is not approved")


def keys_of(*, brand: str, model: str, spec: str) -> tuple[str, str]:
    """(identity key, look key). Raises InvalidInput where brand or model are signs only, or spell out too long."""
    errors = {
        name: [gettext("Write at least one letter or digit.")]
        for name, text in (("brand", brand), ("model", model))
        if not part_key(text)
    }
    key = identity_key(brand=brand, model=model, spec=spec)
    if len(key) > KEY_LENGTH_MAX or len(part_key(brand)) > 80 or len(part_key(model)) > 120:
        errors["model"] = [gettext("Brand, model and specification are too long.")]
    if errors:
        raise InvalidInput(errors=errors)
    return key, looks_like(key)


def clash_of(error: IntegrityError, *, code: str, identity_key: str | None) -> DomainError:
    """The refusal that a unique constraint means; raises the error again where it means something else."""
    if "product_identity_once" in str(error):
        return ProductDuplicate(product_code=code_of_key(identity_key) or "")
    if "product_code_once" in str(error):
        return ProductExists(code=code)
    raise error


def code_of_key(key: str | None) -> str | None:
    """The code of the product that has the key; it may be another supplier's proposal."""
    return Product.objects.filter(identity_key=key).exclude(state__in=_NOT_THERE).values_list("code", flat=True).first()


def own_brand(*, name: str, is_demo: bool, now: datetime) -> Brand:
    """The approved brand of that name, made where there is none. Raises NotApproved."""
    return _approved(own_brands(names=(name,), is_demo=is_demo, now=now)[part_key(name)])


# Whoever adds a product holds its brand until the commit, and several may at once; a merge of the brand waits for them,
# and they for the merge. Where an alias leads is held too.
_HOLD = """
SELECT id FROM products_brand
 WHERE key = ANY(%(keys)s) OR id IN (SELECT merged_into_id FROM products_brand WHERE key = ANY(%(keys)s))
 ORDER BY id FOR KEY SHARE
"""


def held_brands(*, keys: Collection[str]) -> dict[str, Brand]:
    """The brands that these keys lead to, aliases followed, held against a merge. Two statements."""
    while True:
        with connections[REGION_ALIAS].cursor() as cursor:
            cursor.execute(_HOLD, {"keys": list(keys)})
            held = {row[0] for row in cursor.fetchall()}
        found = leading_brands(keys=keys)
        # Merged on between the two statements: where it leads now is held next time round.
        if {row.pk for row in found.values()} <= held:
            return found


def leading_brands(*, keys: Collection[str]) -> dict[str, Brand]:
    """The brands that these keys lead to at this moment, aliases followed. One statement."""
    rows = Brand.objects.filter(key__in=keys).exclude(state=ProposalState.REFUSED).select_related("merged_into")
    return {row.key: row.merged_into or row for row in rows}


def leading_spus(*, brand_ids: Collection[int], model_keys: Collection[str]) -> dict[tuple[int, str], Spu]:
    """By brand and model key the SPUs that they lead to, aliases followed. One statement."""
    rows = Spu.objects.filter(brand_id__in=brand_ids, model_key__in=model_keys).exclude(state=ProposalState.REFUSED)
    return {(row.brand_id, row.model_key): row.merged_into or row for row in rows.select_related("merged_into")}


def own_brands(*, names: Iterable[str], is_demo: bool, now: datetime) -> dict[str, Brand]:
    """Brands by key, the missing ones made approved, aliases followed. Three statements, however many."""
    by_key = {part_key(name): name for name in names}
    Brand.objects.bulk_create(
        [
            Brand(name=name, key=key, state=ProposalState.APPROVED, is_demo=is_demo, created_at=now)
            for key, name in sorted(by_key.items())
        ],
        ignore_conflicts=True,
    )
    return held_brands(keys=by_key)


def own_spu(*, brand: Brand, product: Product, now: datetime) -> Spu:
    """The approved SPU of the product's model, made where there is none. Raises NotApproved."""
    found = own_spus(brands={part_key(product.brand): brand}, products=(product,), now=now)
    return _approved(found[brand.pk, part_key(product.model)])


def own_spus(*, brands: Mapping[str, Brand], products: Iterable[Product], now: datetime) -> dict[tuple[int, str], Spu]:
    """SPUs of products by (brand, model key), the missing ones made approved, aliases followed. Two statements."""
    made: dict[tuple[int, str], Spu] = {}
    for product in products:
        brand = brands[part_key(product.brand)]
        key = part_key(product.model)
        made.setdefault(
            (brand.pk, key),
            Spu(
                brand=brand,
                category_id=product.category_id,
                item_id=product.item_id,
                name=product.name,
                model=product.model,
                model_key=key,
                unit=product.unit,
                state=ProposalState.APPROVED,
                is_demo=product.is_demo,
                created_at=now,
            ),
        )
    Spu.objects.bulk_create([made[place] for place in sorted(made)], ignore_conflicts=True)
    return leading_spus(brand_ids={brand for brand, _key in made}, model_keys={key for _brand, key in made})


def aliases_of(*, spus: Iterable[Spu]) -> dict[int, tuple[str, ...]]:
    """Other names that products of these SPUs are found by: of brands and models merged into theirs. Two statements."""
    given = list(spus)
    brands: dict[int, list[str]] = {}
    for into, name in Brand.objects.filter(merged_into_id__in={spu.brand_id for spu in given}).values_list(
        "merged_into_id", "name"
    ):
        brands.setdefault(into, []).append(name)
    models: dict[int, list[str]] = {}
    for into, model in Spu.objects.filter(merged_into_id__in={spu.pk for spu in given}).values_list(
        "merged_into_id", "model"
    ):
        models.setdefault(into, []).append(model)
    return {spu.pk: (*sorted(brands.get(spu.brand_id, ())), *sorted(models.get(spu.pk, ()))) for spu in given}


def _approved(row: RowT) -> RowT:
    if row.state != ProposalState.APPROVED:
        raise NotApproved(name=str(row))
    return row

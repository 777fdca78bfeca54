"""Merging a duplicate brand, or a model, into another: products move, the name leads on for good and is still found.

Nothing is undone: whoever merges reads how many products, models and suppliers it concerns and sends the number along.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.problems import Conflict, InvalidInput, NotFound
from shared_apps.classification.selectors import catalogue
from shared_apps.products.models import Brand, Offer, Product, Spu
from shared_apps.products.permissions import LIBRARIANS, require
from shared_apps.products.refreshing import refresh_products
from shared_apps.products.rules import OPEN_STATES, PROPOSAL_LIFECYCLE, ProductState, ProposalState, Subject, part_key
from shared_apps.products.services.goods import searched_parts, text_columns
from shared_apps.products.services.identity import aliases_of, keys_of
from shared_apps.products.services.steps import add_step
from shared_apps.region_journal.services import record
from shared_apps.suppliers.selectors import suppliers_by_id
from tenants.database.context import region_atomic

# One transaction moves them all: a brand of more is merged model by model.
PRODUCTS_MAX = 5_000
CHUNK = 500
_TITLE_LENGTH_MAX = 160
_GONE = (ProductState.REFUSED, ProductState.MERGED)


class NamesNotMergeable(Conflict):
    """Into itself, into one that is not approved, into another category, or too many at once."""

    code = "names-not-mergeable"
    title = _("These two cannot be merged")


class MergeChanged(Conflict):
    """Products came or went after the numbers were read."""

    code = "merge-changed"
    title = _("The number of products has changed since you opened the page")


@dataclass(frozen=True, slots=True)
class Concerned:
    """What a merge would move."""

    products: int
    spus: int
    suppliers: int


def concerned_by(*, subject: str, subject_id: int) -> Concerned:
    """Of a brand or a model. Three statements."""
    of_brand = subject == Subject.BRAND
    products = Product.objects.filter(**{"spu__brand_id" if of_brand else "spu_id": subject_id}).exclude(
        state__in=_GONE
    )
    spus = Spu.objects.filter(**{"brand_id" if of_brand else "pk": subject_id})
    spus = spus.exclude(state__in=(ProposalState.REFUSED, ProposalState.MERGED))
    return Concerned(products.count(), spus.count(), len(_sellers(products.values_list("pk", flat=True))))


def merge_brand(*, actor: Actor, brand_id: int, version: int, into: str, products: int, reason: str, now: datetime
                ) -> Brand:  # fmt: skip
    """Merges an approved brand into the one of that name; returns that one. One journal row.

    Its models move, or are merged where the other brand has a model of the same key. `products` is the number that was
    read. Raises NotFound, WrongState, NamesNotMergeable, MergeChanged, InvalidInput without a reason, NotPermitted.
    """
    _begin(actor, reason)
    with region_atomic():
        old, stays = _locked(Brand, brand_id, _brand_id(into))
        move = _allowed(old, stays, version)
        found = _products(products, spu__brand=old)
        there = {spu.model_key: spu.merged_into or spu for spu in stays.spus.exclude(state=ProposalState.REFUSED)}
        target: dict[int, Spu] = {}
        moved, merged = [], []
        for spu in Spu.objects.select_for_update().filter(brand=old).order_by("pk"):
            twin = there.get(spu.model_key)
            if twin is None:
                moved.append(spu)
                target[spu.pk] = spu
            elif spu.state in {ProposalState.APPROVED, ProposalState.MERGED} and twin.category_id == spu.category_id:
                merged.append((spu, twin))
                target[spu.pk] = twin
            elif spu.state != ProposalState.REFUSED:
                raise NamesNotMergeable(model=spu.model, into=twin.model)
        for spu, twin in merged:
            _lead_on(spu, twin)
        Spu.objects.filter(pk__in=[spu.pk for spu in moved]).update(brand=stays, version=F("version") + 1)
        for spu in moved:
            spu.brand = stays
        Brand.objects.filter(merged_into=old).update(merged_into=stays)
        _end(old, stays, move.target)
        unkeyed, codes = _rename(found, target, before=old.name, now=now)
        add_step(old, actor=actor, action="merge", now=now, reason=reason)
        facts = {
            "name": old.name, "into": stays.name, "reason": reason, "products": len(found), "unkeyed": unkeyed,
            "suppliers": codes, "spus_moved": len(moved), "spus_merged": len(merged),
        }  # fmt: skip
        record(actor=actor, event="products.brand_merged", object_type="brand", object_id=old.pk, facts=facts, now=now)
    done: Brand = stays
    return done


def merge_spu(*, actor: Actor, spu_id: int, version: int, into: str, products: int, reason: str, now: datetime
              ) -> Spu:  # fmt: skip
    """Merges an approved model into another one of the same brand and category; returns that. One journal row.

    Raises like `merge_brand`.
    """
    _begin(actor, reason)
    with region_atomic():
        brand_id = Spu.objects.filter(pk=spu_id).values_list("brand_id", flat=True).first()
        if brand_id is None:
            raise NotFound(spu=spu_id)
        # Whoever adds a product holds its brand: the merge waits for them, and they for the merge.
        brand = Brand.objects.select_for_update().get(pk=brand_id)
        old, stays = _locked(Spu, spu_id, _spu_id(brand_id, into))
        move = _allowed(old, stays, version)
        if old.brand_id != stays.brand_id or old.category_id != stays.category_id:
            raise NamesNotMergeable(model=old.model, into=stays.model)
        stays.brand = brand
        found = _products(products, spu=old)
        Spu.objects.filter(merged_into=old).update(merged_into=stays)
        _end(old, stays, move.target)
        unkeyed, codes = _rename(found, {old.pk: stays}, before="", now=now)
        add_step(old, actor=actor, action="merge", now=now, reason=reason)
        facts = {
            "name": f"{brand.name} {old.model}", "into": stays.model, "reason": reason, "products": len(found),
            "unkeyed": unkeyed, "suppliers": codes,
        }  # fmt: skip
        record(actor=actor, event="products.spu_merged", object_type="spu", object_id=old.pk, facts=facts, now=now)
    result: Spu = stays
    return result


def _begin(actor: Actor, reason: str) -> None:
    require(actor, LIBRARIANS, "merge")
    if not reason.strip():
        raise InvalidInput(errors={"reason": [gettext("Say why.")]})


def _brand_id(name: str) -> int | None:
    rows = Brand.objects.filter(key=part_key(name)).exclude(state=ProposalState.REFUSED)
    found = rows.values_list("pk", "merged_into_id").first()
    return (found[1] or found[0]) if found else None


def _spu_id(brand_id: int, model: str) -> int | None:
    rows = Spu.objects.filter(brand_id=brand_id, model_key=part_key(model)).exclude(state=ProposalState.REFUSED)
    found = rows.values_list("pk", "merged_into_id").first()
    return (found[1] or found[0]) if found else None


def _locked(model: Any, old_id: int, into_id: int | None) -> tuple[Any, Any]:
    """Both, locked in the order of their ids: two merges cannot wait for each other crosswise."""
    rows = {row.pk: row for row in model.objects.select_for_update().filter(pk__in=[old_id, into_id]).order_by("pk")}
    if old_id not in rows:
        raise NotFound(id=old_id)
    if into_id is None or into_id not in rows:
        raise InvalidInput(errors={"into": [gettext("There is nothing of this name to merge into.")]})
    return rows[old_id], rows[into_id]


def _allowed(old: Any, into: Any, version: int) -> Any:
    move = PROPOSAL_LIFECYCLE.next(old.state, "merge")
    if old.version != version:
        raise MergeChanged(read=version, present=old.version)
    if old.pk == into.pk or into.state != ProposalState.APPROVED:
        raise NamesNotMergeable(name=str(old), into=str(into))
    return move


def _products(expected: int, **of: Any) -> list[Product]:
    """What moves, locked in the order of ids. Raises MergeChanged, NamesNotMergeable for too many."""
    rows = Product.objects.select_for_update(of=("self",)).filter(**of).exclude(state__in=_GONE).order_by("pk")
    found = list(rows[: PRODUCTS_MAX + 1])
    if len(found) > PRODUCTS_MAX:
        raise NamesNotMergeable(most=PRODUCTS_MAX)
    if len(found) != expected:
        raise MergeChanged(read=expected, present=len(found))
    return found


def _lead_on(spu: Spu, twin: Spu) -> None:
    """A model that the other brand has as well: it stays under the old brand and leads on."""
    Spu.objects.filter(merged_into=spu).update(merged_into=twin)
    spu.state, spu.merged_into, spu.version = ProposalState.MERGED, twin, spu.version + 1
    spu.save(update_fields=["state", "merged_into", "version"])


def _end(old: Any, into: Any, state: str) -> None:
    old.state, old.merged_into, old.version = state, into, old.version + 1
    old.save(update_fields=["state", "merged_into", "version"])


def _rename(products: Sequence[Product], target: dict[int, Spu], *, before: str, now: datetime
            ) -> tuple[list[str], list[str]]:  # fmt: skip
    """The products under their new names, found by the old ones too: codes that lost their key, suppliers concerned.

    A product whose key another one has keeps none: it stands among the duplicates, to be merged one by one.
    """
    aliases = aliases_of(spus=target.values())
    shown = {one.code: one for one in catalogue()}
    unkeyed = []
    for at in range(0, len(products), CHUNK):
        some = products[at : at + CHUNK]
        keys = {}
        for product in some:
            spu = target[product.spu_id or 0]
            keys[product.pk] = keys_of(brand=spu.brand.name, model=spu.model, spec=product.spec)
            product.spu, product.brand, product.model = spu, spu.brand.name, spu.model
            if before and product.title.startswith(f"{before} "):
                product.title = f"{product.brand}{product.title.removeprefix(before)}"[:_TITLE_LENGTH_MAX]
            parts = searched_parts(
                title=product.title, model=product.model, code=product.code, shown=shown[product.category_id],
                aliases=aliases[spu.pk],
            )  # fmt: skip
            for name, value in text_columns(parts=parts).items():
                setattr(product, name, value)
            product.version += 1
        wanted = {key for key, _look in keys.values()}
        others = Product.objects.filter(identity_key__in=wanted).exclude(pk__in=keys).exclude(state__in=_GONE)
        taken = set(others.values_list("identity_key", flat=True))
        for product in some:
            key, look = keys[product.pk]
            if key in taken:
                product.identity_key, product.look_key = None, look
                unkeyed.append(product.code)
            else:
                taken.add(key)
                product.identity_key, product.look_key = key, look
        Product.objects.bulk_update(
            some,
            ["spu", "brand", "model", "title", "haystack", "tokens", "version", "identity_key", "look_key"],
        )
    ids = [product.pk for product in products]
    refresh_products(product_ids=ids, now=now)
    return unkeyed, sorted(one.uscc for one in suppliers_by_id(ids=_sellers(ids)).values())


def _sellers(product_ids: Any) -> set[int]:
    rows = Offer.objects.filter(product_id__in=product_ids, state__in=OPEN_STATES)
    return set(rows.values_list("supplier_id", flat=True))


def merge_name(
    *, actor: Actor, subject: str, subject_id: int, version: int, into: str, products: int, reason: str, now: datetime
) -> Brand | Spu:
    """A brand or a model, as `subject` says. Raises NotFound for another subject, and like `merge_brand`."""
    if subject == Subject.BRAND:
        return merge_brand(
            actor=actor, brand_id=subject_id, version=version, into=into, products=products, reason=reason, now=now
        )
    if subject == Subject.SPU:
        return merge_spu(
            actor=actor, spu_id=subject_id, version=version, into=into, products=products, reason=reason, now=now
        )
    raise NotFound(subject=subject)

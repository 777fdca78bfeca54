"""Brand and SPU of what a supplier proposes: found, made or said anew, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.problems import Conflict, InvalidInput
from shared_apps.classification.selectors import category
from shared_apps.products.models import Brand, Product, Spu
from shared_apps.products.rules import PROPOSAL_LIFECYCLE, ProductState, ProposalState, part_key
from shared_apps.products.services.steps import add_step
from shared_apps.suppliers.selectors import SupplierView

if TYPE_CHECKING:
    from shared_apps.products.services.proposing import ProductContent

_UNDECIDED = (ProposalState.PROPOSED, ProposalState.RETURNED)


class OtherCategory(Conflict):
    code = "spu-in-another-category"
    title = _("This model is in the library in another category")


def standing(
    content: ProductContent, *, supplier: SupplierView, actor: Actor, now: datetime
) -> tuple[Spu, tuple[str, ...]]:
    """The SPU of the content with its brand, and which of them are new. Raises OtherCategory."""
    new = []
    key = part_key(content.brand)
    brand = _leading_brand(key)
    if brand is None:
        made = Brand(
            name=content.brand, key=key, owner=content.brand_owner, trademark_number=content.trademark_number,
            supplier_id=supplier.id, state=ProposalState.PROPOSED, created_at=now,
        )  # fmt: skip
        brand = _made(made, key=key)
        if brand.supplier_id == supplier.id and brand.created_at == now:
            new.append("brand")
            add_step(brand, actor=actor, action="propose", now=now)
    elif brand.supplier_id == supplier.id and brand.state in _UNDECIDED:
        said = {"name": content.brand, "owner": content.brand_owner, "trademark_number": content.trademark_number}
        _again(brand, said, actor, now)
    item = content.item_code or _category_item(content.category_code)
    model_key = part_key(content.model)
    spu = _present(Spu, brand=brand, model_key=model_key)
    if spu is not None and spu.merged_into_id is not None:
        spu = _present(Spu, pk=spu.merged_into_id)
    if spu is None:
        fresh = Spu(
            brand=brand, category_id=content.category_code, item_id=item, name=content.name, model=content.model,
            model_key=model_key, unit=content.unit, supplier_id=supplier.id, state=ProposalState.PROPOSED,
            created_at=now,
        )  # fmt: skip
        spu = _made(fresh, brand=brand, model_key=model_key)
        if spu.supplier_id == supplier.id and spu.created_at == now:
            new.append("spu")
            add_step(spu, actor=actor, action="propose", now=now)
    elif spu.supplier_id == supplier.id and spu.state in _UNDECIDED and spu.products.count() <= 1:
        said = {
            "category_id": content.category_code, "item_id": item, "name": content.name, "model": content.model,
            "unit": content.unit,
        }  # fmt: skip
        _again(spu, said, actor, now)
    if spu.category_id != content.category_code:
        raise OtherCategory(category=spu.category.name)
    return spu, tuple(new)


def _leading_brand(key: str) -> Brand | None:
    """The brand that the key leads to, an alias followed, locked: two proposals do not change it at once.

    Only where the key leads is locked: a merge of that one writes its aliases under its own lock.
    """
    while True:
        rows = Brand.objects.filter(key=key).exclude(state=ProposalState.REFUSED)
        known = rows.values_list("pk", "merged_into_id").first()
        if known is None:
            return None
        found: Brand | None = _present(Brand, pk=known[1] or known[0])
        if found is not None and found.merged_into_id is None:
            return found


def lock_brands(code: str, content: ProductContent) -> None:
    """The brand a proposal names and the one it is to name, before the product: as a merge of brands takes them."""
    named = Product.objects.filter(code=code).values_list("spu__brand__key", flat=True).first()
    rows = Brand.objects.filter(key__in=[part_key(content.brand), named or ""])
    ids = {into or pk for pk, into in rows.values_list("pk", "merged_into_id")}
    list(Brand.objects.select_for_update().filter(pk__in=ids).order_by("pk"))


def _category_item(code: str) -> str:
    shown = category(code=code)
    if shown is None:
        raise InvalidInput(errors={"category_code": [gettext("This category is not known.")]})
    return shown.item_code


def _present(model: Any, **by: Any) -> Any:
    """The row of that key that is not refused, locked: two proposals do not change it at once."""
    return model.objects.select_for_update().filter(**by).exclude(state=ProposalState.REFUSED).first()


def _made(row: Any, **by: Any) -> Any:
    """The row stored, or the one that another proposal stored at the same moment."""
    model = type(row)
    model.objects.bulk_create([row], ignore_conflicts=True)
    return model.objects.filter(**by).exclude(state=ProposalState.REFUSED).get()


def _again(row: Any, said: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    """An undecided brand or SPU of the supplier's own, said anew; one that was returned is proposed again."""
    if row.state == ProposalState.PROPOSED and all(getattr(row, name) == value for name, value in said.items()):
        return
    row.state = PROPOSAL_LIFECYCLE.next(row.state, "amend").target
    row.version += 1
    for name, value in said.items():
        setattr(row, name, value)
    row.save()
    add_step(row, actor=actor, action="amend", now=now)


def drop_unused(spu: Spu, *, supplier: SupplierView, actor: Actor, now: datetime) -> None:
    """An undecided SPU of the supplier's own that no proposal needs any more, and its brand likewise."""
    kept = (ProductState.REFUSED, ProductState.MERGED)
    if spu.supplier_id == supplier.id and spu.state in _UNDECIDED and not spu.products.exclude(state__in=kept).exists():
        _withdraw(spu, actor, now)
        brand = spu.brand
        others = brand.spus.exclude(state=ProposalState.REFUSED).exists()
        if brand.supplier_id == supplier.id and brand.state in _UNDECIDED and not others:
            _withdraw(brand, actor, now)


def _withdraw(row: Any, actor: Actor, now: datetime) -> None:
    row.state = PROPOSAL_LIFECYCLE.next(row.state, "withdraw").target
    row.version += 1
    row.save(update_fields=["state", "version"])
    add_step(row, actor=actor, action="withdraw", now=now)

"""Keeping products. One transaction and one journal row each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.posts import Post
from kernel.problems import Conflict, InvalidInput, NotFound, NotPermitted
from shared_apps.classification.rules import is_item_code, kind_of
from shared_apps.classification.selectors import CategoryView, category
from shared_apps.products.models import Product, ProductPicture
from shared_apps.products.rules import (
    VAT_RATES,
    Label,
    ProductState,
    haystack,
    index_tokens,
)
from shared_apps.region_journal.services import record
from tenants.database.context import region_atomic

LIBRARIANS = frozenset({Post.REGION_SUPERVISOR, Post.PLATFORM_OPERATOR})
_LABELS = frozenset({Label.ENERGY.value, Label.ENVIRONMENT.value})
# A drawing that runs or fetches something is no drawing.
_ACTIVE_SVG = ("<script", "<foreignobject", "javascript:", "href", " on", "<style", "@import", "url(")
PICTURE_LENGTH_MAX = 100_000


class ProductExists(Conflict):
    code = "product-exists"
    title = _("A product with this code is in the library already")


def text_columns(*, parts: Sequence[str]) -> dict[str, Any]:
    """The two columns a product is found by, from its texts."""
    text = haystack(parts)
    return {"haystack": text, "tokens": index_tokens(text)}


def searched_parts(*, title: str, model: str, code: str, shown: CategoryView) -> tuple[str, ...]:
    """What search looks in: the title holds brand, name and specification."""
    return (title, model, code, shown.name, *shown.aliases.split())


def checked_svg(svg: str) -> str:
    """The drawing as it is. Raises InvalidInput for what is no plain drawing."""
    lowered = svg.lower()
    if not svg.startswith("<svg") or len(svg) > PICTURE_LENGTH_MAX or any(mark in lowered for mark in _ACTIVE_SVG):
        raise InvalidInput(errors={"svg": [gettext("The picture must be a plain SVG drawing.")]})
    return svg


def add_product(
    *,
    actor: Actor,
    code: str,
    title: str,
    brand: str,
    model: str,
    unit: str,
    category_code: str,
    vat_rate: Decimal,
    now: datetime,
    name: str = "",
    spec: str = "",
    item_code: str = "",
    attributes: Mapping[str, Any] | None = None,
    labels: Sequence[str] = (),
    svg: str = "",
    is_demo: bool = False,
) -> Product:
    """A new product of the library. Raises InvalidInput, ProductExists."""
    _require(actor, LIBRARIANS, "add_product")
    shown = category(code=category_code)
    errors = {}
    if shown is None:
        errors["category_code"] = [gettext("This category is not known.")]
    if item_code and not is_item_code(item_code):
        errors["item_code"] = [gettext("This item code is not known.")]
    if vat_rate not in VAT_RATES:
        errors["vat_rate"] = [gettext("This is not a rate of value-added tax.")]
    if set(labels) - _LABELS:
        errors["labels"] = [gettext("This label is not known.")]
    if errors or shown is None:
        raise InvalidInput(errors=errors)
    item = item_code or shown.item_code
    product = Product(
        code=code,
        title=title,
        name=name or title,
        brand=brand,
        model=model,
        spec=spec,
        unit=unit,
        category_id=category_code,
        item_id=item,
        kind=kind_of(item),
        attributes=dict(attributes or {}),
        labels=sorted(set(labels)),
        vat_rate=vat_rate,
        state=ProductState.LISTED,
        is_demo=is_demo,
        created_at=now,
        **text_columns(parts=searched_parts(title=title, model=model, code=code, shown=shown)),
    )
    try:
        with region_atomic():
            product.save(force_insert=True)
            if svg:
                ProductPicture.objects.create(product=product, svg=checked_svg(svg))
            facts = {"code": code, "title": title, "category": category_code}
            record(actor=actor, event="products.added", object_type="product", object_id=code, facts=facts, now=now)
    except IntegrityError as error:
        raise ProductExists(code=code) from error
    return product


def retire_product(*, actor: Actor, code: str, reason: str, now: datetime) -> None:
    """Off every shelf; its offers stay as they are. A second retirement changes nothing."""
    _require(actor, LIBRARIANS, "retire_product")
    with region_atomic():
        product = Product.objects.select_for_update().filter(code=code).defer("tokens", "haystack").first()
        if product is None:
            raise NotFound(product_code=code)
        if product.state == ProductState.RETIRED:
            return
        product.state, product.version = ProductState.RETIRED, product.version + 1
        product.save(update_fields=["state", "version"])
        facts = {"code": code, "title": product.title, "reason": reason}
        record(actor=actor, event="products.retired", object_type="product", object_id=code, facts=facts, now=now)


def _require(actor: Actor, posts: frozenset[Post], action: str) -> None:
    if not (actor.is_system or actor.posts & posts):
        raise NotPermitted(action=action)

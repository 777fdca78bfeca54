"""Keeping products. One transaction and one journal row each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext

from kernel.actor import Actor
from kernel.clock import local_date
from kernel.problems import InvalidInput, NotFound
from shared_apps.classification.rules import is_item_code, kind_of
from shared_apps.classification.selectors import CategoryView, category
from shared_apps.products.certificates import CertificateDraft, refresh_labels
from shared_apps.products.models import Product, ProductCertificate, ProductPicture
from shared_apps.products.permissions import LIBRARIANS, require
from shared_apps.products.refreshing import refresh_products
from shared_apps.products.rules import (
    CERTIFIED_LABELS,
    PRODUCT_LIFECYCLE,
    VAT_RATES,
    CertificateState,
    ProductState,
    haystack,
    index_tokens,
    part_key,
    sample_marks,
)
from shared_apps.products.services.identity import aliases_of, clash_of, keys_of, own_brand, own_spu
from shared_apps.region_journal.services import record
from tenants.database.context import region_atomic

_LABELS = frozenset(label.value for label in CERTIFIED_LABELS)
# A drawing that runs or fetches something is no drawing.
_ACTIVE_SVG = ("<script", "<foreignobject", "javascript:", "href", " on", "<style", "@import", "url(")
PICTURE_LENGTH_MAX = 100_000


def text_columns(*, parts: Sequence[str]) -> dict[str, Any]:
    """The two columns a product is found by, from its texts."""
    text = haystack(parts)
    return {"haystack": text, "tokens": [*index_tokens(text), *sample_marks(text)]}


def searched_parts(
    *, title: str, model: str, code: str, shown: CategoryView, aliases: Sequence[str] = ()
) -> tuple[str, ...]:
    """What search looks in: the title holds brand, name and specification; `aliases` are names merged into theirs."""
    return (title, model, code, shown.name, *shown.aliases.split(), *aliases)


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
    certificates: Sequence[CertificateDraft] = (),
    svg: str = "",
    is_demo: bool = False,
) -> Product:
    """A new product of the library, entered by its staff; brand and SPU come with it, approved.

    Raises InvalidInput, ProductExists, ProductDuplicate, NotApproved for a brand or SPU that a supplier has proposed.
    """
    require(actor, LIBRARIANS, "add_product")
    shown = category(code=category_code)
    errors = {}
    if shown is None:
        errors["category_code"] = [gettext("This category is not known.")]
    if item_code and not is_item_code(item_code):
        errors["item_code"] = [gettext("This item code is not known.")]
    if vat_rate not in VAT_RATES:
        errors["vat_rate"] = [gettext("This is not a rate of value-added tax.")]
    if {one.label for one in certificates} - _LABELS:
        errors["certificates"] = [gettext("This label is not known.")]
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
        vat_rate=vat_rate,
        state=ProductState.LISTED,
        is_demo=is_demo,
        created_at=now,
        **text_columns(parts=searched_parts(title=title, model=model, code=code, shown=shown)),
    )
    keys = keys_of(brand=brand, model=model, spec=spec)
    try:
        with region_atomic():
            found = own_brand(name=brand, is_demo=is_demo, now=now)
            spu = own_spu(brand=found, product=product, now=now)
            product.spu = spu
            if (found.key, spu.model_key) != (part_key(brand), part_key(model)):
                # An alias was written: the product is of what it leads to.
                product.brand, product.model = found.name, spu.model
                keys = keys_of(brand=found.name, model=spu.model, spec=spec)
            if aliases := aliases_of(spus=(spu,))[spu.pk]:
                parts = searched_parts(title=title, model=product.model, code=code, shown=shown, aliases=aliases)
                for column, value in text_columns(parts=parts).items():
                    setattr(product, column, value)
            product.identity_key, product.look_key = keys
            product.save(force_insert=True)
            ProductCertificate.objects.bulk_create(
                certificate_row(draft, product_id=product.pk, is_demo=is_demo, now=now) for draft in certificates
            )
            refresh_labels(product_ids=(product.pk,), on=local_date(now))
            if svg:
                ProductPicture.objects.create(product=product, svg=checked_svg(svg))
            facts = {"code": code, "title": title, "category": category_code}
            record(actor=actor, event="products.added", object_type="product", object_id=code, facts=facts, now=now)
    except IntegrityError as error:
        raise clash_of(error, code=code, identity_key=keys[0]) from error
    product.refresh_from_db(fields=["labels", "version"])
    return product


def certificate_row(draft: CertificateDraft, *, product_id: int, is_demo: bool, now: datetime) -> ProductCertificate:
    """An approved certificate, not saved: what the library's own staff enter."""
    return ProductCertificate(
        product_id=product_id,
        label=draft.label,
        number=draft.number,
        body=draft.body,
        valid_from=draft.valid_from,
        expires_on=draft.expires_on,
        state=CertificateState.APPROVED,
        is_demo=is_demo,
        created_at=now,
    )


def retire_product(*, actor: Actor, code: str, reason: str, now: datetime) -> None:
    """Off every shelf; its offers stay as they are. A second retirement changes nothing."""
    require(actor, LIBRARIANS, "retire_product")
    with region_atomic():
        product = Product.objects.select_for_update().filter(code=code).defer("tokens", "haystack").first()
        if product is None:
            raise NotFound(product_code=code)
        if product.state == ProductState.RETIRED:
            return
        product.state = PRODUCT_LIFECYCLE.next(product.state, "retire").target
        product.version += 1
        product.save(update_fields=["state", "version"])
        facts = {"code": code, "title": product.title, "reason": reason}
        record(actor=actor, event="products.retired", object_type="product", object_id=code, facts=facts, now=now)
        refresh_products(product_ids=[product.pk], now=now)

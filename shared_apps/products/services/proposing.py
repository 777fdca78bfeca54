"""What suppliers propose: a product with its brand and SPU, changed until it is decided on, and certificates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db import IntegrityError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.clock import local_date
from kernel.problems import Conflict, InvalidInput, NotFound, NotPermitted
from shared_apps.classification.attribute_rules import checked_values
from shared_apps.classification.rules import kind_of
from shared_apps.classification.selectors import attributes_of, category, is_current_item
from shared_apps.products.certificates import CertificateDraft
from shared_apps.products.models import Offer, Product, ProductCertificate, ProductProposal, Spu
from shared_apps.products.permissions import SUPPLIER_POSTS, require, sells_for
from shared_apps.products.rules import (
    CERTIFIED_LABELS,
    OPEN_STATES,
    PRODUCT_LIFECYCLE,
    VAT_RATES,
    CertificateState,
    ProductState,
    part_key,
)
from shared_apps.products.services.goods import searched_parts, text_columns
from shared_apps.products.services.identity import aliases_of, clash_of, keys_of
from shared_apps.products.services.named import drop_unused, lock_brands, standing
from shared_apps.products.services.steps import add_step
from shared_apps.region_journal.services import record
from shared_apps.suppliers.rules import Standing
from shared_apps.suppliers.selectors import SupplierView, suppliers_by_id
from tenants.database.context import region_atomic

TITLE_LENGTH_MAX = 160


class NotAdmitted(Conflict):
    code = "supplier-not-admitted"
    title = _("Only a supplier admitted to the region's library may do this")


class CertificateExists(Conflict):
    code = "certificate-exists"
    title = _("This certificate is in the library already")


@dataclass(frozen=True, slots=True)
class ProductContent:
    """What a supplier says of a product; brand and model lead to the brand and the SPU, made where there is none."""

    brand: str
    category_code: str
    name: str
    model: str
    unit: str
    vat_rate: Decimal
    attributes: Mapping[str, Any]
    spec: str = ""
    item_code: str = ""
    brand_owner: str = ""
    trademark_number: str = ""


def propose_product(*, actor: Actor, supplier_id: int, content: ProductContent, now: datetime) -> Product:
    """A proposal, with its brand and SPU where the library has none. One journal row.

    Raises InvalidInput by field and attribute, ProductDuplicate, OtherCategory, NotAdmitted, NotPermitted.
    """
    supplier = acting_for(actor, supplier_id)
    values, keys = _checked(content)
    product = Product(state=ProductState.PROPOSED, created_at=now)
    try:
        with region_atomic():
            spu, new = standing(content, supplier=supplier, actor=actor, now=now)
            # Its number is known when the row is there.
            product.code = f"S{uuid4().hex[:19]}"
            _write(product, content, spu=spu, values=values, keys=keys)
            product.save(force_insert=True)
            product.code = f"S{product.pk:07d}"
            _write(product, content, spu=spu, values=values, keys=keys)
            product.save(update_fields=["code", "haystack", "tokens"])
            ProductProposal.objects.create(product=product, supplier_id=supplier.id, proposed_at=now)
            add_step(product, actor=actor, action="propose", now=now)
            _record(actor, "products.proposed", product, supplier, new, now)
    except IntegrityError as error:
        raise clash_of(error, code=product.code, identity_key=keys[0]) from error
    return product


def amend_product(*, actor: Actor, code: str, version: int, content: ProductContent, now: datetime) -> Product:
    """The proposal anew, as its supplier changes it before the decision. Raises like `propose_product`, WrongState."""
    values, keys = _checked(content)
    try:
        with region_atomic():
            lock_brands(code, content)
            product, supplier = own_proposal(actor, code)
            move = PRODUCT_LIFECYCLE.next(product.state, "amend")
            if product.version != version:
                raise ProposalChanged(read=version, present=product.version)
            before = product.spu
            spu, new = standing(content, supplier=supplier, actor=actor, now=now)
            product.state, product.version = move.target, product.version + 1
            _write(product, content, spu=spu, values=values, keys=keys)
            product.save()
            add_step(product, actor=actor, action="amend", now=now)
            if before is not None and before.pk != spu.pk:
                drop_unused(before, supplier=supplier, actor=actor, now=now)
            _record(actor, "products.amended", product, supplier, new, now)
    except IntegrityError as error:
        raise clash_of(error, code=code, identity_key=keys[0]) from error
    return product


class ProposalChanged(Conflict):
    """It was changed after it was read: the decision was on another text."""

    code = "proposal-changed"
    title = _("The proposal was changed after you opened it")


def withdraw_product(*, actor: Actor, code: str, now: datetime) -> Product:
    """The supplier takes the proposal back; brand and SPU nobody else uses go with it. Raises WrongState, NotFound."""
    with region_atomic():
        product, supplier = own_proposal(actor, code)
        product.state = PRODUCT_LIFECYCLE.next(product.state, "withdraw").target
        product.version += 1
        product.save(update_fields=["state", "version"])
        add_step(product, actor=actor, action="withdraw", now=now)
        if product.spu is not None:
            drop_unused(product.spu, supplier=supplier, actor=actor, now=now)
        _record(actor, "products.withdrawn", product, supplier, (), now)
    return product


def propose_certificate(
    *, actor: Actor, supplier_id: int, product_code: str, draft: CertificateDraft, now: datetime, file_key: str = ""
) -> ProductCertificate:
    """A certificate for a product that the supplier proposed or offers; it counts once a reviewer has approved it.

    Raises NotFound, NotPermitted, InvalidInput for one that has ended, CertificateExists, NotAdmitted.
    """
    supplier = acting_for(actor, supplier_id)
    errors = {}
    if draft.label not in CERTIFIED_LABELS:
        errors["label"] = [gettext("This label is not known.")]
    if draft.expires_on < draft.valid_from:
        errors["expires_on"] = [gettext("The last day lies before the first.")]
    elif draft.expires_on < local_date(now):
        errors["expires_on"] = [gettext("The certificate has ended already.")]
    if errors:
        raise InvalidInput(errors=errors)
    try:
        with region_atomic():
            product = reachable_product(supplier_id=supplier.id, code=product_code)
            row = ProductCertificate.objects.create(
                product=product,
                label=draft.label,
                number=draft.number,
                body=draft.body,
                valid_from=draft.valid_from,
                expires_on=draft.expires_on,
                file_key=file_key,
                supplier_id=supplier.id,
                state=CertificateState.PROPOSED,
                created_at=now,
            )
            add_step(row, actor=actor, action="propose", now=now)
            record(
                actor=actor,
                event="products.certificate_proposed",
                object_type="certificate",
                object_id=row.pk,
                facts={
                    "product_code": product.code, "supplier_code": supplier.uscc, "label": row.label,
                    "number": row.number, "expires_on": row.expires_on.isoformat(),
                },
                now=now,
            )  # fmt: skip
    except IntegrityError as error:
        if "certificate_once" in str(error):
            raise CertificateExists(number=draft.number) from error
        raise
    return row


# -- whose it is ------------------------------------------------------------------------------------------------------
def acting_for(actor: Actor, supplier_id: int) -> SupplierView:
    """The supplier that the actor sells for, admitted. Raises NotFound, NotPermitted, NotAdmitted."""
    require(actor, SUPPLIER_POSTS, "propose")
    supplier = suppliers_by_id(ids=[supplier_id]).get(supplier_id)
    if supplier is None:
        raise NotFound(supplier_id=supplier_id)
    if not actor.is_system and supplier.organisation_id not in sells_for(actor):
        raise NotPermitted(action="propose")
    if supplier.standing != Standing.ADMITTED:
        raise NotAdmitted(supplier=supplier.name)
    return supplier


def own_proposal(actor: Actor, code: str) -> tuple[Product, SupplierView]:
    """The proposal, locked, with its supplier. Raises NotFound for a stranger's, NotAdmitted."""
    product = (
        Product.objects.select_for_update(of=("self",)).select_related("spu", "proposal").filter(code=code).first()
    )
    proposal = getattr(product, "proposal", None)
    supplier = suppliers_by_id(ids=[proposal.supplier_id]).get(proposal.supplier_id) if proposal else None
    if product is None or supplier is None or supplier.organisation_id not in sells_for(actor):
        raise NotFound(product_code=code)
    return product, acting_for(actor, supplier.id)


def reachable_product(*, supplier_id: int, code: str) -> Product:
    """A product that the supplier proposed or offers, locked. Raises NotFound."""
    states = (ProductState.PROPOSED, ProductState.RETURNED, ProductState.LISTED)
    product = Product.objects.select_for_update().filter(code=code, state__in=states).first()
    if product is None or not (
        ProductProposal.objects.filter(product=product, supplier_id=supplier_id).exists()
        or Offer.objects.filter(product=product, supplier_id=supplier_id, state__in=OPEN_STATES).exists()
    ):
        raise NotFound(product_code=code)
    return product


# -- the product itself -----------------------------------------------------------------------------------------------
def _checked(content: ProductContent) -> tuple[dict[str, Any], tuple[str, str]]:
    """(attribute values, keys). Raises InvalidInput by field."""
    errors: dict[str, list[str]] = {}
    shown = category(code=content.category_code)
    values: dict[str, Any] = {}
    if shown is None:
        errors["category_code"] = [gettext("This category is not known.")]
    else:
        values, errors = checked_values(attributes_of(category_code=shown.code), content.attributes)
    if content.item_code and not is_current_item(code=content.item_code):
        errors["item_code"] = [gettext("This item code is not known.")]
    if content.vat_rate not in VAT_RATES:
        errors["vat_rate"] = [gettext("This is not a rate of value-added tax.")]
    if len(_title(content.brand, content.name, content.spec)) > TITLE_LENGTH_MAX:
        errors["spec"] = [gettext("Brand, name and specification are too long together.")]
    try:
        keys = keys_of(brand=content.brand, model=content.model, spec=content.spec)
    except InvalidInput as error:
        errors |= error.errors
    if errors:
        raise InvalidInput(errors=errors)
    return values, keys


def _title(brand: str, name: str, spec: str) -> str:
    return f"{brand} {name} {spec}".strip()


def _write(
    product: Product, content: ProductContent, *, spu: Spu, values: dict[str, Any], keys: tuple[str, str]
) -> None:
    """The columns of the content. Brand, name and model are the SPU's own once that is approved."""
    shown = category(code=spu.category_id)
    if shown is None:
        raise LookupError(spu.category_id)
    brand = spu.brand.name
    product.spu = spu
    if (spu.brand.key, spu.model_key) != (part_key(content.brand), part_key(content.model)):
        # An alias was written: the product is of what it leads to.
        keys = keys_of(brand=brand, model=spu.model, spec=content.spec)
    product.identity_key, product.look_key = keys
    product.brand, product.name, product.model, product.spec = brand, spu.name, spu.model, content.spec
    product.title = _title(brand, spu.name, content.spec)[:TITLE_LENGTH_MAX]
    product.unit = content.unit
    product.category_id, product.item_id = spu.category_id, content.item_code or spu.item_id
    product.kind = kind_of(product.item_id)
    product.attributes = values
    product.vat_rate = content.vat_rate
    parts = searched_parts(
        title=product.title,
        model=product.model,
        code=product.code,
        shown=shown,
        aliases=aliases_of(spus=(spu,))[spu.pk],
    )
    for name, value in text_columns(parts=parts).items():
        setattr(product, name, value)


def _record(
    actor: Actor, event: str, product: Product, supplier: SupplierView, new: tuple[str, ...], now: datetime
) -> None:
    facts = {
        "code": product.code, "title": product.title, "category": product.category_id,
        "supplier_code": supplier.uscc, "new": list(new),
    }  # fmt: skip
    record(actor=actor, event=event, object_type="product", object_id=product.code, facts=facts, now=now)

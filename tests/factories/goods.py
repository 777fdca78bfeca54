"""Suppliers, products and offers, made through the services."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from stdnum.cn import uscc

from kernel.actor import SYSTEM
from kernel.clock import local_date, utc_now
from shared_apps.classification.selectors import catalogue, forget
from shared_apps.classification.services import load_catalogue
from shared_apps.products.certificates import CertificateDraft
from shared_apps.products.models import Offer, Product
from shared_apps.products.services import add_product, draft_offer, move_offer
from shared_apps.suppliers.models import Supplier
from shared_apps.suppliers.services import change_standing, link_organisation, register_supplier
from tenant_apps.storefront.services import choose_shelf
from tenants.database.context import region_as, tenant_selected

_serial = itertools.count(1)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8" fill="#4a86d4"/></svg>'


def valid_uscc(serial: int) -> str:
    """A credit code with a right check digit, plainly made up."""
    body = f"91650100TEST{serial:05d}".replace("S", "X")
    return body + uscc.calc_check_digit(body)


def make_catalogue() -> None:
    """The region's item codes and shop categories, once."""
    forget()
    with region_as("yz_region"):
        if not catalogue():
            load_catalogue(actor=SYSTEM, now=utc_now())
        forget()


def make_supplier(
    name: str = "", *, size: str = "small", organisation_id: int | None = None, ties: int | None = None
) -> Supplier:
    """An admitted supplier that nothing ties to another, unless two are given the same number of `ties`."""
    serial = next(_serial)
    with region_as("yz_region"):
        supplier = register_supplier(
            actor=SYSTEM,
            uscc=valid_uscc(serial),
            name=name or f"测试供应商{serial}",
            division_code="650100",
            size=size,
            now=utc_now(),
            legal_representative=f"测试法人{ties or serial}",
            address=f"测试路{ties or serial}号",
            phone=f"0991-{ties or serial:07d}",
        )
        supplier = change_standing(actor=SYSTEM, supplier_id=supplier.pk, action="admit", reason="", now=utc_now())
        if organisation_id is not None:
            supplier = link_organisation(
                actor=SYSTEM, supplier_id=supplier.pk, organisation_id=organisation_id, now=utc_now()
            )
    return supplier


def make_certificate(label: str, serial: int, *, days: int = 365) -> CertificateDraft:
    """Valid since yesterday, for `days` from today."""
    today = local_date(utc_now())
    return CertificateDraft(
        label=label,
        number=f"TEST-{label}-{serial}",
        body="测试认证机构",
        valid_from=today - timedelta(days=1),
        expires_on=today + timedelta(days=days),
    )


def make_product(
    title: str = "",
    *,
    category: str = "C-01",
    brand: str = "天峰",
    code: str = "",
    labels: Sequence[str] = (),
    item_code: str = "",
    attributes: dict[str, object] | None = None,
) -> Product:
    make_catalogue()
    serial = next(_serial)
    with region_as("yz_region"):
        return add_product(
            actor=SYSTEM,
            code=code or f"T{serial:05d}",
            title=title or f"{brand} 测试用纸 {serial}号",
            brand=brand,
            model=f"TS-{serial:05d}",
            unit="包",
            category_code=category,
            item_code=item_code,
            vat_rate=Decimal("0.13"),
            certificates=[make_certificate(label, serial) for label in labels],
            attributes=attributes,
            svg=SVG,
            now=utc_now(),
        )


def make_offer(
    product: Product | None = None,
    supplier: Supplier | None = None,
    *,
    price: str = "20.00",
    reference_price: str = "",
    areas: Sequence[tuple[str, str, str]] = (("650000", "0.00", "0.00"),),
    min_quantity: int = 1,
    pack_quantity: int = 1,
    listed: bool = True,
) -> Offer:
    """An offer on sale; `areas` are (division code, freight a line, surcharge a piece)."""
    product, supplier = product or make_product(), supplier or make_supplier()
    with region_as("yz_region"):
        offer = draft_offer(
            actor=SYSTEM,
            product_code=product.code,
            supplier_id=supplier.pk,
            price=Decimal(price),
            reference_price=Decimal(reference_price or price),
            delivery_days=3,
            min_quantity=min_quantity,
            pack_quantity=pack_quantity,
            areas=[(code, Decimal(freight), Decimal(surcharge)) for code, freight, surcharge in areas],
            now=utc_now(),
        )
        if listed:
            for action in ("submit", "check", "approve"):
                offer = move_offer(actor=SYSTEM, offer_id=offer.pk, action=action, now=utc_now())
    return offer


def make_shelf(tenant: str, *, categories: Sequence[str] = (), excluded: Sequence[int] = ()) -> None:
    """The tenant's shelf, with every category unless some are named."""
    make_catalogue()
    with tenant_selected(tenant), region_as("yz_mall"):
        chosen = categories or [category.code for category in catalogue()]
        choose_shelf(actor=SYSTEM, categories=chosen, excluded_supplier_ids=excluded, now=utc_now())

"""Puts a sample library into the database: chunk by chunk, each a transaction and a journal row."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connections

from kernel.actor import SYSTEM
from kernel.clock import local_date
from shared_apps.classification.rules import kind_of
from shared_apps.classification.selectors import CategoryView, catalogue
from shared_apps.classification.services import load_catalogue
from shared_apps.products.models import Brand, Offer, OfferArea, Product, ProductCertificate, Spu
from shared_apps.products.refreshing import refresh_products
from shared_apps.products.rules import CertificateState, OfferState, ProductState, ProposalState, part_key
from shared_apps.products.sampling import vocabulary
from shared_apps.products.sampling.copying import copy_in, reserved
from shared_apps.products.sampling.vocabulary import PER_MODEL, SampleProduct
from shared_apps.products.services import searched_parts, text_columns
from shared_apps.products.services.identity import keys_of, own_brands
from shared_apps.region_journal.services import record
from shared_apps.suppliers.bulk import SupplierRow, store_suppliers
from shared_apps.suppliers.rules import Standing
from shared_apps.suppliers.selectors import suppliers_by_code
from tenants.database.context import REGION_ALIAS, owner_of, region_atomic

CHUNK = 3_000  # a multiple of PER_MODEL
_SUPPLIERS_AT_ONCE = 1_000
Say = Callable[[str], None]


@dataclass(slots=True)
class Loaded:
    """What one run put in."""

    products: int = 0
    offers: int = 0
    areas: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Products, each with all that belongs to it, per second."""
        return self.products / self.seconds if self.seconds else 0.0


def load_sample(*, products: int, suppliers: int, seed: int, now: datetime, say: Say) -> Loaded:
    """Adds what is missing of the sample's products; a run that was stopped goes on where it was.

    Belongs to the owner of the tables: the keys of a chunk are taken from the sequences at once.
    """
    loaded, began = Loaded(), time.monotonic()
    with owner_of("public", alias=REGION_ALIAS):
        if not catalogue():
            load_catalogue(actor=SYSTEM, now=now)
        shown = {category.code: category for category in catalogue()}
        supplier_ids = _suppliers(suppliers, seed, now)
        brands = _brands(seed, now)
        first = _there()
        for start in range(first, products, CHUNK):
            count = min(CHUNK, products - start)
            chunk = list(vocabulary.products(start=start, count=count, suppliers=len(supplier_ids), seed=seed))
            _load(chunk, shown, supplier_ids, brands, now, loaded)
            loaded.seconds = time.monotonic() - began
            say(f"{start + count} of {products} products, {loaded.offers} offers, {loaded.rate:.0f} products/s")
    loaded.seconds = time.monotonic() - began
    return loaded


def _there() -> int:
    """How many of the sample's products are loaded, in whole chunks."""
    return Product.objects.filter(code__startswith=vocabulary.PREFIX, code__regex="^S[0-9]{8}$").count()


def _suppliers(count: int, seed: int, now: datetime) -> list[int]:
    wanted = vocabulary.suppliers(count=count, seed=seed)
    for start in range(0, len(wanted), _SUPPLIERS_AT_ONCE):
        rows = [
            SupplierRow(
                uscc=one.uscc,
                name=one.name,
                division_code=one.division_code,
                size=one.size,
                legal_representative="",
                address="",
                phone="",
                joined_on=one.joined_on.isoformat(),
                standing=Standing.ADMITTED,
            )
            for one in wanted[start : start + _SUPPLIERS_AT_ONCE]
        ]
        store_suppliers(actor=SYSTEM, rows=rows, now=now, is_demo=True)
    ids = suppliers_by_code(codes=[one.uscc for one in wanted])
    return [ids[one.uscc].id for one in wanted]


def _brands(seed: int, now: datetime) -> dict[str, Brand]:
    with region_atomic():
        return own_brands(names=vocabulary.brands(seed), is_demo=True, now=now)


def _load(
    chunk: Sequence[SampleProduct],
    shown: dict[str, CategoryView],
    supplier_ids: Sequence[int],
    brands: dict[str, Brand],
    now: datetime,
    loaded: Loaded,
) -> None:
    with region_atomic():
        spus = _spus(chunk, brands, now)
        ids = reserved(Product, len(chunk))
        copy_in(
            [
                _product(one, key, shown[one.shape.category], spus[at // PER_MODEL], now)
                for at, (one, key) in enumerate(zip(chunk, ids, strict=True))
            ]
        )
        certificates = _certificates(chunk, ids, now)
        copy_in(certificates)
        offers, areas = _offers(chunk, ids, supplier_ids, now)
        copy_in(offers)
        copy_in(areas)
        refresh_products(product_ids=ids, now=now)
        record(
            actor=SYSTEM,
            event="products.loaded",
            object_type="library",
            object_id="sample",
            facts={"products": len(chunk), "offers": len(offers), "areas": len(areas), "is_demo": True},
            now=now,
        )
    loaded.products += len(chunk)
    loaded.offers += len(offers)
    loaded.areas += len(areas)


def _spus(chunk: Sequence[SampleProduct], brands: dict[str, Brand], now: datetime) -> list[int]:
    """One for the products of a model; they follow each other in the chunk."""
    heads = chunk[::PER_MODEL]
    ids = reserved(Spu, len(heads))
    copy_in(
        [
            Spu(
                id=key,
                brand=brands[part_key(one.brand)],
                category_id=one.shape.category,
                item_id=one.shape.item,
                name=one.name,
                model=one.model,
                model_key=part_key(one.model),
                unit=one.shape.unit,
                state=ProposalState.APPROVED,
                is_demo=True,
                created_at=now,
            )
            for one, key in zip(heads, ids, strict=True)
        ]
    )
    return list(ids)


def _product(one: SampleProduct, key: int, category: CategoryView, spu: int, now: datetime) -> Product:
    identity, look = keys_of(brand=one.brand, model=one.model, spec=one.spec)
    shape = one.shape
    parts = searched_parts(title=one.title, model=one.model, code=one.code, shown=category)
    return Product(
        id=key,
        code=one.code,
        title=one.title,
        name=one.name,
        brand=one.brand,
        model=one.model,
        spec=one.spec,
        unit=shape.unit,
        category_id=shape.category,
        item_id=shape.item,
        kind=kind_of(shape.item),
        attributes=dict(shape.attributes),
        labels=list(shape.labels),
        vat_rate=shape.vat_rate,
        state=ProductState.LISTED,
        sales=one.sales,
        is_demo=True,
        created_at=now,
        spu_id=spu,
        identity_key=identity,
        look_key=look,
        **text_columns(parts=parts),
    )


def _certificates(chunk: Sequence[SampleProduct], ids: Sequence[int], now: datetime) -> list[ProductCertificate]:
    """What the labels rest on; without one a label would end with the day."""
    year = local_date(now).year
    drafts = [(key, one, label) for one, key in zip(chunk, ids, strict=True) for label in one.shape.labels]
    return [
        ProductCertificate(
            id=number,
            product_id=key,
            label=label,
            number=f"演示{one.code}",
            body="演示认证机构",
            valid_from=date(year, 1, 1),
            expires_on=date(year + 3, 12, 31),
            state=CertificateState.APPROVED,
            is_demo=True,
            created_at=now,
        )
        for number, (key, one, label) in zip(
            reserved(ProductCertificate, len(drafts)) if drafts else (), drafts, strict=True
        )
    ]


def _offers(
    chunk: Sequence[SampleProduct], ids: Sequence[int], supplier_ids: Sequence[int], now: datetime
) -> tuple[list[Offer], list[OfferArea]]:
    wanted = [(key, offer) for one, key in zip(chunk, ids, strict=True) for offer in one.offers]
    starts = date(local_date(now).year, 1, 1)
    offers = [
        Offer(
            id=number,
            product_id=key,
            supplier_id=supplier_ids[offer.supplier],
            price=offer.price,
            reference_price=offer.reference_price,
            delivery_days=offer.delivery_days,
            valid_from=starts,
            state=OfferState.LISTED,
            updated_at=now,
        )
        for number, (key, offer) in zip(reserved(Offer, len(wanted)), wanted, strict=True)
    ]
    named = [(offer.pk, area) for offer, (_key, one) in zip(offers, wanted, strict=True) for area in one.areas]
    areas = [
        OfferArea(id=number, offer_id=offer, division_code=code, freight=freight, surcharge=surcharge)
        for number, (offer, (code, freight, surcharge)) in zip(reserved(OfferArea, len(named)), named, strict=True)
    ]
    return offers, areas


def sizes() -> dict[str, int]:
    """Bytes of what search reads, by name: tables with their overflow, and indexes one by one."""
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname, CASE WHEN c.relkind = 'r' THEN pg_table_size(c.oid) ELSE pg_relation_size(c.oid) END
              FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid
             WHERE c.oid IN ('products_product'::regclass, 'products_onsale'::regclass)
                OR c.relname = 'product_tokens' OR i.indrelid = 'products_onsale'::regclass
             ORDER BY c.relkind DESC, c.relname
            """
        )
        return {name: int(size) for name, size in cursor.fetchall()}


def analyse() -> None:
    """Statistics for the planner, and the token index's waiting list merged: what the daily vacuum does."""
    with owner_of("public", alias=REGION_ALIAS), connections[REGION_ALIAS].cursor() as cursor:
        for table in ("products_product", "products_onsale", "products_offer", "products_offerarea"):
            cursor.execute(f"VACUUM (ANALYZE) {table}")
        cursor.execute("ANALYZE suppliers_supplier")

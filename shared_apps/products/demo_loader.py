"""Loads the demonstration's products, offers and delivery areas; a second loading leaves what happened since alone."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TypeVar
from zlib import crc32

from kernel.actor import SYSTEM
from kernel.clock import local_date
from shared_apps.classification.rules import kind_of
from shared_apps.classification.selectors import CategoryView, catalogue
from shared_apps.classification.services import load_catalogue
from shared_apps.products.certificates import CertificateDraft, refresh_labels
from shared_apps.products.demo.pictures import draw
from shared_apps.products.models import Offer, OfferArea, Product, ProductCertificate, ProductPicture
from shared_apps.products.refreshing import refresh_products
from shared_apps.products.rules import CERTIFIED_LABELS, OfferState, ProductState, full_division_code, part_key
from shared_apps.products.services import checked_svg, searched_parts, text_columns
from shared_apps.products.services.goods import certificate_row
from shared_apps.products.services.identity import keys_of, own_brands, own_spus
from shared_apps.region_journal.services import record
from shared_apps.suppliers.selectors import supplier_by_code
from tenants.database.context import region_atomic

FOLDER = Path(__file__).parent / "demo"
# Long writing transactions hold every relay back.
CHUNK = 100
Row = dict[str, str]
T = TypeVar("T")


def load(now: datetime) -> tuple[int, int]:
    """Everything of the files, in chunks of one transaction and one journal row each; returns (products, offers).

    Needs the demonstration's suppliers; loads the catalogue where there is none.
    """
    if not catalogue():
        load_catalogue(actor=SYSTEM, now=now)
    shown = {category.code: category for category in catalogue()}
    products = _read("products.csv")
    by_product: dict[str, list[Row]] = {}
    for row in _read("offers.csv"):
        by_product.setdefault(row["product_code"], []).append(row)
    suppliers = _supplier_ids({row["supplier_uscc"] for rows in by_product.values() for row in rows})
    offers = 0
    for chunk in _chunks(products, CHUNK):
        with region_atomic():
            ids = _load_products(chunk, shown, now)
            rows = [row for product in chunk for row in by_product.get(product["code"], ())]
            areas = _load_offers(rows, ids, suppliers, now)
            refresh_products(product_ids=ids.values(), now=now)
            record(
                actor=SYSTEM,
                event="products.loaded",
                object_type="library",
                object_id="products",
                facts={"products": len(chunk), "offers": len(rows), "areas": areas, "is_demo": True},
                now=now,
            )
            offers += len(rows)
    return len(products), offers


def _load_products(rows: Sequence[Row], shown: dict[str, CategoryView], now: datetime) -> dict[str, int]:
    products = [_product(row, shown[row["catalogue_category"]], now) for row in rows]
    brands = own_brands(names=(product.brand for product in products), is_demo=True, now=now)
    spus = own_spus(brands=brands, products=products, now=now)
    for product in products:
        product.spu = spus[brands[part_key(product.brand)].pk, part_key(product.model)]
        product.identity_key, product.look_key = keys_of(brand=product.brand, model=product.model, spec=product.spec)
    Product.objects.bulk_create(
        products,
        update_conflicts=True,
        unique_fields=["code"],
        # Sales, state and version are what happened since.
        update_fields=[
            "spu", "identity_key", "look_key", "title", "name", "brand", "model", "spec", "unit", "category", "item",
            "kind", "attributes", "certificate_number", "vat_rate", "haystack", "tokens",
        ],
    )  # fmt: skip
    ids = dict(Product.objects.filter(code__in=[row["code"] for row in rows]).values_list("code", "id"))
    ProductCertificate.objects.bulk_create(
        [row for one in rows for row in _certificates(one, ids[one["code"]], now)], ignore_conflicts=True
    )
    refresh_labels(product_ids=ids.values(), on=local_date(now))
    ProductPicture.objects.bulk_create(
        [ProductPicture(product_id=ids[row["code"]], svg=checked_svg(draw(row))) for row in rows],
        update_conflicts=True,
        unique_fields=["product"],
        update_fields=["svg"],
    )
    return ids


def _certificates(row: Row, product_id: int, now: datetime) -> list[ProductCertificate]:
    """What the demonstration's labels rest on, invented and marked so; three years from the loading's year on."""
    year = local_date(now).year
    return [
        certificate_row(
            CertificateDraft(
                label=label.value,
                number=row["certificate_no"],
                body="演示认证机构",
                valid_from=date(year, 1, 1),
                expires_on=date(year + 3, 12, 31),
            ),
            product_id=product_id,
            is_demo=True,
            now=now,
        )
        for label in CERTIFIED_LABELS
        if row[f"{label}_label"] == "true"
    ]


def _product(row: Row, shown: CategoryView, now: datetime) -> Product:
    return Product(
        code=row["code"],
        title=row["title_zh"],
        name=row["name"],
        brand=row["brand"],
        model=row["model"],
        spec=row["spec"],
        unit=row["unit"],
        category_id=row["catalogue_category"],
        item_id=row["item_category"],
        kind=kind_of(row["item_category"]),
        attributes=json.loads(row["attributes"]),
        certificate_number=row["certificate_no"],
        vat_rate=Decimal(row["vat_rate"]),
        state=ProductState.LISTED,
        # Invented but fixed, so that sorting by sales has something to sort.
        sales=crc32(row["code"].encode()) % 900,
        is_demo=True,
        created_at=now,
        **text_columns(parts=searched_parts(title=row["title_zh"], model=row["model"], code=row["code"], shown=shown)),
    )


def _load_offers(rows: Sequence[Row], ids: dict[str, int], suppliers: dict[str, int], now: datetime) -> int:
    """Offers that are not there yet, with their areas; returns how many areas were added."""
    there = set(Offer.objects.filter(product_id__in=ids.values()).values_list("product_id", "supplier_id"))
    starts = date(local_date(now).year, 1, 1)
    new: list[tuple[Offer, Row]] = []
    for row in rows:
        key = (ids[row["product_code"]], suppliers[row["supplier_uscc"]])
        if key in there:
            continue
        offer = Offer(
            product_id=key[0],
            supplier_id=key[1],
            price=Decimal(row["price"]),
            reference_price=Decimal(row["reference_price"]),
            min_quantity=int(row["min_quantity"]),
            stock_note=row["stock_note"],
            delivery_days=int(row["delivery_days"]),
            valid_from=starts,
            state=OfferState.LISTED,
            updated_at=now,
        )
        new.append((offer, row))
    Offer.objects.bulk_create([offer for offer, _row in new])
    areas = [
        OfferArea(
            offer=offer,
            division_code=full_division_code(area["division_prefix"]),
            freight=Decimal(area["freight"]),
            surcharge=Decimal(area["surcharge"]),
        )
        for offer, row in new
        for area in json.loads(row["freight"])
    ]
    OfferArea.objects.bulk_create(areas)
    return len(areas)


def _supplier_ids(codes: set[str]) -> dict[str, int]:
    found = {}
    for code in sorted(codes):
        supplier = supplier_by_code(uscc=code)
        if supplier is None:
            raise LookupError(f"supplier {code} of offers.csv is not loaded")
        found[code] = supplier.id
    return found


def _read(name: str) -> list[Row]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _chunks(rows: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]

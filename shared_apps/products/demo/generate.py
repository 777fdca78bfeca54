"""Writes products.csv, offers.csv and brands.csv of the demonstration, always the same for the same code.

Prices vary around each draft's list price by a generator with a fixed seed, so that a price comparison has something to
compare. Money is computed in whole fen; no float touches a price.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from .drafts import BRANDS, Draft
from .equipment import appliances, desktops, displays, furniture, laptops, networks, printers
from .supplies import cleaning, paper, protection, stationery, toner

HERE = Path(__file__).parent
SUPPLIERS = HERE.parent.parent / "suppliers" / "demo" / "suppliers.csv"
SEED = 20261123
CENT = Decimal("0.01")
FAMILIES = (
    paper, stationery, toner, desktops, laptops, printers,
    displays, furniture, appliances, cleaning, networks, protection,
)  # fmt: skip
PRODUCT_COLUMNS = (
    "code", "title_zh", "brand", "name", "model", "spec", "unit", "catalogue_category", "item_category", "vat_rate",
    "attributes", "energy_label", "environment_label", "certificate_no", "weight_kg", "picture", "list_price",
    "is_demo",
)  # fmt: skip
OFFER_COLUMNS = (
    "product_code", "supplier_uscc", "price", "reference_price", "stock_note", "min_quantity", "delivery_days",
    "freight",
)  # fmt: skip
FAR_PREFIXES = ("6530", "6531", "6532", "6543")  # prefectures far from the region's warehouses
Row = dict[str, str]


def products() -> list[Row]:
    """All products with their codes; the list price is the base that offers vary around."""
    rows: list[Row] = []
    for family in FAMILIES:
        for serial, draft in enumerate(family(), start=1):
            rows.append(_product(draft, serial))
    return rows


def _product(draft: Draft, serial: int) -> Row:
    number = f"{draft.category[2:]}{serial:03d}"
    kinds = {"energy": "节能", "environment": "环境"}
    return {
        "code": f"P{number}",
        "title_zh": f"{draft.brand} {draft.name} {draft.spec}",
        "brand": draft.brand,
        "name": draft.name,
        "model": f"{BRANDS[draft.brand]}-{number}",
        "spec": draft.spec,
        "unit": draft.unit,
        "catalogue_category": draft.category,
        "item_category": draft.item,
        "vat_rate": draft.vat,
        "attributes": json.dumps(draft.attributes, ensure_ascii=False),
        "energy_label": "true" if draft.label == "energy" else "false",
        "environment_label": "true" if draft.label == "environment" else "false",
        "certificate_no": f"演示-{kinds[draft.label]}-{number}" if draft.label else "",
        "weight_kg": draft.weight,
        "picture": draft.picture,
        "list_price": draft.price,
        "is_demo": "true",
    }


def offers(catalogue: Iterable[Row], suppliers: Iterable[Row]) -> list[Row]:
    """One to four offers for each product; the first is by a supplier in good standing that delivers region-wide."""
    rng = random.Random(SEED)  # noqa: S311  (demonstration data, not a secret)
    listed = [s for s in suppliers if s["standing"] != "under_review"]
    rows: list[Row] = []
    for product in catalogue:
        sellers = [s for s in listed if product["catalogue_category"] in s["categories"].split("|")]
        wide = [s for s in sellers if s["delivery_areas"] == "650000" and s["standing"] == "good"]
        first = rng.choice(wide)
        others = [s for s in sellers if s is not first]
        rng.shuffle(others)
        for supplier in [first, *others[: rng.choice((0, 1, 1, 2, 2, 3))]]:
            rows.append(_offer(rng, product, supplier))
    return rows


def _offer(rng: random.Random, product: Row, supplier: Row) -> Row:
    base = Decimal(product["list_price"])
    price = _tidy(base * rng.randint(940, 1060) / 1000)
    reference = max(price, _tidy(base * rng.randint(1050, 1250) / 1000))
    return {
        "product_code": product["code"],
        "supplier_uscc": supplier["uscc"],
        "price": str(price),
        "reference_price": str(reference),
        "stock_note": rng.choice(("现货", "现货", "现货", "少量现货", "三日内备货", "七日内备货")),
        "min_quantity": "5" if base < 10 else "1",
        "delivery_days": str(rng.choice((2, 3, 3, 5, 7))),
        "freight": json.dumps(list(_freight(product, supplier)), ensure_ascii=False),
    }


def _tidy(amount: Decimal) -> Decimal:
    """Rounds as shops do: to ten fen below 200 yuan, to whole yuan above."""
    step = Decimal("0.1") if amount < 200 else Decimal(1)
    return (amount / step).quantize(Decimal(1), ROUND_HALF_UP) * step.quantize(CENT)


def _freight(product: Row, supplier: Row) -> Iterator[Mapping[str, str]]:
    """Rules by division prefix; the longest prefix that fits wins, and no fitting rule means no delivery there."""
    kilograms = Decimal(product["weight_kg"])
    near = (kilograms * Decimal("0.4")).quantize(CENT, ROUND_HALF_UP) if kilograms > 5 else Decimal("0.00")
    far = (Decimal(6) + kilograms * Decimal("1.2")).quantize(CENT, ROUND_HALF_UP)
    far_surcharge = (Decimal(product["list_price"]) * Decimal("0.01")).quantize(CENT, ROUND_HALF_UP)
    home = supplier["division_code"][:4]
    for area in supplier["delivery_areas"].split("|"):
        yield {"division_prefix": _prefix(area), "freight": str(near), "surcharge": "0.00"}
    if supplier["delivery_areas"] == "650000":
        for prefix in FAR_PREFIXES:
            if prefix != home:
                yield {"division_prefix": prefix, "freight": str(far), "surcharge": str(far_surcharge)}


def _prefix(division: str) -> str:
    """650000 -> 65, 653100 -> 6531, 653101 -> 653101."""
    return division[:2] if division[2:] == "0000" else division[:4] if division[4:] == "00" else division


def read(path: Path) -> list[Row]:
    """A CSV file as a list of rows."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def as_text(columns: Iterable[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Rows as CSV with line feeds only."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(columns), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def files() -> dict[str, str]:
    """The text of every file this module writes, by name."""
    catalogue = products()
    brands = [{"name": name, "letters": letters, "is_demo": "true"} for name, letters in BRANDS.items()]
    return {
        "brands.csv": as_text(("name", "letters", "is_demo"), brands),
        "products.csv": as_text(PRODUCT_COLUMNS, catalogue),
        "offers.csv": as_text(OFFER_COLUMNS, offers(catalogue, read(SUPPLIERS))),
    }


def main() -> None:
    """Write the files next to this module."""
    for name, text in files().items():
        (HERE / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

"""The region's staff bring in products by tables."""

from __future__ import annotations

from typing import Any

import pytest

from kernel.clock import utc_now
from kernel.problems import NotPermitted
from shared_apps.exchange import services
from shared_apps.exchange.kinds import KINDS
from shared_apps.products.models import Brand, Product, Spu
from shared_apps.products.services.merging_names import merge_brand
from shared_apps.region_journal.models import RegionJournalEntry
from tenants.database.context import region_as
from tests.factories.exchange import as_csv, exported, make_librarian, make_seller, sent, stored, wrong_columns
from tests.factories.goods import make_catalogue, make_product


def product_row(code: str, **more: str) -> list[str]:
    given = {
        "code": code, "title": f"天峰 测试纸 {code}", "name": "测试纸", "brand": "天峰", "model": f"M-{code}",
        "spec": "A4", "unit": "包", "category": "C-01", "vat_rate": "13%", **more,
    }  # fmt: skip
    return [given[column.name] for column in KINDS["products"].columns]


def test_products_come_in_with_brands_and_models_and_stand_once() -> None:
    make_catalogue()
    _, actor = make_librarian()
    make_product(code="OLD-1")
    rows = [
        product_row("P-1"), product_row("P-2", model="M-P-1", spec="A3"), product_row("P-3", model="M-P-1"),
        product_row("P-4", category="C-99"), product_row("P-5", vat_rate="12%"), product_row("OLD-1"),
    ]  # fmt: skip
    row = sent(actor, "products", as_csv(rows, "products"))
    assert wrong_columns(row) == ["model", "category", "vat_rate", "name"]
    done = services.confirm_import(actor=actor, import_id=row.pk, now=utc_now())
    assert (done.state, done.created) == ("done", 2)
    assert Brand.objects.filter(name="天峰").count() == 1
    assert Spu.objects.filter(model="M-P-1").count() == 1
    product = Product.objects.get(code="P-1")
    assert (product.state, product.item_id != "", product.version) == ("listed", True, 1)
    renamed = stored(actor, "products", as_csv([product_row("P-1", title="天峰 改名")], "products"))
    assert renamed.updated == 1
    assert "改名" in Product.objects.get(code="P-1").haystack
    events = list(RegionJournalEntry.objects.filter(event="products.stored").values_list("facts", flat=True))
    assert events == [{"created": ["P-1", "P-2"], "changed": []}, {"created": [], "changed": ["P-1"]}]


def test_a_table_with_a_name_that_was_merged_is_of_the_one_that_stays() -> None:
    make_catalogue()
    _, actor = make_librarian()
    rows = [product_row("P-1", brand="天峰"), product_row("P-2", brand="天峰牌"), product_row("P-3", brand="天峰牌")]
    stored(actor, "products", as_csv(rows, "products"))
    old = Brand.objects.get(name="天峰牌")
    with region_as("yz_region"):
        merge_brand(
            actor=actor, brand_id=old.pk, version=old.version, into="天峰", products=2, reason="同一品牌", now=utc_now()
        )
    again = [
        product_row("P-2", brand="天峰牌", title="天峰 改名"),  # as exported before the merge
        product_row("P-4", brand="天峰牌"),
        product_row("P-5", brand="天峰牌", model="M-P-1"),  # P-1 under its brand's old name
    ]
    row = sent(actor, "products", as_csv(again, "products"))
    assert wrong_columns(row) == ["model"]
    services.confirm_import(actor=actor, import_id=row.pk, now=utc_now())
    assert not Product.objects.filter(code="P-5").exists()
    for code in ("P-2", "P-4"):
        product = Product.objects.get(code=code)
        assert (product.brand, product.spu.brand.name if product.spu else "") == ("天峰", "天峰")
        assert "天峰牌" in product.haystack


def test_what_is_exported_is_imported_unchanged() -> None:
    _, actor = make_librarian()
    make_product("+测试公式")
    row = sent(actor, "products", exported("products", actor))
    assert (row.state, row.rows, row.unchanged) == ("checked", 1, 1)


def test_each_kind_has_its_people() -> None:
    _, actor = make_librarian()
    seller = make_seller()
    given: Any
    for given, kind in ((actor, "offers"), (seller.actor, "products")):
        with pytest.raises(NotPermitted):
            sent(given, kind, as_csv([], kind))

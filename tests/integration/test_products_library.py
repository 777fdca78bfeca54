"""Brands, SPUs and keys of the products there are; labels and the certificates they rest on."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import IntegrityError, connections

from kernel.actor import SYSTEM
from kernel.clock import local_date, utc_now
from kernel.problems import InvalidInput
from shared_apps.products import demo_loader
from shared_apps.products.certificates import expire_labels, valid_labels
from shared_apps.products.models import Brand, Product, ProductCertificate, Spu
from shared_apps.products.rules import identity_key, looks_like
from shared_apps.products.services import ProductDuplicate, retire_product
from shared_apps.region_journal.models import RegionJournalEntry
from shared_apps.suppliers import demo_loader as suppliers_demo
from tenants.database.context import region_as, region_atomic
from tests.database import admin
from tests.factories.goods import make_catalogue, make_product

backfill = import_module("shared_apps.products.migrations.0003_brands_and_spus_of_what_is_there")


def test_the_migration_gives_each_product_its_brand_spu_and_key() -> None:
    make_catalogue()
    suppliers_demo.load(utc_now())
    demo_loader.load(utc_now())
    before = _shape()
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute("UPDATE products_product SET spu_id = NULL, identity_key = NULL, look_key = NULL")
        for table in ("productcertificate", "spu", "brand"):
            cursor.execute(f"DELETE FROM products_{table}")
        for statement in (backfill.BRANDS, backfill.SPUS, backfill.PRODUCTS, backfill.CERTIFICATES):
            cursor.execute(statement.replace("%", "%%"))
    assert _shape() == before
    assert before["brands"] == 12


def _shape() -> dict[str, object]:
    products = Product.objects.order_by("id").values_list("code", "identity_key", "look_key", "spu__model")
    return {
        "brands": Brand.objects.filter(state="approved", is_demo=True).count(),
        "spus": Spu.objects.filter(state="approved", is_demo=True).count(),
        "products": list(products),
        "certificates": sorted(ProductCertificate.objects.values_list("product__code", "label", "number", "is_demo")),
    }


@pytest.mark.parametrize(
    "text",
    [
        "ＴＦ－０１００１ 1,000张",
        "Т14 Рro+",
        "1200*600×750mm",
        "1 . 5kg",
        "A4（70克）、80㎡",
        "XL-02 100",
        "10-20 —— 30…",
    ],
)
def test_the_migrations_keys_are_the_rules(text: str) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT " + backfill.key("p.text").replace("%", "%%") + " FROM (SELECT %s::text) p (text)", [text]
        )
        assert cursor.fetchone()[0] == identity_key(brand="", model="", spec=text).strip("|")


def test_the_second_of_a_key_gets_none_and_waits_for_a_merge() -> None:
    first, second = make_product("天峰 一"), make_product("天峰 二")
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute(
            "UPDATE products_product SET spu_id = NULL, identity_key = NULL, look_key = NULL, model = 'tf 1'"
        )
        cursor.execute("DELETE FROM products_spu")
        cursor.execute("DELETE FROM products_brand")
        for statement in (backfill.BRANDS, backfill.SPUS, backfill.PRODUCTS):
            cursor.execute(statement)
    keys = dict(Product.objects.values_list("pk", "identity_key"))
    assert keys == {first.pk: "天峰|tf1|", second.pk: None}
    assert Spu.objects.get().products.count() == 2


def test_a_duplicate_written_otherwise_is_refused() -> None:
    product = make_product()
    with region_as("yz_region"):
        other = Product.objects.get(pk=product.pk)
        assert other.identity_key == identity_key(brand=other.brand, model=other.model, spec=other.spec)
        assert other.look_key == looks_like(str(other.identity_key))
        with pytest.raises(ProductDuplicate) as caught:
            _add_again(other, model=other.model.lower().replace("-", " － "))
        assert caught.value.facts == {"product_code": product.code}
        with pytest.raises(InvalidInput):
            _add_again(other, model="——")
    assert (Brand.objects.count(), Spu.objects.count(), Product.objects.count()) == (1, 1, 1)


def _add_again(product: Product, *, model: str) -> None:
    from shared_apps.products.services import add_product

    add_product(
        actor=SYSTEM, code="AGAIN1", title=product.title, brand=f" {product.brand}", model=model, unit="包",
        category_code=product.category_id, vat_rate=product.vat_rate, now=utc_now(),
    )  # fmt: skip


def test_the_database_holds_one_product_of_a_key() -> None:
    first, second = make_product(), make_product()
    with pytest.raises(IntegrityError, match="product_identity_once"), region_atomic():
        Product.objects.filter(pk=second.pk).update(identity_key=first.identity_key)


def test_a_label_holds_as_long_as_its_certificate() -> None:
    product = make_product(labels=["energy", "environment"])
    assert product.labels == ["energy", "environment"]
    today = local_date(utc_now())
    ProductCertificate.objects.filter(product=product, label="energy").update(expires_on=today)
    assert valid_labels(product_ids=[product.pk, 0], on=today)[product.pk] == {"energy", "environment"}
    tomorrow = utc_now() + timedelta(days=1)
    assert valid_labels(product_ids=[product.pk], on=local_date(tomorrow)) == {product.pk: {"environment"}}
    assert expire_labels(now=utc_now()) == ()
    assert expire_labels(now=tomorrow) == (product.pk,)
    assert expire_labels(now=tomorrow) == ()
    product.refresh_from_db()
    assert product.labels == ["environment"]
    assert RegionJournalEntry.objects.filter(event="products.labels_expired").count() == 1


def test_a_retired_product_keeps_its_key() -> None:
    product = make_product()
    retire_product(actor=SYSTEM, code=product.code, reason="停产", now=utc_now())
    with pytest.raises(ProductDuplicate), region_as("yz_region"):
        _add_again(product, model=product.model)

"""What the database itself refuses, by raw writes and by login."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, ProgrammingError, connections

from kernel.actor import SYSTEM, Actor, HeldPost
from kernel.clock import utc_now
from kernel.posts import Post
from kernel.problems import InvalidInput, NotPermitted, WrongState
from shared_apps.products.models import Offer, OfferArea, Product
from shared_apps.products.services import OfferExists, ProductExists, move_offer, retire_product, set_price
from shared_apps.region_journal.models import RegionJournalEntry
from tenants.database.context import region_as, region_atomic
from tests.factories.goods import make_offer, make_product, make_supplier


def refused(statement: str, *parameters: object) -> str:
    with pytest.raises(IntegrityError) as caught, region_atomic(), connections["default"].cursor() as cursor:
        cursor.execute(statement, parameters)
    return str(caught.value)


@pytest.mark.parametrize(
    ("column", "value", "constraint"),
    [
        ("price", "-1", "offer_price_is_money"),
        ("price", "0", "offer_price_is_money"),
        ("price", "NaN", "offer_price_is_money"),
        ("reference_price", "NaN", "offer_reference_is_money"),
        ("min_quantity", "0", "offer_min_quantity"),
        ("state", "on sale", "offer_state_known"),
        ("valid_to", "2000-01-01", "offer_ends_after_it_begins"),
    ],
)
def test_offers_that_cannot_be(column: str, value: str, constraint: str) -> None:
    offer = make_offer()
    assert constraint in refused(f"UPDATE products_offer SET {column} = %s WHERE id = %s", value, offer.pk)


@pytest.mark.parametrize("column", ["freight", "surcharge"])
@pytest.mark.parametrize("value", ["-0.01", "NaN"])
def test_areas_that_cannot_be(column: str, value: str) -> None:
    offer = make_offer()
    found = refused(f"UPDATE products_offerarea SET {column} = %s WHERE offer_id = %s", value, offer.pk)
    assert f"offer_area_{column}_is_money" in found


def test_a_supplier_offers_a_product_once_at_a_time() -> None:
    product, supplier = make_product(), make_supplier()
    first = make_offer(product, supplier)
    with pytest.raises(OfferExists):
        make_offer(product, supplier)
    move_offer(actor=SYSTEM, offer_id=first.pk, action="delist", now=utc_now())
    second = make_offer(product, supplier)
    assert "offer_one_open_per_supplier" in refused(
        "UPDATE products_offer SET state = 'listed' WHERE id = %s", first.pk
    )
    assert second.pk != first.pk


def test_a_product_code_is_taken_once() -> None:
    product = make_product(code="ONCE1")
    with pytest.raises(ProductExists):
        make_product(code="ONCE1")
    assert Product.objects.filter(code=product.code).count() == 1


def test_a_mall_reads_the_library_and_changes_nothing() -> None:
    offer = make_offer()
    with region_as("yz_mall"):
        assert Offer.objects.filter(pk=offer.pk).exists()
        for statement in (
            "UPDATE products_offer SET price = 1",
            "DELETE FROM products_offerarea",
            "INSERT INTO suppliers_supplier (name) VALUES ('x')",
            "SELECT phone FROM suppliers_supplier",
            "SELECT address FROM suppliers_supplier",
            "SELECT legal_representative FROM suppliers_supplier",
            "SELECT * FROM suppliers_supplier",
        ):
            with pytest.raises(ProgrammingError, match="permission denied"), connections["default"].cursor() as cursor:
                cursor.execute(statement)


def _seller(organisation_id: int) -> Actor:
    return Actor(user_id=7, name="测试销售", held=(HeldPost(Post.SUPPLIER_SALES, organisation_id),))


def test_a_lower_price_holds_at_once_and_a_higher_one_waits() -> None:
    supplier = make_supplier(organisation_id=71)
    offer = make_offer(supplier=supplier, price="20.00")
    before = RegionJournalEntry.objects.count()
    lower = set_price(actor=_seller(71), offer_id=offer.pk, price=Decimal("18.00"), now=utc_now())
    assert (lower.price, lower.state) == (Decimal("18.00"), "listed")
    higher = set_price(actor=_seller(71), offer_id=offer.pk, price=Decimal("19.00"), now=utc_now())
    assert (higher.price, higher.pending_price, higher.state) == (Decimal("18.00"), Decimal("19.00"), "listed")
    assert RegionJournalEntry.objects.count() == before + 2
    with pytest.raises(NotPermitted):
        set_price(actor=_seller(72), offer_id=offer.pk, price=Decimal("1.00"), now=utc_now())
    with pytest.raises(InvalidInput):
        set_price(actor=_seller(71), offer_id=offer.pk, price=Decimal("0"), now=utc_now())
    assert RegionJournalEntry.objects.count() == before + 2


def test_only_the_posts_of_the_table_move_an_offer() -> None:
    supplier = make_supplier(organisation_id=73)
    offer = make_offer(supplier=supplier)
    with pytest.raises(NotPermitted):
        move_offer(actor=_seller(73), offer_id=offer.pk, action="freeze", now=utc_now())
    with pytest.raises(NotPermitted):
        move_offer(actor=_seller(74), offer_id=offer.pk, action="delist", now=utc_now())
    with pytest.raises(WrongState):
        move_offer(actor=SYSTEM, offer_id=offer.pk, action="approve", now=utc_now())
    moved = move_offer(actor=_seller(73), offer_id=offer.pk, action="delist", reason="停产", now=utc_now())
    assert moved.state == "delisted"
    entry = RegionJournalEntry.objects.order_by("-id").first()
    assert entry is not None
    assert (entry.event, entry.facts["action"], entry.facts["reason"]) == ("products.offer_moved", "delist", "停产")


def test_retiring_is_written_once() -> None:
    product = make_product()
    before = RegionJournalEntry.objects.count()
    for _ in range(2):
        retire_product(actor=SYSTEM, code=product.code, reason="淘汰", now=utc_now())
    assert RegionJournalEntry.objects.count() == before + 1
    assert OfferArea.objects.count() == 0

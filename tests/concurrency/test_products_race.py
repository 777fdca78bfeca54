"""Two suppliers propose the same product at once: one has it, the other is told. Without the index there are two."""

from __future__ import annotations

import threading
from typing import Any

from django.db import connections

from kernel.actor import Actor
from kernel.clock import utc_now
from shared_apps.products.models import Brand, Product, Spu
from shared_apps.products.services import ProductDuplicate
from shared_apps.products.services.proposing import propose_product
from tenants.database.context import region_as
from tests.database import admin
from tests.factories.goods import make_catalogue
from tests.factories.proposals import content, make_seller

SPELLINGS = ("YS-100", "ys 100", "ＹＳ－１００", "YS/100")


def race(sellers: list[tuple[Actor, int]]) -> list[Any]:
    """Everybody proposes the same model, each spelt otherwise, in real threads with real connections."""
    start, found = threading.Barrier(len(sellers)), list[Any]()

    def run(seller: tuple[Actor, int], spelling: str) -> None:
        start.wait(10)
        try:
            with region_as("yz_region"):
                said = content(model=spelling, brand="云杉")
                found.append(propose_product(actor=seller[0], supplier_id=seller[1], content=said, now=utc_now()))
        except ProductDuplicate as error:
            found.append(error)
        finally:
            for connection in connections.all():
                connection.close_kept()

    workers = [threading.Thread(target=run, args=pair) for pair in zip(sellers, SPELLINGS, strict=True)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    return found


def test_one_product_whoever_comes_first() -> None:
    make_catalogue()
    found = race([make_seller() for _spelling in SPELLINGS])
    products = [one for one in found if isinstance(one, Product)]
    assert (len(found), len(products)) == (len(SPELLINGS), 1)
    refused = [one for one in found if isinstance(one, ProductDuplicate)]
    assert {one.facts["product_code"] for one in refused} == {products[0].code}
    assert (Product.objects.count(), Brand.objects.count(), Spu.objects.count()) == (1, 1, 1)


def test_without_the_index_there_would_be_more() -> None:
    make_catalogue()
    sellers = [make_seller() for _spelling in SPELLINGS]
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'product_identity_once'")
        (made,) = cursor.fetchone()
        cursor.execute("DROP INDEX product_identity_once")
    try:
        race(sellers)
        assert Product.objects.count() > 1
    finally:
        with admin() as connection, connection.cursor() as cursor:
            for table in ("reviewstep", "productproposal", "product"):
                cursor.execute(f"DELETE FROM products_{table}")
            cursor.execute(made)

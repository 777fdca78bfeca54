"""The worker of the shop's search: goods with the given titles, indexed by Whoosh, and visits of its search page."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Any

import django
from django.core.management import call_command

from tests.bench.workers import serve

_held: dict[str, Any] = {}


def prepare(titles: list[str]) -> float:
    """Migrates, fills and indexes; returns the seconds of indexing."""
    from oscar.core.loading import get_model

    call_command("migrate", interactive=False, verbosity=0)
    partner = get_model("partner", "Partner").objects.create(name="Supplier")
    kind = get_model("catalogue", "ProductClass").objects.create(name="Goods", requires_shipping=True, track_stock=True)
    product = get_model("catalogue", "Product")
    rows = product.objects.bulk_create(
        [product(title=title, slug=f"p{number}", product_class=kind) for number, title in enumerate(titles)],
        batch_size=1000,
    )
    record = get_model("partner", "StockRecord")
    record.objects.bulk_create(
        [
            record(product=row, partner=partner, partner_sku=f"S{number}", price=Decimal("20.00"), num_in_stock=100)
            for number, row in enumerate(rows)
        ],
        batch_size=1000,
    )
    began = time.perf_counter()
    # In one piece: with each piece Whoosh looks through all that is indexed before for every product.
    call_command("rebuild_index", interactive=False, verbosity=0, batchsize=len(titles))
    return time.perf_counter() - began


def visit(texts: list[str]) -> float:
    """Its search page through Django's client; returns seconds in all."""
    from django.test import Client

    client = _held.setdefault("client", Client())
    began = time.perf_counter()
    for text in texts:
        answer = client.get("/search/", {"q": text})
        if answer.status_code != 200:
            raise RuntimeError(f"{text}: {answer.status_code}")
    return time.perf_counter() - began


if __name__ == "__main__":
    django.setup()
    serve({"prepare": prepare, "visit": visit})

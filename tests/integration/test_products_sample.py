"""The sample library: the same for the same numbers, whole after a stop, searchable, never in production."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from kernel.clock import utc_now
from kernel.inputs import UsccField
from shared_apps.classification.selectors import catalogue, forget
from shared_apps.products.models import Offer, OnSale, Product
from shared_apps.products.read_models import SearchQuery, ShelfView
from shared_apps.products.sampling import vocabulary
from shared_apps.products.sampling.loading import load_sample
from shared_apps.products.selectors import search
from tenants.database.context import region_as


def load(products: int) -> int:
    forget()
    return load_sample(products=products, suppliers=20, seed=1, now=utc_now(), say=lambda _text: None).products


def test_a_stopped_load_goes_on_and_what_is_loaded_is_found() -> None:
    assert (load(30), load(60), load(60)) == (30, 30, 0)
    wanted = list(vocabulary.products(start=0, count=60, suppliers=20, seed=1))
    with region_as("yz_mall"):
        there = dict(Product.objects.filter(code__startswith="S").values_list("code", "title"))
        assert there == {one.code: one.title for one in wanted}
        assert Offer.objects.count() == sum(len(one.offers) for one in wanted)
        assert OnSale.objects.values("product_id").distinct().count() == 60
        shelf = ShelfView(frozenset(one.code for one in catalogue()), frozenset(), "653101")
        one = next(one for one in wanted if any(area[0] == "650000" for area in one.offers[0].areas))
        assert one.code in {item.code for item in search(query=SearchQuery(text=one.title[:60]), shelf=shelf).items}


def test_credit_codes_are_valid_and_products_differ() -> None:
    codes = [supplier.uscc for supplier in vocabulary.suppliers(count=200, seed=1)]
    assert len({UsccField().run_validation(code) for code in codes}) == 200
    titles = [one.title for one in vocabulary.products(start=0, count=300, suppliers=20, seed=1)]
    assert len(set(titles)) == 300
    assert max(map(len, titles)) <= 160


def test_it_is_refused_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "YZ_ENV", "production")
    with pytest.raises(CommandError):
        call_command("load_sample", products=10)
    monkeypatch.setattr(settings, "YZ_ENV", "test")
    with pytest.raises(CommandError):
        call_command("load_sample", products=0)

"""Did you mean: only what the shelf has, by initials, sound and slips."""

from __future__ import annotations

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from kernel.clock import utc_now
from shared_apps.products.models import Offer, SearchWord
from shared_apps.products.read_models import SearchQuery, ShelfView
from shared_apps.products.refreshing import refresh_products
from shared_apps.products.selectors import find
from tenants.database.context import region_as, region_atomic
from tests.factories.goods import make_offer, make_product

SHELF = ShelfView(frozenset({"C-01", "C-02"}), frozenset(), "653101")


def asked(text: str, shelf: ShelfView = SHELF) -> tuple[list[str], str, list[str]]:
    """(products found, shown for, suggestions)."""
    with region_as("yz_mall"):
        page = find(query=SearchQuery(text=text), shelf=shelf)
    return [item.title for item in page.items], page.shown_for, [one.text for one in page.suggestions]


def test_letters_find_by_initials_and_sound_and_slips_are_suggested() -> None:
    make_offer(make_product("天峰 加厚复印纸 70克"))
    make_offer(make_product("雪岭 重型订书机", category="C-02", brand="雪岭"))
    paper, stapler = ["天峰 加厚复印纸 70克"], ["雪岭 重型订书机"]
    assert asked("fyz") == (paper, "复印纸", [])
    assert asked("zhongxing") == (stapler, "重型", [])
    assert asked("jhfyz") == (paper, "加厚复印纸", [])
    assert asked("订书基") == ([], "", ["订书机"])
    assert asked("雪岭 订书基") == ([], "", ["雪岭 订书机"])
    assert asked("复印纸") == (paper, "", [])
    assert asked("没有这个") == ([], "", [])
    # What another shelf alone would find is not suggested.
    elsewhere = ShelfView(frozenset({"C-01"}), frozenset(), "653101")
    assert asked("订书基", elsewhere) == ([], "", [])


def test_suggestions_go_with_what_is_on_sale_and_cost_few_statements() -> None:
    offer = make_offer(make_product("雪岭 重型订书机", category="C-02", brand="雪岭"))
    assert SearchWord.objects.filter(word__in=["雪岭", "雪岭 重型订书机"]).count() == 2
    with region_as("yz_mall"), CaptureQueriesContext(connections["default"]) as queries:
        assert find(query=SearchQuery(text="dsj"), shelf=SHELF).shown_for == "订书机"
    assert len(queries) == 5
    with region_as("yz_region"), region_atomic():
        Offer.objects.filter(pk=offer.pk).update(state="frozen")
        refresh_products(product_ids=[offer.product_id], now=utc_now())
    assert asked("dsj") == ([], "", [])


@pytest.mark.parametrize("text", ["%%", "__", "'\\", "a|b", "||"])
def test_signs_are_no_words(text: str) -> None:
    assert asked(text) == ([], "", [])

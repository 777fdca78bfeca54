"""Search: everything that should be found is, nothing that should not, in two statements."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from kernel.clock import utc_now
from kernel.problems import InvalidInput
from shared_apps.classification.demo import load as load_catalogue
from shared_apps.products.demo_loader import load as load_products
from shared_apps.products.models import Offer, Product
from shared_apps.products.read_models import SearchQuery, ShelfView
from shared_apps.products.rules import runs
from shared_apps.products.selectors import search
from shared_apps.suppliers.demo_loader import load as load_suppliers
from tenants.database.context import region_as

ALL = frozenset(f"C-{n:02d}" for n in range(1, 13))
SHELF = ShelfView(ALL, frozenset(), "653101")


@pytest.fixture
def library() -> None:
    now = utc_now()
    with region_as("yz_region"):
        load_catalogue(now)
        load_suppliers(now)
        load_products(now)


@pytest.mark.usefixtures("library")
def test_every_product_is_found_by_any_part_of_its_title() -> None:
    rng = random.Random(7)  # noqa: S311  (a sample, not a secret)
    with region_as("yz_mall"):
        rows = list(Product.objects.values_list("code", "title"))
        assert len(rows) == 307
        asked = found = 0
        for code, title in rng.sample(rows, 60):
            for length in (1, 2, 3, 4):
                start = rng.randrange(len(title) - length + 1)
                part = title[start : start + length]
                if not runs(part):
                    continue
                asked += 1
                page = search(query=SearchQuery(text=part, size=60, sort="sales"), shelf=SHELF)
                codes = {item.code for item in page.items}
                while page.next_cursor and code not in codes:
                    page = search(
                        query=SearchQuery(text=part, size=60, sort="sales", after=page.next_cursor), shelf=SHELF
                    )
                    codes |= {item.code for item in page.items}
                found += code in codes
    assert asked > 200
    assert found == asked


@pytest.mark.usefixtures("library")
def test_what_is_found_holds_the_words_and_signs_alone_find_nothing() -> None:
    with region_as("yz_mall"):
        page = search(query=SearchQuery(text="A4复印纸 70克"), shelf=SHELF)
        assert page.total == len(page.items) > 0
        for item in page.items:
            assert "A4" in item.title
            assert "复印纸" in item.title
            assert "70克" in item.title
        assert search(query=SearchQuery(text="%_'\\"), shelf=SHELF).total == 0
        assert search(query=SearchQuery(text="没有这个东西"), shelf=SHELF).total == 0
        # Another word for the category finds it too.
        assert search(query=SearchQuery(text="打印纸"), shelf=SHELF).total > 0


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("sort", ["relevance", "sales", "price", "price_down"])
def test_pages_follow_each_other_without_gap_or_repeat(sort: str) -> None:
    seen: list[str] = []
    prices: list[Decimal] = []
    after = ""
    with region_as("yz_mall"):
        while True:
            page = search(query=SearchQuery(sort=sort, after=after, size=60), shelf=SHELF)
            seen += [item.code for item in page.items]
            prices += [item.price for item in page.items]
            after = page.next_cursor
            if not after:
                break
    assert len(seen) == len(set(seen)) == page.total == 307
    if sort.startswith("price"):
        assert prices == sorted(prices, reverse=sort == "price_down")


@pytest.mark.usefixtures("library")
def test_two_statements_and_facets_that_add_up() -> None:
    with region_as("yz_mall"):
        search(query=SearchQuery(), shelf=SHELF)
        with CaptureQueriesContext(connections["default"]) as queries:
            page = search(query=SearchQuery(text="纸", category="C-01", brands=("天峰",)), shelf=SHELF)
        assert len(queries) == 2
        brand = next(choice for choice in page.facets.brands if choice.value == "天峰")
        assert brand.selected
        assert brand.count == page.total == len(page.items)
        # The other brands are counted as if no brand were chosen, the other categories likewise.
        assert len(page.facets.brands) > 1
        assert len(page.facets.categories) > 1
        assert page.facets.categories[0].label == "复印纸"
        for choice in page.facets.suppliers:
            one = search(
                query=SearchQuery(text="纸", category="C-01", brands=("天峰",), supplier_id=int(choice.value)),
                shelf=SHELF,
            )
            assert one.total == choice.count
            assert choice.label.startswith("演示·")
        for choice in page.facets.price_bands:
            one = search(
                query=SearchQuery(text="纸", category="C-01", brands=("天峰",), price_band=choice.value), shelf=SHELF
            )
            assert one.total == choice.count


@pytest.mark.usefixtures("library")
def test_the_price_is_the_lowest_of_the_offers_shown_in_the_area() -> None:
    with region_as("yz_mall"):
        item = search(query=SearchQuery(sort="sales", size=1), shelf=SHELF).items[0]
        offers = Offer.objects.filter(product__code=item.code, supplier__standing="admitted").values_list(
            "id", "supplier_id"
        )
        from shared_apps.products.selectors import offers as views

        shown = [v for v in views(offer_ids=[o for o, _s in offers], area="653101").values() if v.available]
        assert item.price == min(view.price for view in shown)
        assert item.offers == len(shown)
        cheapest = min(shown, key=lambda view: view.price)
        without = ShelfView(ALL, frozenset({cheapest.supplier_id}), "653101")
        again = search(query=SearchQuery(text=item.code), shelf=without)
        left = [view.price for view in shown if view.supplier_id != cheapest.supplier_id]
        assert [found.price for found in again.items] == ([min(left)] if left else [])


@pytest.mark.usefixtures("library")
def test_the_shelf_limits_everything() -> None:
    with region_as("yz_mall"):
        page = search(query=SearchQuery(size=60), shelf=ShelfView(frozenset({"C-02"}), frozenset(), "653101"))
        assert {item.category_code for item in page.items} == {"C-02"}
        assert [choice.value for choice in page.facets.categories] == ["C-02"]
        assert search(query=SearchQuery(), shelf=ShelfView(frozenset(), frozenset(), "653101")).total == 0


@pytest.mark.parametrize(
    "query",
    [
        SearchQuery(sort="id; DROP TABLE"),
        SearchQuery(price_band="1-2"),
        SearchQuery(after="1.2.3.4"),
        SearchQuery(text="纸" * 61),
    ],
)
def test_what_is_no_query_is_refused(query: SearchQuery) -> None:
    with region_as("yz_mall"), pytest.raises(InvalidInput):
        search(query=query, shelf=SHELF)


@pytest.mark.usefixtures("library")
def test_loading_again_changes_nothing() -> None:
    with region_as("yz_region"):
        before = (Product.objects.count(), Offer.objects.count())
        load_products(utc_now())
        assert (Product.objects.count(), Offer.objects.count()) == before == (307, 735)

"""Search against a plain reference in random worlds: suppliers left out, admitted, suspended; areas, days, filters."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from kernel.clock import local_date, utc_now
from shared_apps.products import searching
from shared_apps.products.models import Offer, OfferArea, OnSale, Product, SearchWord
from shared_apps.products.read_models import SearchPage, SearchQuery, ShelfView
from shared_apps.products.refreshing import refresh_products, tidy_search
from shared_apps.products.rules import PRICE_BANDS, area_ladder, area_price, haystack, query_runs
from shared_apps.products.searching import named_categories, popular, search
from shared_apps.products.services import text_columns
from shared_apps.suppliers.models import Supplier
from tenants.database.context import region_as, region_atomic
from tests.factories.goods import make_catalogue, valid_uscc

WORDS = ("复印纸", "打印机", "纸张", "硒鼓", "A4", "70克", "办公桌", "笔")
BRANDS = ("天峰", "雪岭", "云杉")
CATEGORIES = ("C-01", "C-02", "C-06")
DIVISIONS = ("650000", "653100", "653101", "653121", "652300", "652301", "660000")
AREAS = ("653101", "653100", "652301", "654301", "660000")
SORTS = ("relevance", "sales", "price", "price_down")


@dataclass
class World:
    products: list[Product]
    offers: list[tuple[Offer, dict[str, tuple[Decimal, Decimal]]]]
    suppliers: list[Supplier]
    today: date


def make_world(seed: int) -> World:
    rng = random.Random(seed)  # noqa: S311  (a sample, not a secret)
    make_catalogue()
    now = utc_now()
    today = local_date(now)
    with region_as("yz_region"), region_atomic():
        suppliers = Supplier.objects.bulk_create(
            Supplier(
                uscc=valid_uscc(70_000 + number),
                name=f"世界{number}",
                division_code="650100",
                size="small" if number % 2 else "large",
                is_sme=bool(number % 2),
                standing="suspended" if number == 5 else "admitted",
                joined_on=today,
            )
            for number in range(6)
        )
        products = []
        for number in range(80):
            title = " ".join([rng.choice(BRANDS), *rng.sample(WORDS, rng.randint(1, 3))])
            products.append(
                Product(
                    code=f"W{seed}-{number}",
                    title=title,
                    name=title,
                    brand=title.split()[0],
                    model=f"M{number}",
                    unit="包",
                    category_id=rng.choice(CATEGORIES),
                    item_id="A05040101",
                    kind="goods",
                    labels=rng.choice([[], ["energy"], ["energy", "environment"]]),
                    vat_rate=Decimal("0.13"),
                    state="retired" if rng.random() < 0.1 else "listed",
                    sales=rng.randrange(4),
                    created_at=now,
                    **text_columns(parts=[title]),
                )
            )
        Product.objects.bulk_create(products)
        offers = []
        for product in products:
            for supplier in rng.sample(suppliers, rng.randint(0, 5)):
                starts = today + timedelta(days=rng.choice([-9, -9, -9, -9, 0, 1]))
                offer = Offer(
                    product=product,
                    supplier=supplier,
                    price=Decimal(rng.choice(["9.90", "49.99", "50.00", "51.00", "300.00"])),
                    reference_price=Decimal("400.00"),
                    delivery_days=3,
                    valid_from=starts,
                    valid_to=rng.choice([None, None, None, starts, max(starts, today - timedelta(days=1)), today]),
                    state=rng.choice(["listed", "listed", "listed", "listed", "frozen"]),
                    updated_at=now,
                )
                if offer.valid_to is not None and offer.valid_to < starts:
                    offer.valid_to = None
                areas = {
                    code: (Decimal(0), Decimal(rng.choice(["0.00", "0.00", "0.02", "5.00"])))
                    for code in rng.sample(DIVISIONS, rng.randint(0, 5))
                }
                offers.append((offer, areas))
        Offer.objects.bulk_create(offer for offer, _areas in offers)
        OfferArea.objects.bulk_create(
            OfferArea(offer=offer, division_code=code, freight=freight, surcharge=surcharge)
            for offer, areas in offers
            for code, (freight, surcharge) in areas.items()
        )
        refresh_products(product_ids=[product.pk for product in products], now=now)
    return World(products, offers, suppliers, today)


def expected(world: World, query: SearchQuery, shelf: ShelfView, *, broad: bool) -> list[tuple[str, Decimal, int]]:
    """(code, price, offers) in order, in plain Python."""
    ladders = [area_ladder(area) for area in ((query.area,) if query.area else shelf.areas)]
    admitted = {supplier.pk: supplier for supplier in world.suppliers if supplier.standing == "admitted"}
    found = []
    for product in world.products:
        if product.state != "listed" or product.category_id not in shelf.categories:
            continue
        text = haystack([product.title])
        if not all(run in text for run in query_runs(query.text)):
            continue
        prices: list[tuple[Decimal, Supplier]] = []
        for offer, areas in world.offers:
            held = [place for place in (area_price(areas, ladder) for ladder in ladders) if place is not None]
            if offer.product_id != product.pk or offer.state != "listed" or not held:
                continue
            if offer.supplier_id not in admitted or not shelf.sells(offer.supplier_id):
                continue
            if offer.valid_from <= world.today and (offer.valid_to is None or offer.valid_to >= world.today):
                prices.append(
                    (offer.price + min(surcharge for _freight, surcharge in held), admitted[offer.supplier_id])
                )
        if not prices:
            continue
        labels = set(product.labels) | ({"sme"} if any(seller.is_sme for _price, seller in prices) else set())
        own = [price for price, seller in prices if query.supplier_id in (None, seller.pk)]
        if not own or not set(query.labels) <= labels:
            continue
        if query.category not in ("", product.category_id) or (query.brands and product.brand not in query.brands):
            continue
        price = min(own)
        if query.price_band:
            low, high = PRICE_BANDS[query.price_band]
            if price < low or (high is not None and price >= high):
                continue
        score = 2 if product.category_id in named_categories(query.text) else 0
        if query.text and not broad and haystack([query.text]) in text:
            score += 1
        found.append((product, price, len(prices), score))
    keys = {
        "relevance": lambda row: (-row[3], -row[0].sales, -row[0].pk),
        "sales": lambda row: (-row[0].sales, -row[0].pk),
        "price": lambda row: (row[1], row[0].pk),
        "price_down": lambda row: (-row[1], -row[0].pk),
    }
    found.sort(key=keys[query.sort])
    return [(product.code, price, offers) for product, price, offers, _score in found]


def pages(query: SearchQuery, shelf: ShelfView) -> Iterator[SearchPage]:
    while True:
        page = search(query=query, shelf=shelf)
        yield page
        if not page.next_cursor:
            return
        query = replace(query, after=page.next_cursor)


def random_question(rng: random.Random, world: World) -> tuple[SearchQuery, ShelfView]:
    ids = [supplier.pk for supplier in world.suppliers]
    query = SearchQuery(
        text=rng.choice(["", "纸", "复印纸", "打印", "A4", "A4 纸", "天峰 复印", "没有"]),
        category=rng.choice([""] * 9 + [*CATEGORIES]),
        brands=tuple(rng.sample(BRANDS, rng.choice([0, 0, 0, 0, 1, 2]))),
        supplier_id=rng.choice([None] * 9 + ids),
        price_band=rng.choice([""] * 9 + [*PRICE_BANDS]),
        labels=tuple(rng.sample(["energy", "environment", "sme"], rng.choice([0, 0, 0, 0, 1, 2]))),
        sort=rng.choice(SORTS),
        size=rng.choice([1, 3, 60]),
    )
    shelf = ShelfView(
        frozenset(rng.sample(CATEGORIES, rng.randint(1, 3))),
        frozenset(rng.sample(ids, rng.choice([0, 0, 1, 3]))),
        rng.choice(AREAS),
        frozenset(rng.sample(ids, rng.randint(1, 4))) if rng.random() < 0.3 else None,
    )
    others = [area for area in AREAS if area != shelf.area]
    shelf = replace(shelf, more_areas=tuple(rng.sample(others, rng.choice([0, 0, 1, 2]))))
    return replace(query, area=rng.choice(["", "", *shelf.areas])), shelf


@pytest.mark.parametrize(
    ("seed", "whole_max", "collected_max"),
    [(1, 10_000, 1_000), (2, 10_000, 1_000), (3, 0, 0), (4, 0, 0), (5, 0, 10**9)],
    ids=["whole", "whole too", "walked", "walked too", "collected"],
)
def test_the_same_products_prices_and_order_as_a_plain_reference(
    seed: int, whole_max: int, collected_max: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world(seed)
    broad = whole_max == 0
    monkeypatch.setattr(searching, "WHOLE_MAX", whole_max)
    monkeypatch.setattr(searching, "COLLECTED_MAX", collected_max)
    rng = random.Random(seed)  # noqa: S311  (a sample, not a secret)
    some = 0
    with region_as("yz_mall"):
        for _number in range(120):
            query, shelf = random_question(rng, world)
            wanted = expected(world, query, shelf, broad=broad and not collected_max)
            found = list(pages(query, shelf))
            got = [(item.code, item.price, item.offers) for page in found for item in page.items]
            assert got == wanted, (query, shelf)
            if not broad or collected_max:
                assert {page.total for page in found} == {len(wanted)}
            some += bool(wanted)
    assert some > 30


@pytest.mark.parametrize(
    "base",
    [
        SearchQuery(text="纸", brands=("天峰", "雪岭")),
        SearchQuery(price_band="50-200", labels=("sme",)),
        SearchQuery(price_band="0-50"),
    ],
)
def test_each_facet_counts_what_choosing_it_finds(base: SearchQuery) -> None:
    world = make_world(6)
    shelf = ShelfView(frozenset(CATEGORIES), frozenset({world.suppliers[0].pk}), "653101", None, ("653121", "652301"))
    with region_as("yz_mall"):
        facets = search(query=base, shelf=shelf).facets
        asked = [
            *((replace(base, category=choice.value), choice) for choice in facets.categories),
            *((replace(base, brands=(choice.value,)), choice) for choice in facets.brands),
            *((replace(base, supplier_id=int(choice.value)), choice) for choice in facets.suppliers),
            *((replace(base, price_band=choice.value), choice) for choice in facets.price_bands),
            *((replace(base, labels=(choice.value,)), choice) for choice in facets.labels),
            *((replace(base, area=choice.value), choice) for choice in facets.areas),
        ]
        assert len(facets.areas) == 3
        assert len(asked) > 8
        for query, choice in asked:
            assert choice.count == len(expected(world, query, shelf, broad=False)), query


def test_a_refresh_leaves_exactly_the_rows_of_today() -> None:
    world = make_world(7)
    before = list(OnSale.objects.order_by("pk").values_list())
    ids = [product.pk for product in world.products]
    with region_as("yz_region"), region_atomic():
        refresh_products(product_ids=ids, now=utc_now())
        assert list(OnSale.objects.order_by("pk").values_list()) == before
        Offer.objects.filter(product_id__in=ids).update(state="delisted")
        refresh_products(product_ids=ids, now=utc_now())
        assert not OnSale.objects.filter(product_id__in=ids).exists()


def test_the_daily_round_takes_sales_over_and_leaves_what_is_on_sale() -> None:
    world = make_world(9)
    shown = OnSale.objects.filter(valid_to__gte=world.today).count() + OnSale.objects.filter(valid_to=None).count()
    with region_as("yz_region"):
        product = Product.objects.get(pk=OnSale.objects.filter(valid_to=None).values_list("product_id", flat=True)[0])
        Product.objects.filter(pk=product.pk).update(sales=77)
        OnSale.objects.filter(product_id=product.pk).update(valid_to=world.today - timedelta(days=1))
        SearchWord.objects.all().delete()
        ended = OnSale.objects.filter(product_id=product.pk).count()
        tidy_search(now=utc_now())
        assert OnSale.objects.count() == shown - ended
        refresh_products(product_ids=[product.pk], now=utc_now())
        assert set(OnSale.objects.filter(product_id=product.pk).values_list("sales", flat=True)) == {77}
        assert SearchWord.objects.filter(word=product.brand).exists()


def test_what_is_bought_most_is_the_first_page_by_sales() -> None:
    world = make_world(8)
    shelf = ShelfView(frozenset(CATEGORIES), frozenset(), "653101")
    with region_as("yz_mall"):
        shown = [(item.code, item.price, item.offers) for item in popular(shelf=shelf, count=5)]
    assert shown == expected(world, SearchQuery(sort="sales"), shelf, broad=False)[:5]

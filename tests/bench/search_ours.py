"""The worker that knows the product: fills the library, searches, tells its statements, looks for what is missed."""

from __future__ import annotations

import random
import time
from typing import Any

import django

from tests.bench.workers import serve

TENANT = "980001"
AREA = TENANT[:6]
_held: dict[str, Any] = {}


def fill(products: int, suppliers: int) -> dict[str, Any]:
    """A region with a sample library and one mall that shows all of it."""
    from kernel.clock import utc_now
    from shared_apps.products.sampling.loading import analyse, load_sample
    from tenants.provisioning.services import create_tenant
    from tests.bench.progress import say
    from tests.bench.provisioning_ours import prepare
    from tests.factories.goods import make_shelf

    prepare(codes=[TENANT])
    loaded = load_sample(products=products, suppliers=suppliers, seed=1, now=utc_now(), say=lambda _text: None)
    say(f"search: {loaded.products} products and {loaded.offers} offers in {loaded.seconds:.0f} s")
    analyse()
    create_tenant(code=TENANT, now=utc_now())
    make_shelf(TENANT)
    return {"products": loaded.products, "offers": loaded.offers, "seconds": loaded.seconds}


def begin() -> None:
    """The shelf of the mall, and the login of its requests for the rest of the process."""
    from shared_apps.classification.selectors import catalogue
    from shared_apps.products.read_models import ShelfView
    from tenants.database.context import region_as

    _held["login"] = region_as("yz_mall")
    _held["login"].__enter__()
    _held["shelf"] = ShelfView(frozenset(one.code for one in catalogue()), frozenset(), AREA)


def questions(count: int, seed: int) -> list[str]:
    """What is looked for: random parts of two to four letters of random titles, and the words of broad searches."""
    from shared_apps.products.rules import runs

    rng = random.Random(seed)  # noqa: S311 - a sample, not a secret
    found: list[str] = []
    for _code, title, _brand, _category in _titles(count, rng):
        run = rng.choice([run for run in runs(title) if len(run) > 1])
        length = min(len(run), rng.choice((2, 3, 4)))
        start = rng.randrange(len(run) - length + 1)
        found.append(run[start : start + length])
    return found


def titles(count: int, seed: int) -> list[str]:
    """Titles of random products: what the peer's shop is filled with."""
    rng = random.Random(seed)  # noqa: S311 - a sample, not a secret
    return [title for _code, title, _brand, _category in _titles(count, rng)]


def _titles(count: int, rng: random.Random) -> list[tuple[str, str, str, str]]:
    """(code, title, brand, category) of random products that some offer delivers all over the region."""
    from django.db import connections

    found: list[tuple[str, str, str, str]] = []
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT max(id) FROM products_product")
        most = cursor.fetchone()[0]
        while len(found) < count:
            cursor.execute(
                """
                SELECT p.code, p.title, p.brand, p.category_id FROM products_product p
                 WHERE p.id = %s AND EXISTS (SELECT 1 FROM products_onsale o WHERE o.product_id = p.id AND o.level = 0)
                """,
                [rng.randint(1, most)],
            )
            found += cursor.fetchall()
    return found


def ask(texts: list[str], sort: str, facets: bool) -> float:
    """Searches for each text; returns seconds in all."""
    from shared_apps.products.read_models import SearchQuery
    from shared_apps.products.searching import search

    began = time.perf_counter()
    for text in texts:
        search(query=SearchQuery(text=text, sort=sort, size=20), shelf=_held["shelf"], with_facets=facets)
    return time.perf_counter() - began


def totals(texts: list[str]) -> list[list[Any]]:
    """(text, total, whether it is an estimate)."""
    from shared_apps.products.read_models import SearchQuery
    from shared_apps.products.searching import search

    pages = ((text, search(query=SearchQuery(text=text, size=1), shelf=_held["shelf"])) for text in texts)
    return [[text, page.total, page.total_is_about] for text, page in pages]


def statements(texts: list[str], sort: str, facets: bool) -> list[str]:
    """What those searches send, with its values, to be sent again without Python."""
    from django.db import connections

    sent: list[str] = []

    def note(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        with context["connection"].connection.cursor() as cursor:
            sent.append(cursor.mogrify(sql, parameters).decode())
        return execute(sql, parameters, many, context)

    ask(texts, sort, facets)  # what is kept in the process for a while is not sent again
    with connections["default"].execute_wrapper(note):
        ask(texts, sort, facets)
    return sent


def recall(count: int, seed: int) -> dict[str, int]:
    """Random parts of titles, one to four letters: how many of the products are among what is found by them."""
    from shared_apps.products.read_models import SearchQuery
    from shared_apps.products.rules import runs
    from shared_apps.products.searching import search

    rng, asked, found = random.Random(seed), 0, 0  # noqa: S311 - a sample, not a secret
    for code, title, brand, category in _titles(count, rng):
        length = rng.randint(2, 4)
        start = rng.randrange(len(title) - length + 1)
        part = title[start : start + length]
        if not runs(part):
            continue
        asked += 1
        # The brand and the category only shorten the list that the product has to be in.
        query = {"text": part, "brands": (brand,), "category": category, "sort": "sales", "size": 60}
        after = ""
        while True:
            page = search(query=SearchQuery(**query, after=after), shelf=_held["shelf"], with_facets=False)
            if any(item.code == code for item in page.items):
                found += 1
                break
            after = page.next_cursor
            if not after:
                break
    return {"asked": asked, "found": found}


def visit(texts: list[str]) -> float:
    """The search page itself through the WSGI application, with facets and template; returns seconds in all."""
    from django.test import Client

    from tests.factories.people import host_of

    if "client" not in _held:
        _held["client"] = Client(HTTP_HOST=host_of(TENANT))
    began = time.perf_counter()
    for text in texts:
        answer = _held["client"].get("/products/", {"q": text})
        if answer.status_code != 200:
            raise RuntimeError(f"{text}: {answer.status_code}")
    return time.perf_counter() - began


def insert_cost(count: int) -> dict[str, float]:
    """Milliseconds a product for what search needs at writing: the token index, and the rows on sale with the words."""
    from django.db import connections, transaction

    from kernel.clock import utc_now
    from shared_apps.products.refreshing import refresh_products
    from tenants.database.context import owner_of

    _held["login"].__exit__(None, None, None)
    seconds: dict[str, float] = {}
    with owner_of("public", alias="default"), connections["default"].cursor() as cursor:
        cursor.execute("SELECT id FROM products_product ORDER BY md5(id::text) LIMIT %s", [count])
        ids = [row[0] for row in cursor.fetchall()]
        for name, index in (("bare", ""), ("tokens", "CREATE INDEX ON bench_copy USING gin (tokens)")):
            cursor.execute("DROP TABLE IF EXISTS bench_copy; CREATE TABLE bench_copy (LIKE products_product)")
            cursor.execute("INSERT INTO bench_copy SELECT * FROM products_product ORDER BY id LIMIT 100000")
            if index:
                cursor.execute(index)
            began = time.perf_counter()
            cursor.execute("INSERT INTO bench_copy SELECT * FROM products_product WHERE id = ANY(%s)", [ids])
            seconds[name] = time.perf_counter() - began
        cursor.execute("DROP TABLE bench_copy")
        began = time.perf_counter()
        with transaction.atomic(using="default"):
            refresh_products(product_ids=ids, now=utc_now())
        seconds["rows"] = time.perf_counter() - began
    begin()
    return {name: value * 1000 / count for name, value in seconds.items()}


if __name__ == "__main__":
    django.setup()
    serve(
        {
            "fill": fill,
            "begin": begin,
            "questions": questions,
            "titles": titles,
            "ask": ask,
            "totals": totals,
            "statements": statements,
            "recall": recall,
            "visit": visit,
            "insert_cost": insert_cost,
        }
    )

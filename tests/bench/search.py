"""`search`: a page of products and its facets in a library of a million."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from tests.bench import databases, oscar
from tests.bench.harness import Figure, Measurement, RunRound, Side, figure, interleave
from tests.bench.options import Options
from tests.bench.processor import tree_seconds
from tests.bench.progress import say
from tests.bench.workers import Worker

BENCH = "search"
WORKER = "tests.bench.search_ours"
DEFAULT_SIZE = 1_000_000
SUPPLIERS = 2_000
TEXTS = 30
RECALLED = 300
INSERTED = 3_000
PEER_SIZE = 10_000
PEER_TEXTS = 20
# The peer reads the whole table whatever the text is: it need not be asked for all of them.
PEER_ASKED = 5
# What many products hold, and nothing at all: the searches that cannot be narrow.
BROAD = ("", "色", "型", "打印", "复印纸", "质保")
SEED = 20261123

# The usual way: the same shelf, prices and facets, the text by a trigram index on the title.
_TRIGRAM = "CREATE INDEX peer_title ON products_product USING gin (title gin_trgm_ops)"
_FOUND = """
WITH found AS MATERIALIZED (
    SELECT p.id, p.category_id, p.brand, p.labels, p.sales FROM products_product p
     WHERE p.state = 'listed' AND p.title ILIKE %(like)s
), hit AS MATERIALIZED (
    SELECT f.id, f.category_id, f.brand, f.labels, f.sales, array_agg(o.supplier_id) AS sellers, min(o.price) AS price
      FROM found f
      JOIN products_onsale o ON o.product_id = f.id
      JOIN suppliers_supplier s ON s.id = o.supplier_id AND s.standing = 'admitted'
     WHERE o.places && ARRAY[980001, 980000, 650000] AND NOT o.narrower && ARRAY[980001, 980000, 650000]
       AND o.valid_from <= current_date AND (o.valid_to IS NULL OR o.valid_to >= current_date)
     GROUP BY f.id, f.category_id, f.brand, f.labels, f.sales
)
"""
_PAGE = "(SELECT 'item', id::text, sales FROM hit ORDER BY sales DESC, id DESC LIMIT 20)"
_FACETS = """
SELECT 'total', '', count(*) FROM hit
UNION ALL SELECT 'category', category_id, count(*) FROM hit GROUP BY category_id
UNION ALL (SELECT 'brand', brand, count(*) FROM hit GROUP BY brand ORDER BY 3 DESC LIMIT 12)
UNION ALL (SELECT 'supplier', s::text, count(*) FROM hit, unnest(sellers) s GROUP BY s ORDER BY 3 DESC LIMIT 12)
UNION ALL SELECT 'label', l, count(*) FROM hit, jsonb_array_elements_text(labels) l GROUP BY l
UNION ALL SELECT 'price', width_bucket(price, ARRAY[50, 200, 1000, 5000])::text, count(*) FROM hit GROUP BY 2
UNION ALL
"""


def run(options: Options) -> list[Figure]:
    database = databases.create("search")
    with Worker(WORKER, environment=databases.environment(database)) as filler:
        loaded = filler.call("fill", products=options.size or DEFAULT_SIZE, suppliers=SUPPLIERS)
    return [*measured(database, options), _load(loaded)]


def measured(database: str, options: Options) -> list[Figure]:
    """All figures of a library that is filled already."""
    with ExitStack() as stack:
        ours = stack.enter_context(Worker(WORKER, environment=databases.environment(database)))
        ours.call("begin")
        texts = ours.call("questions", count=TEXTS, seed=SEED)
        hand = stack.enter_context(databases.admin(database)).cursor()
        sizes = _prepare_peer(hand)
        say(f"{BENCH}: {sizes['peer'] / 2**20:.0f} MB of trigrams made")
        figures = []
        for name, asked in (("", texts), ("_broad", list(BROAD))):
            found = ours.call("totals", texts=asked)
            figures += _searches(ours, hand, name, asked, found, options)
        figures += [_sizes(sizes), _inserts(ours), _recall(ours), *_pages(stack, ours, options)]
        return figures


def _prepare_peer(hand: Any) -> dict[str, int]:
    """Makes the peer's index; bytes of what each side has for searching."""
    hand.execute(f"DROP INDEX IF EXISTS peer_title; {_TRIGRAM}; ANALYZE products_product")
    hand.execute(
        """
        SELECT pg_relation_size('product_tokens') + pg_total_relation_size('products_onsale')
               + pg_total_relation_size('products_searchword'), pg_relation_size('peer_title')
        """
    )
    ours, peer = hand.fetchone()
    return {"ours": ours, "peer": peer}


def _searches(
    ours: Worker, hand: Any, name: str, texts: list[str], found: list[list[Any]], options: Options
) -> list[Figure]:
    estimates = sum(is_about for _text, _total, is_about in found)
    middle = sorted(total for _text, total, _about in found)[len(found) // 2]
    here = (os.getpid(), databases.postmaster())
    figures = []
    for facets in (False, True):
        sql = ours.call("statements", texts=texts, sort="relevance", facets=facets)
        peer_texts = [text for text in texts if text][:PEER_ASKED]

        def limit(number: int, sql: list[str] = sql) -> Measurement:
            return _measured(lambda: _by_hand(hand, [(statement, None) for statement in sql]), len(texts), here)

        def peer(number: int, facets: bool = facets, asked: list[str] = peer_texts) -> Measurement:
            statement = f"{_FOUND}{_FACETS if facets else ''}{_PAGE}"
            return _measured(
                lambda: _by_hand(hand, [(statement, {"like": f"%{text}%"}) for text in asked]), len(asked), here
            )

        def own(number: int, facets: bool = facets) -> Measurement:
            return _measured(
                lambda: ours.call("ask", texts=texts, sort="relevance", facets=facets), len(texts), (ours.pid, here[1])
            )

        # The peer reads all of the table and leaves the buffers full of it: whoever comes next pays. So ours and the
        # same statements by hand take turns among themselves, warm, and the peer comes after them.
        label = f"top20{'_facets' if facets else ''}{name}"
        own(0)
        limit(0)
        pair: dict[Side, RunRound] = {"ours": own, "limit": limit}
        samples = interleave(pair, rounds=options.rounds, label=f"{BENCH} {label}")
        alone = interleave({"peer": peer}, rounds=options.rounds, label=f"{BENCH} {label} peer")
        what = f"{len(texts)} texts ({', '.join(repr(text) for text in texts[:6])} ...)"
        notes = (
            f"{what}, {middle} products in the middle, {estimates} counted by a sample; peer: {len(peer_texts)} texts"
        )
        figures += [
            figure(bench=BENCH, name=label, unit="ms", samples=samples["ms"] | alone["ms"], notes=notes),
            figure(bench=BENCH, name=f"{label}_cpu", unit="ms of CPU", samples=samples["cpu"] | alone["cpu"]),
        ]
    return figures


def _by_hand(hand: Any, statements: list[tuple[str, Any]]) -> None:
    for statement, values in statements:
        hand.execute(statement, values)
        hand.fetchall()


def _measured(work: Callable[[], object], count: int, processes: tuple[int, ...]) -> Measurement:
    """Milliseconds of the clock and of CPU (these processes' and their children's) for each of `count`."""
    cpu, began = sum(map(tree_seconds, processes)), time.perf_counter()
    work()
    seconds = time.perf_counter() - began
    return {"ms": seconds * 1000 / count, "cpu": (sum(map(tree_seconds, processes)) - cpu) * 1000 / count}


def _sizes(sizes: dict[str, int]) -> Figure:
    return figure(
        bench=BENCH,
        name="index_size",
        unit="MB",
        samples={side: [size / 2**20] for side, size in sizes.items()},
        notes="ours: token index, the rows on sale with their indexes, words; peer: the trigram index on titles alone",
    )


def _inserts(ours: Worker) -> Figure:
    cost = ours.call("insert_cost", count=INSERTED)
    own = cost["tokens"] - cost["bare"] + cost["rows"]
    return figure(
        bench=BENCH,
        name="insert_cost",
        unit="ms a product",
        samples={"ours": [own]},
        notes=f"{INSERTED} at once: token index {cost['tokens'] - cost['bare']:.3f}, rows on sale {cost['rows']:.3f}; "
        f"the bare row without any index {cost['bare']:.3f}",
    )


def _recall(ours: Worker) -> Figure:
    said = ours.call("recall", count=RECALLED, seed=SEED)
    return figure(
        bench=BENCH,
        name="recall",
        unit="share",
        samples={"ours": [said["found"] / said["asked"]]},
        notes=f"{said['asked']} random parts of titles of two to four characters, blanks and signs included",
    )


def _load(loaded: dict[str, Any]) -> Figure:
    return figure(
        bench=BENCH,
        name="load_sample",
        unit="per second",
        samples={"ours": [loaded["products"] / loaded["seconds"]]},
        notes=f"{loaded['products']} products with {loaded['offers']} offers, areas, rows on sale and token index",
    )


def _pages(stack: ExitStack, ours: Worker, options: Options) -> list[Figure]:
    """The whole page in one process, no HTTP: ours among all products, the peer among ten thousand."""
    titles = ours.call("titles", count=PEER_SIZE, seed=SEED)
    words = sorted({word for title in titles[:PEER_TEXTS] for word in title.split()[:2]})[:PEER_TEXTS]
    shop = oscar.search_shop(stack, titles=titles)

    server = databases.postmaster()

    def visits(worker: Worker) -> RunRound:
        return lambda number: _measured(lambda: worker.call("visit", texts=words), len(words), (worker.pid, server))

    sides: dict[Side, RunRound] = {"ours": visits(ours)}
    notes = "ours in the whole library, five facets; "
    if shop is None:
        notes += "no peer: django-oscar or Whoosh could not be installed"
    else:
        shop.call("visit", texts=words)  # warm
        sides["peer"] = visits(shop)
        notes += f"peer: django-oscar 4.2 with Whoosh, its search page, {PEER_SIZE} products, no facets"
    ours.call("visit", texts=words)
    samples = interleave(sides, rounds=options.rounds, label=f"{BENCH} pages")
    return [
        figure(bench=BENCH, name="search_page_10k", unit="ms", samples=samples["ms"], notes=notes),
        figure(bench=BENCH, name="search_page_10k_cpu", unit="ms of CPU", samples=samples["cpu"]),
    ]

"""What is wrong with pages that were looked at, and forms that are refused."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from playwright.sync_api import Browser

from kernel.posts import Post
from shared_apps.accounts.counting import counted
from shared_apps.accounts.rules import WRITES_PER_MINUTE
from tests.pages.every import A, World
from tests.pages.looking import Seen, Watched, watched
from webkit.latin import latin_words


def in_latin(seen: list[Seen]) -> list[str]:
    return [f"{found}: {words}" for found in seen if (words := latin_words(found.html))]


def unexpected(seen: list[Seen]) -> list[str]:
    """A page that is broken, or closed to somebody its route admits. Objects may be out of a person's reach."""
    return [str(found) for found in seen if found.status not in {200, 302, 303, 404, 409}]


def too_many_writes(world: World) -> None:
    client = world.client(Post.BUYER_CLERK, A)
    # Written as often as allowed, in this minute of the clock and, should it end meanwhile, in the next.
    minute = int(time.time()) // 60
    for _write in range(WRITES_PER_MINUTE):
        for one in (minute, minute + 1):
            counted(f"writes:{A}:{world.people[Post.BUYER_CLERK].pk}:{one}")
    answer = client.post("/cart/remove/")
    assert answer.status_code == 429
    assert latin_words(answer.content.decode()) == []


def refused_writes(watch: Watched) -> None:
    """Pages that answer a form: a state that does not allow it, a form with nothing in it, one form too many."""
    orders = watch.world.paths.get("orders:order")
    if orders:
        watch.send(Post.BUYER_CLERK, A, f"{orders[7]}withdraw/", 409)
        watch.send(Post.BUYER_PAYER, A, f"{orders[4]}request-payment/", 400)
        watch.send(Post.BUYER_CLERK, A, watch.world.paths["supermarket:checkout"][0], 400)
    too_many_writes(watch.world)
    watch.send(Post.BUYER_CLERK, A, "/sign-out/", 429)


def browse(
    browser: Browser,
    site: str,
    world: World,
    seen: Iterable[Seen],
    then: Callable[[Watched], None] | None = None,
    language: str = "",
) -> None:
    started = time.monotonic()
    with watched(browser, site, world, language) as watch:
        for found in seen:
            watch.visit(found)
        if then:
            then(watch)
    print(f"{watch.visited} pages in {time.monotonic() - started:.0f} s")
    assert watch.findings == [], "\n".join(watch.findings)

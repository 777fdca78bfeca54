"""Every page of both hosts, as everybody who may open it: in Chinese, accessible, no wider than its screen."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

import pytest
from playwright.sync_api import Browser

from kernel.posts import Post
from shared_apps.accounts.rules import WRITES_PER_MINUTE
from tests.pages.conftest import axe_findings
from tests.pages.every import A, World, empty_world, full_world
from tests.pages.glyphs import missing_glyphs
from tests.pages.looking import Seen, Watched, ask, distinct, look, page_routes, watched
from webkit.latin import latin_words

# On a mall's host these two only lead on to the region's.
LEAD_ON = frozenset({"access:sign_in", "access:account", "fleet:console"})


def in_latin(seen: list[Seen]) -> list[str]:
    return [f"{found}: {words}" for found in seen if (words := latin_words(found.html))]


def unexpected(seen: list[Seen]) -> list[str]:
    """A page that is broken, or closed to somebody its route admits. Objects may be out of a person's reach."""
    return [str(found) for found in seen if found.status not in {200, 302, 303, 404, 409}]


def refusals(world: World) -> list[Seen]:
    """No permission, not found, a stranger's object, wrong method, bad input."""
    asked = {
        403: [(None, Post.EXPERT, "/console/"), (A, Post.SUPPLIER_SALES, "/cart/"), (A, Post.BUYER_CLERK, "/bureau/")],
        404: [
            (None, None, "/nothing/"), (A, None, "/nothing/"), (A, Post.BUYER_CLERK, "/orders/999999999/"),
            (A, None, "/products/none/"), (None, None, "/invitations/nothing/"),
            (None, None, "/password-reset/MQ/x-y/"), (None, Post.BUYER_CLERK, "/malls/999999/enter/"),
        ],
        405: [(None, Post.BUYER_CLERK, "/sign-out/"), (A, Post.BUYER_CLERK, "/cart/remove/")],
        400: [(A, None, "/products/?q=%00"), (A, Post.TIER_SUPERVISOR, "/bureau/people/invite/")],
    }  # fmt: skip
    seen = [ask(world, tenant, "refusal", who, path) for found in asked.values() for tenant, who, path in found]
    expected = [status for status, found in asked.items() for _one in found]
    assert [found.status for found in seen] == expected, [str(found) for found in seen]
    return seen


@pytest.fixture(scope="module")
def built(kept_world: Callable[[], None]) -> World:
    world = full_world()
    kept_world()
    return world


@pytest.fixture
def at_work(built: World) -> World:
    built.clients.clear()  # sessions went with the test before
    return built


@pytest.mark.parametrize("host", ["region", "tenant"])
def test_every_page_of_a_county_at_work(
    at_work: World, browser: Browser, site: str, host: str, whole: bool
) -> None:  # fmt: skip
    seen = look(at_work, host, whole=whole)
    assert unexpected(seen) == []
    opened = {found.route for found in seen if found.status == 200}
    routes = {route.name for route in page_routes(host)}
    assert routes - opened == (LEAD_ON & routes), "a route without a page: give tests/pages/every.py its object"
    assert in_latin(seen) == []
    _browse(browser, site, at_work, distinct(seen, whole=whole))


def test_every_refusal(at_work: World, browser: Browser, site: str) -> None:
    seen = refusals(at_work)
    assert in_latin(seen) == []
    _browse(browser, site, at_work, distinct(seen, whole=True), refused_writes)


@pytest.mark.parametrize("host", ["region", "tenant"])
def test_every_page_of_a_county_that_begins(
    room: None, browser: Browser, site: str, host: str, whole: bool
) -> None:  # fmt: skip
    """Nothing bought, nothing on the shelf; and a person who writes too often."""
    world = empty_world()
    seen = look(world, host, whole=whole)
    assert unexpected(seen) == []
    assert in_latin(seen) == []
    then = refused_writes if host == "tenant" else None
    _browse(browser, site, world, distinct(once_a_route(seen), whole=whole), then)


def once_a_route(seen: list[Seen]) -> list[Seen]:
    """An empty page is the same to whoever may open it."""
    return list({(found.tenant, found.route, found.path): found for found in reversed(seen) if found.html}.values())


def too_many_writes(world: World) -> None:
    client = world.client(Post.BUYER_CLERK, A)
    # Writes are counted by the minute of the clock: all of these have to fall into one.
    if (second := time.time() % 60) > 40:
        time.sleep(61 - second)
    for _write in range(WRITES_PER_MINUTE + 1):
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


def _browse(
    browser: Browser, site: str, world: World, seen: Iterable[Seen], then: Callable[[Watched], None] | None = None
) -> None:
    started = time.monotonic()
    with watched(browser, site, world) as watch:
        for found in seen:
            watch.visit(found)
        if then:
            then(watch)
    print(f"{watch.visited} pages in {time.monotonic() - started:.0f} s")
    assert watch.findings == [], "\n".join(watch.findings)


def test_axe_and_the_glyph_check_can_fail(browser: Browser) -> None:
    page = browser.new_context(locale="zh-CN").new_page()
    page.set_content("<html lang=zh-Hans><title>甲</title><main><h1>预算采购，¥1.00</h1><img src='data:,'></main>")
    assert missing_glyphs(page) == []
    assert [found for found in axe_findings(page) if found.startswith("image-alt")]
    page.set_content("<html lang=zh-Hans><title>甲</title><main><h1>预算\U0002ffe5与\U0010fffe</h1></main>")
    assert missing_glyphs(page) == ["U+2FFE5", "U+10FFFE"]
    page.context.close()

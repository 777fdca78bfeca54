"""Every page of both hosts, as everybody who may open it: in Chinese, accessible, no wider than its screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from kernel.posts import Post
from tests.pages.browsing import browse, in_latin, refused_writes, unexpected
from tests.pages.conftest import axe_findings
from tests.pages.every import A, World, full_world
from tests.pages.glyphs import missing_glyphs
from tests.pages.looking import Seen, ask, distinct, look, page_routes

# On a mall's host these two only lead on to the region's.
LEAD_ON = frozenset({"access:sign_in", "access:account", "fleet:console"})


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


@pytest.mark.timeout(900)  # hundreds of pages
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
    browse(browser, site, at_work, distinct(seen, whole=whole))


def test_every_refusal(at_work: World, browser: Browser, site: str) -> None:
    seen = refusals(at_work)
    assert in_latin(seen) == []
    browse(browser, site, at_work, distinct(seen, whole=True), refused_writes)


def test_axe_and_the_glyph_check_can_fail(browser: Browser) -> None:
    page = browser.new_context(locale="zh-CN").new_page()
    page.set_content("<html lang=zh-Hans><title>甲</title><main><h1>预算采购，¥1.00</h1><img src='data:,'></main>")
    assert missing_glyphs(page) == []
    assert [found for found in axe_findings(page) if found.startswith("image-alt")]
    page.set_content("<html lang=zh-Hans><title>甲</title><main><h1>预算\U0002ffe5与\U0010fffe</h1></main>")
    assert missing_glyphs(page) == ["U+2FFE5", "U+10FFFE"]
    page.context.close()

"""Pages in the three languages and in the elders' size, at both widths: whole, within the screen, nothing for axe."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from kernel.posts import Post
from tests.factories.orders import make_shop
from tests.pages.conftest import Visit, address
from tests.pages.walks import in_order

LANGUAGES = {"zh-hans": ("zh-Hans", "ltr"), "en": ("en", "ltr"), "ug": ("ug", "rtl")}


def choose(page: Page, language: str, size: str) -> None:
    """By the link at the foot of every page."""
    page.locator("footer a[href^='/display/']").click()
    page.check(f"input[name=language][value={language}]")
    page.check(f"input[name=size][value={size}]")
    page.locator("main button[type=submit]").click()
    page.wait_for_load_state()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_clerk_s_pages(visitor: Visit, site: str, language: str) -> None:
    shop = make_shop()
    order = shop.submit()
    page = visitor(shop.people[Post.BUYER_CLERK], tenant=shop.tenant)
    page.goto(address(site, "/orders/", shop.tenant))
    choose(page, language, "usual")
    assert page.url.endswith("/orders/"), "back where one was"
    lang, direction = LANGUAGES[language]
    assert page.get_attribute("html", "lang") == lang
    assert page.get_attribute("html", "dir") == direction
    for path, name in (("/orders/", "orders"), (f"/orders/{order.pk}/", "order"), ("/products/", "shelf")):
        page.goto(address(site, path, shop.tenant))
        in_order(page, f"{language}-{name}")
    page.goto(address(site, "/display/", shop.tenant))
    in_order(page, f"{language}-display")


def test_the_elders_version_is_larger_everywhere_and_stays(visitor: Visit, site: str) -> None:
    shop = make_shop()
    order = shop.submit()
    page = visitor(shop.people[Post.BUYER_CLERK], tenant=shop.tenant)
    page.goto(address(site, f"/orders/{order.pk}/", shop.tenant))
    before = page.evaluate("parseFloat(getComputedStyle(document.querySelector('main p, main dd')).fontSize)")
    choose(page, "zh-hans", "large")
    after = page.evaluate("parseFloat(getComputedStyle(document.querySelector('main p, main dd')).fontSize)")
    assert after / before > 1.2
    small = page.evaluate(
        "[...document.querySelectorAll('main .btn, header .btn')].filter(b => b.offsetParent)"
        ".filter(b => b.getBoundingClientRect().height < 44).map(b => b.textContent.trim())"
    )
    assert small == [], "targets of at least 44 px"
    in_order(page, "elder-order")
    page.goto(address(site, "/products/", shop.tenant))
    assert "yz-elder" in (page.get_attribute("html", "class") or "")
    in_order(page, "elder-shelf")

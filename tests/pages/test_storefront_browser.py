"""The mall in a real browser: clicks, facets with and without script, axe and Latin text at two widths."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from kernel.clock import utc_now
from kernel.posts import Post
from shared_apps.classification.demo import load as load_catalogue
from shared_apps.products.demo_loader import load as load_products
from shared_apps.suppliers.demo_loader import load as load_suppliers
from tenants.database.context import region_as
from tests.factories.cast import Cast, build_cast
from tests.factories.goods import make_shelf
from tests.pages.conftest import NARROW, WIDE, Visit, address, axe_findings
from webkit.latin import latin_words

TENANT = "990001"


@pytest.fixture
def mall() -> Cast:
    now = utc_now()
    with region_as("yz_region"):
        load_catalogue(now)
        load_suppliers(now)
        load_products(now)
    make_shelf(TENANT)
    return build_cast(TENANT)


def test_a_known_product_is_at_the_checkout_after_five_clicks(mall: Cast, visitor: Visit) -> None:
    page = visitor(mall.people[Post.BUYER_CLERK], tenant=TENANT)
    page.fill("input[name=q]", "天峰 A4 复印纸 80克")
    page.keyboard.press("Enter")  # 1
    page.click(".sf-card-title a")  # 2
    page.click("table .btn-primary >> nth=0")  # 3
    expect(page.locator(".yz-nav-badge")).to_have_text("1")
    page.click("a.btn-primary[href='/cart/']")  # 4
    page.click("a.btn-primary.btn-lg")  # 5
    assert "/checkout/" in page.url


def test_facets_change_the_address_and_the_back_button_undoes_them(mall: Cast, visitor: Visit, site: str) -> None:
    page = visitor(None, tenant=TENANT)
    page.goto(address(site, "/products/?q=复印纸", TENANT))
    before = page.inner_text(".sf-count")
    page.click(".yz-facet a:has-text('天峰')")
    expect(page.locator(".sf-chip")).to_have_count(1)
    assert "brand=" in page.url
    assert page.inner_text(".sf-count") != before
    page.go_back()
    expect(page.locator(".sf-count")).to_have_text(before)


def test_everything_works_without_script(mall: Cast, browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address(site, "/products/?q=复印纸", TENANT))
    page.click(".yz-facet a:has-text('天峰')")
    page.check(".sf-compare input >> nth=0")
    page.check(".sf-compare input >> nth=1")
    page.click("button[form=compare] >> nth=0")
    assert page.locator(".sf-comparison thead th").count() == 2
    context.close()


PAGES = (
    "/",
    "/products/?q=复印纸",
    "/products/?category=C-08&sort=price",
    "/products/?q=没有的东西",
    "/products/?q=fyz",
    "/products/?q=复印只",
    "/products/P01002/",
    "/compare/?code=P01001&code=P01002",
    "/compare/",
    "/cart/",
)


def _look(page: Page, path: str) -> list[str]:
    found = [f"{path}: {finding}" for finding in axe_findings(page)]
    found += [f"{path}: Latin {word}" for word in latin_words(page.content())]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        found.append(f"{path}: scrolls sideways")
    return found


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_no_finding_on_any_page(mall: Cast, visitor: Visit, site: str, size: tuple[int, int]) -> None:
    found: list[str] = []
    page = visitor(mall.people[Post.BUYER_CLERK], tenant=TENANT, size=size)
    page.goto(address(site, "/products/P01002/", TENANT))
    page.click("table .btn-primary >> nth=0")
    page.fill("table input[name=quantity] >> nth=0", "0")
    page.click("table .btn-primary >> nth=0")
    expect(page.locator("#problem-alert")).to_be_visible()
    found += _look(page, "refused quantity")
    for path in PAGES:
        page.goto(address(site, path, TENANT))
        found += _look(page, path)
    bureau = visitor(mall.people[Post.TIER_SUPERVISOR], tenant=TENANT, size=size)
    for path in ("/bureau/shelf/", "/bureau/shelf/approvals/", "/bureau/shelf/approvals/?q=没有&approved=true"):
        bureau.goto(address(site, path, TENANT))
        found += _look(bureau, path)
    region = visitor(None, size=size)
    for path in ("/library/products/", "/library/suppliers/", "/library/suppliers/?q=无"):
        region.goto(address(site, path))
        found += _look(region, path)
    assert found == []

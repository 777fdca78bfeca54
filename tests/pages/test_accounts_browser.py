"""Signing in and the people page in a real browser: the way from a mall and back, axe and width."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from kernel.posts import Post
from shared_apps.accounts.rules import OrganisationKind
from tenant_apps.access.models import PostHolding
from tenants.database.context import tenant_selected
from tests.factories.people import PASSWORD, join, make_organisation, make_user
from tests.factories.units import make_bureau_person, make_holder, make_unit
from tests.pages.conftest import Visit, address, axe_findings

A = "990001"
PHONE = (360, 780)


def _sound(page: Page) -> None:
    assert axe_findings(page) == [], page.url
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide"


def test_from_a_malls_page_to_signing_in_and_back(visitor: Visit, site: str) -> None:
    user = make_bureau_person(A)
    make_unit(A)
    page = visitor(None, tenant=A, size=PHONE)
    page.goto(address(site, "/bureau/people/", A))
    assert page.url.startswith(address(site, "/sign-in/"))
    _sound(page)
    page.fill("input[name=username]", user.username)
    page.fill("input[name=password]", "wrong")
    page.click("main button[type=submit]")
    page.wait_for_selector("#problem-alert")
    _sound(page)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(address(site, "/bureau/people/", A))
    assert page.evaluate("document.cookie") == ""
    page.goto(address(site, "/account/"))
    _sound(page)


@pytest.mark.parametrize("size", [PHONE, (1366, 900)])
def test_pages_of_people_are_sound(visitor: Visit, site: str, size: tuple[int, int]) -> None:
    unit = make_unit(A)
    make_unit(A, "001002", "卫生健康委员会")
    clerk = make_holder(unit, Post.BUYER_CLERK, Post.BUYER_PAYER, name="景经办")
    make_holder(unit, Post.UNIT_ADMINISTRATOR, name="单管理")
    with tenant_selected(A):
        holding = PostHolding.objects.filter(user_id=clerk.pk).latest("id").pk
    page = visitor(make_bureau_person(A), tenant=A, size=size)
    for path in (
        "/bureau/people/",
        f"/bureau/people/invite/?unit_id={unit.id}",
        f"/bureau/people/{holding}/hand-over/",
        "/bureau/people/pairs/",
        "/enter/?ticket=nothing",
    ):
        page.goto(address(site, path, A))
        _sound(page)


@pytest.mark.parametrize("size", [PHONE, (1366, 900)])
def test_pages_of_an_organisation_are_sound(visitor: Visit, site: str, size: tuple[int, int]) -> None:
    boss, firm = make_user(name="老板"), make_organisation(OrganisationKind.SUPPLIER, "91650102DEM000014J", "昆仑公司")
    join(boss, firm, [Post.SUPPLIER_ADMIN])
    join(make_user(name="小李"), firm, [Post.SUPPLIER_SALES])
    page = visitor(boss, size=size)
    for path in (
        "/account/",
        "/account/organisations/",
        f"/account/organisations/{firm.pk}/",
        "/account/password/",
        f"/malls/{A}/enter/",
        "/password-reset/",
        "/invitations/nothing/",
    ):
        page.goto(address(site, path))
        _sound(page)
    page.goto(address(site, f"/account/organisations/{firm.pk}/"))
    page.fill("input[name=name]", "小王")
    page.fill("input[name=email]", "w@example.cn")
    page.click("form:has(input[name=email]) button[type=submit]")
    page.wait_for_selector("text=w@example.cn")
    _sound(page)


def test_a_folded_menu_by_keyboard_and_on_a_telephone(visitor: Visit, site: str) -> None:
    """Fifteen entries for a tier's supervisor: one line wide, and no entry farther than one key press."""
    page = visitor(make_bureau_person(A))
    page.goto(address(site, "/fees/"))
    assert page.evaluate("document.querySelector('.yz-nav').offsetHeight") < 60
    assert page.locator(".yz-nav [aria-current]").count() == 1
    group = page.locator(".yz-nav-group", has=page.locator("[aria-current]"))
    assert "is-current" in (group.locator("summary").get_attribute("class") or "")
    group.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(group.locator("[aria-current]")).to_be_visible()
    _sound(page)
    page.keyboard.press("Escape")
    expect(group.locator("[aria-current]")).to_be_hidden()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.click("[data-toggle-nav]")
    group.locator("summary").click()
    expect(group.locator("[aria-current]")).to_be_visible()
    _sound(page)

"""What the walks through a browser share: pressing, and looking whether the page is as it should be."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from playwright.sync_api import Page, expect

from kernel.clock import utc_now
from kernel.posts import Post
from tenant_apps.budgets.selectors import statement
from tenant_apps.journal.models import JournalEntry
from tenants.database.context import region_as, tenant_selected
from tenants.registry.models import Tenant
from tests.factories.orders import Shop
from tests.pages.conftest import NARROW, ROOT, WIDE, Visit, address, axe_findings, process_environment

# Where the walks keep their pictures; empty: they make none.
PICTURES = os.environ.get("YZ_WALK_PICTURES", "")


def press(page: Page, name: str) -> None:
    """Presses the button or link of that name and answers the page's question, where it asks one."""
    page.locator("main >> css=button:visible, a.btn:visible", has_text=name).first.click()
    dialog = page.locator("dialog[open]")
    if dialog.count():
        dialog.locator("button").last.click()
    page.wait_for_load_state()


def forward(page: Page, name: str) -> None:
    """Presses it and waits for the page it leads to, however slow the machine is."""
    with page.expect_navigation():
        press(page, name)


def by_menu(page: Page, path: str) -> None:
    """Follows the menu's link, opening the heading it is folded under."""
    link = page.locator(f"nav a[href='{path}']").first
    if not link.is_visible():
        page.locator("nav details", has=page.locator(f"a[href='{path}']")).locator("summary").click()
    link.click()
    page.wait_for_load_state()


def sound(page: Page) -> None:
    """No finding of axe, nothing wider than the screen."""
    assert axe_findings(page) == [], (page.url, page.viewport_size)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url


def in_order(page: Page, name: str = "") -> None:
    """Sound at both widths; with a name also a picture of each, where they are kept."""
    for size in (NARROW, WIDE):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        sound(page)
        if name and PICTURES:
            page.screenshot(path=str(Path(PICTURES) / f"{name}-{size[0]}.png"), full_page=True)


@contextmanager
def running(*commands: list[str]) -> Iterator[None]:
    """Python processes beside the web, of the same database and broker."""
    environment = process_environment()
    started = [subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment) for command in commands]
    try:
        yield
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(20)


def live(shop: Shop) -> Shop:
    """The shop's mall has gone live: a supplier finds no other on the region's portal."""
    with region_as("yz_region"):
        Tenant.objects.filter(code=shop.tenant).update(state="live", live_at=utc_now())
    return shop


@dataclass
class Party:
    """The people of one purchase, each with a browser of their own, and the money and the journal behind the pages."""

    shop: Shop
    visitor: Visit
    site: str
    pages: dict[Post, Page] = field(default_factory=dict)

    def at(self, post: Post, path: str = "") -> Page:
        """The page of the person in that post, on `path` of the mall if one is named."""
        if post not in self.pages:
            self.pages[post] = self.visitor(self.shop.people[post], tenant=self.shop.tenant)
        if path:
            self.pages[post].goto(address(self.site, path, self.shop.tenant))
        return self.pages[post]

    def into_cart(self, quantity: int) -> Page:
        """The clerk adds the shop's product on its page and opens the cart."""
        clerk = self.at(Post.BUYER_CLERK, f"/products/{self.shop.offer.product.code}/")
        clerk.fill("input[name=quantity]", str(quantity))
        forward(clerk, "加入")
        clerk.goto(address(self.site, "/cart/", self.shop.tenant))
        return clerk

    def fill_checkout(self) -> Page:
        """Where to deliver to; what is paid from is filled in already."""
        clerk = self.at(Post.BUYER_CLERK)
        clerk.fill("input[name=delivery_address]", "测试县文化路1号")
        clerk.fill("input[name=contact_name]", "王老师")
        clerk.fill("input[name=contact_phone]", "13900000000")
        return clerk

    def submit(self) -> int:
        """From the checkout to the new order's page; the order's id."""
        clerk = self.fill_checkout()
        forward(clerk, "提交审批")
        return int(clerk.url.rstrip("/").rpartition("/")[2])

    def approve(self, order_id: int) -> None:
        approver = self.at(Post.BUYER_APPROVER, "/approvals/")
        approver.locator(f"form[action='/orders/{order_id}/approve/'] button").click()
        approver.locator("dialog[open] button").last.click()
        expect(approver.locator("body")).to_contain_text("已同意订单")

    def money(self, *, frozen: str, spent: str = "0.00") -> None:
        """The line's statement shows this, its entries add up to it, and the ledger's row holds it."""
        line = self.shop.line
        page = self.at(Post.BUYER_CLERK, f"/budgets/{line.pk}/")
        cards = page.locator("main .row").first
        for amount in (frozen, spent, str(line.total - Decimal(frozen) - Decimal(spent))):
            expect(cards).to_contain_text(f"¥{Decimal(amount):,.2f}")
        with tenant_selected(self.shop.tenant):
            found = statement(actor=self.shop.clerk, line_id=line.pk)
        assert found.adds_up
        assert (found.line.frozen, found.line.spent) == (Decimal(frozen), Decimal(spent))

    def events(self, object_type: str, object_id: int) -> list[str]:
        """What the journal tells of the object, in order."""
        with tenant_selected(self.shop.tenant):
            rows = JournalEntry.objects.filter(object_type=object_type, object_id=str(object_id)).order_by("id")
            return list(rows.values_list("event", flat=True))

    def state(self, post: Post, order_id: int, words: str) -> Page:
        """The order's page as that person sees it says so."""
        page = self.at(post, f"/orders/{order_id}/")
        expect(page.locator("h1 .yz-state")).to_have_text(words)
        return page

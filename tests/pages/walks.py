"""What the walks through a browser share: pressing, and looking whether the page is as it should be."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Page

from tests.pages.conftest import NARROW, WIDE, axe_findings

# Where the walks keep their pictures; empty: they make none.
PICTURES = os.environ.get("YZ_WALK_PICTURES", "")


def press(page: Page, name: str) -> None:
    """Presses the button or link of that name and answers the page's question, where it asks one."""
    page.locator("main >> css=button:visible, a.btn:visible", has_text=name).first.click()
    dialog = page.locator("dialog[open]")
    if dialog.count():
        dialog.locator("button").last.click()
    page.wait_for_load_state()


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

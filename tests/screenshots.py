"""Pictures of the key pages for the documentation: `python -m tests.screenshots PORT`.

Needs a running demonstration (`bin/up --port PORT`). Nothing is ordered: the clerk's cart is emptied again, and the
package of the takeover is broken off. A page with a character no font can draw is an error.

The help centre's pictures are made of the same ones; `python -m tests.screenshots help` makes them anew of those that
are there, without a demonstration.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from config.help.roles import picture_names
from tests.pages.glyphs import missing_glyphs
from tests.palette import as_webp, shrink

FOLDER = Path(__file__).parents[1] / "docs" / "screenshots"
HELP_FOLDER = Path(__file__).parents[1] / "config" / "static" / "help"
EXAMPLE = FOLDER.parent / "how-to" / "take-over-example.xlsx"
PASSWORD = "Yizhang-2026!demo"  # what bin/up prints
MALL = "652301"
NEW_MALL = "653101"
SIZES = ((1366, 900), (390, 844))
TALLEST = {1366: 2000, 390: 3200}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--force-device-scale-factor=1"]


@dataclass(frozen=True)
class Shot:
    """One picture: where, as whom, and what is pressed before."""

    name: str
    user: str
    tenant: str
    path: str
    act: Callable[[Page], None] | None = None


def follow(selector: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.locator(selector).first.click()
        page.wait_for_load_state("networkidle")

    return act


def order_in(state: str) -> Callable[[Page], None]:
    """Opens the first order of the list whose badge says so."""

    def act(page: Page) -> None:
        row = page.locator("tr", has=page.locator(".yz-state", has_text=state)).first
        row.locator("a").first.click()
        page.wait_for_load_state("networkidle")

    return act


def late_interest(page: Page) -> None:
    """From an order that was paid late to what its lateness costs."""
    order = page.locator("main tbody a[href^='/orders/']").first.get_attribute("href")
    page.goto(f"{page.url.split('/payments/')[0]}{order}late-interest/")
    page.wait_for_load_state("networkidle")


def reconciled(page: Page) -> None:
    """The first unit's quotas beside the budget system's."""
    page.locator("main select[name=unit_id]").select_option(index=1)
    follow("main form button.btn-primary")(page)


def address_given(page: Page) -> None:
    page.fill("input[name=delivery_address]", "昌吉市演示路100号")
    page.fill("input[name=contact_name]", "景经办")
    page.fill("input[name=contact_phone]", "0994-0000000")


def to_checkout(page: Page) -> None:
    follow("main a[href^='/checkout/']")(page)
    address_given(page)


def too_dear(page: Page) -> None:
    """A purchase over the limit: refused with rule, article and the way to go; nothing is stored but the decision."""
    page.locator("main input[name=quantity]").first.fill("99999")
    page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")
    to_checkout(page)
    total = "".join(
        sign for sign in page.locator("main .card-footer strong").first.inner_text() if sign in "0123456789."
    )
    page.locator("input[name^=amount_]").first.fill(total)
    page.locator("main button[type=submit].btn-primary, main button.btn-success").last.click()
    page.wait_for_load_state("networkidle")
    if page.locator("dialog[open]").count():
        page.locator("dialog[open] button.btn-primary").click()
        page.wait_for_load_state("networkidle")


def example_sent(page: Page) -> None:
    """The manual's package in a mall that lacks nearly all of what it names: read, with what is wrong and missing."""
    page.set_input_files("main input[type=file]", EXAMPLE)
    follow("main form[enctype] button[type=submit]")(page)


SHOTS = (
    Shot("portal", "", "", "/"),
    Shot("sign-in", "", "", "/sign-in/"),
    Shot("portal-signed-in", "gys-kunlun", "", "/"),
    Shot("inbox", "gys-kunlun", "", "/inbox/"),
    Shot("messages", "gys-kunlun", "", "/messages/"),
    Shot("message-settings", "gys-kunlun", "", "/messages/settings/"),
    Shot("messages-sent-out", "pingtai", "", "/console/messages/"),
    Shot("account", "gys-kunlun", "", "/account/"),
    Shot("region-console", "quting", "", "/console/malls/"),
    Shot("region-tiles", "quting", "", "/console/tiles/"),
    Shot("region-mall", "quting", "", f"/console/malls/{MALL}/"),
    Shot("region-security-log", "pingtai", "", "/console/security/"),
    Shot("region-visits", "quting", "", "/account/visits/"),
    Shot("region-job", "quting", "", "/console/jobs/new/?prefecture=653100"),
    Shot("rules", "quting", "", "/console/rules/"),
    Shot("suppliers", "", "", "/library/suppliers/"),
    Shot("supplier-register", "", "", "/library/register/"),
    Shot("supplier-own", "gys-kunlun", "", "/supplier/"),
    Shot("supplier-review", "cj-caizheng", "", "/library/review/suppliers/", follow("main tbody a")),
    Shot("suppliers-related", "quting", "", "/library/suppliers/related/"),
    Shot("supplier-record", "quting", "", "/library/suppliers/related/", follow("main tbody a")),
    Shot("supplier-terms", "quting", "", "/library/suppliers/terms/"),
    Shot("shelf-bound", "quting", "", "/library/shelf-bound/"),
    Shot("imports", "gys-kunlun", "", "/exchange/"),
    Shot("import-table", "gys-kunlun", "", "/exchange/tables/offers/"),
    Shot("programs", "gys-kunlun", "", "/supplier/programs/"),
    Shot("sanctions", "", "", "/sanctions/"),
    Shot("sanction", "", "", "/sanctions/", follow("main tbody a")),
    Shot("sanctions-kept", "cj-caizheng", "", "/sanctions/kept/"),
    Shot("own-score", "gys-kunlun", "", "/supplier/score/"),
    Shot("supplier-work", "gys-kunlun", "", "/supplier/work/?tab=to_ship"),
    Shot("scores", "quting", "", "/scores/"),
    Shot("own-offers", "gys-kunlun", "", "/supplier/offers/"),
    Shot("own-offer", "gys-kunlun", "", "/supplier/offers/", follow("main tbody a")),
    Shot("new-offer", "gys-kunlun", "", "/supplier/offers/new/?q=复印纸"),
    Shot("offer-reviews", "quting", "", "/library/review/offers/"),
    Shot("offer-figures", "quting", "", "/library/review/offers/settings/"),
    Shot("new-patrol", "quting", "", "/library/review/patrols/new/"),
    Shot("agencies", "", "", "/agencies/"),
    Shot("agency", "", "", "/agencies/", follow("main tbody a")),
    Shot("agency-own", "dl-jingli", "", "/agency/"),
    Shot("agency-desk", "quting", "", "/library/review/agencies/"),
    Shot("agency-agreement", "cj-caizheng", "", "/agency-agreements/", follow("main tbody a")),
    Shot("agency-checks", "quting", "", "/agency-checks/"),
    Shot("practice", "cj-caizheng", "", "/practice/"),
    Shot("practice-people", "cj-caizheng", "", "/practice/people/"),
    Shot("fees", "cj-caizheng", "", "/fees/"),
    Shot("fee-subscription", "cj-caizheng", "", "/fees/", follow("main a[href*='/subscription/']")),
    Shot("fees-region", "quting", "", "/fees/"),
    Shot("fee-tariff", "quting", "", "/fees/tariffs/1/"),
    Shot("fee-tariff-new", "quting", "", "/fees/tariffs/new/?copy=1"),
    Shot("fee-tariff-compare", "quting", "", "/fees/tariffs/compare/"),
    Shot("fee-statement", "cj-caizheng", "", "/fees/", follow("main a[href^='/fees/statements/']")),
    Shot("bureau-checklist", "ks-caizheng", NEW_MALL, "/bureau/"),
    Shot("bureau", "cj-caizheng", MALL, "/bureau/"),
    Shot("bureau-people", "cj-caizheng", MALL, "/bureau/people/"),
    Shot("takeover", "cj-caizheng", MALL, "/takeover/"),
    Shot("takeover-package", "cj-caizheng", MALL, "/takeover/", example_sent),
    Shot("takeover-codes", "cj-caizheng", MALL, "/takeover/codes/"),
    Shot("contracts", "cj-jingban", MALL, "/contracts/"),
    Shot("contract", "cj-shenpi", MALL, "/contracts/", follow("main tbody a")),
    Shot("contracts-filed", "cj-caizheng", MALL, "/bureau/contracts/"),
    Shot("invoices", "cj-zhifu", MALL, "/invoices/"),
    Shot("disputes", "cj-jicai", MALL, "/disputes/"),
    Shot("dispute", "cj-jicai", MALL, "/disputes/", follow("main tbody a")),
    Shot("contracts-published", "", MALL, "/notices/contracts/"),
    Shot("mall-front", "cj-jingban", MALL, "/"),
    Shot("products", "cj-jingban", MALL, "/products/?q=复印纸"),
    Shot("product", "cj-jingban", MALL, "/products/P01007/"),
    Shot("compare", "cj-jingban", MALL, "/compare/?code=P01007&code=P01003"),
    Shot("cart", "cj-jingban", MALL, "/cart/"),
    Shot("bargain-new", "cj-jingban", MALL, "/cart/", follow("main a[href^='/bargains/new/']")),
    Shot("bargains", "cj-jingban", MALL, "/bargains/"),
    Shot("bargain", "cj-jingban", MALL, "/bargains/", follow("main tbody a")),
    Shot("addresses", "cj-jingban", MALL, "/addresses/"),
    Shot("favourites", "cj-jingban", MALL, "/favourites/"),
    Shot("checkout", "cj-jingban", MALL, "/cart/", to_checkout),
    Shot("refusal", "cj-jingban", MALL, "/cart/", too_dear),
    Shot("orders", "cj-jingban", MALL, "/orders/"),
    Shot("order", "cj-jingban", MALL, "/orders/", order_in("已办结")),
    Shot("budgets", "cj-jingban", MALL, "/budgets/"),
    Shot("procurement-plans", "cj-caizheng", MALL, "/budgets/plans/"),
    Shot("fiscal-years", "cj-caizheng", MALL, "/budgets/years/"),
    Shot("fiscal-year", "cj-caizheng", MALL, "/budgets/years/", follow("main tbody a")),
    Shot("budget-system", "cj-caizheng", MALL, "/bureau/budget-system/"),
    Shot("budget-reconciliation", "cj-caizheng", MALL, "/bureau/budget-system/quotas/", reconciled),
    Shot("approvals", "cj-shenpi", MALL, "/approvals/"),
    Shot("supplier-orders", "gys-kunlun-xs", MALL, "/supplier/orders/"),
    Shot("acceptance", "cj-yanshou", MALL, "/acceptance/"),
    Shot("payments", "cj-zhifu", MALL, "/payments/"),
    Shot("payments-due", "cj-caizheng", MALL, "/payments/due/?tab=in_time"),
    Shot("payments-overdue", "cj-zhifu", MALL, "/payments/due/?tab=overdue"),
    Shot("payments-year-end", "cj-caizheng", MALL, "/payments/due/?tab=year_end"),
    Shot("late-interest", "cj-zhifu", MALL, "/payments/due/?tab=late", late_interest),
    Shot("evaluations", "cj-caizheng", MALL, "/evaluations/"),
    Shot("evaluation-indicators", "cj-caizheng", MALL, "/evaluations/indicators/"),
    Shot("problem", "cj-jingban", MALL, "/bureau/"),
)


class Tour:
    """One browser, one signed-in person at a time."""

    def __init__(self, browser: Browser, port: int) -> None:
        self.browser, self.port = browser, port
        self.blank = browser.new_page()
        self.page: Page | None = None
        self.who = ("?", "?")

    def address(self, tenant: str, path: str) -> str:
        return f"http://{f'{tenant}.' if tenant else ''}localhost:{self.port}{path}"

    def become(self, user: str, tenant: str) -> Page:
        if self.page is not None and self.who == (user, tenant):
            return self.page
        if self.page is not None:
            self.page.context.close()
        self.who = (user, tenant)
        self.page = page = self.browser.new_context(locale="zh-CN", reduced_motion="reduce").new_page()
        if user:
            page.goto(self.address("", "/sign-in/"))
            page.fill("input[name=username]", user)
            page.fill("input[name=password]", PASSWORD)
            page.click("main button[type=submit]")
            page.wait_for_load_state()
        if user and tenant:
            page.goto(self.address("", "/"))
            page.click(f"form[action='/malls/{tenant}/enter/'] button")
            page.wait_for_url(f"**//{tenant}.localhost**")
        return page

    def take(self, shot: Shot) -> list[str]:
        page = self.become(shot.user, shot.tenant)
        page.set_viewport_size({"width": SIZES[0][0], "height": SIZES[0][1]})
        page.goto(self.address(shot.tenant, shot.path), wait_until="networkidle")
        if shot.act:
            shot.act(page)
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate("() => { document.activeElement?.blur(); window.scrollTo(0, 0); }")
            tall = min(int(page.evaluate("document.documentElement.scrollHeight")), TALLEST[width])
            page.set_viewport_size({"width": width, "height": max(tall, height)})
            picture = page.screenshot(animations="disabled")
            (FOLDER / f"{shot.name}-{width}.png").write_bytes(shrink(self.blank, picture))
        return [f"{shot.name}: no glyph for {sign}" for sign in missing_glyphs(page)]

    def fill_cart(self) -> None:
        self.empty_cart()
        page = self.become("cj-jingban", MALL)
        for code in ("P01007", "P02002"):
            page.goto(self.address(MALL, f"/products/{code}/"))
            page.fill("input[name=quantity] >> nth=0", "10")
            page.locator("main form button", has_text="加入").first.click()
            page.wait_for_load_state("networkidle")

    def empty_cart(self) -> None:
        page = self.become("cj-jingban", MALL)
        page.goto(self.address(MALL, "/cart/"))
        while page.locator("form[action='/cart/remove/'] button").count():
            page.locator("form[action='/cart/remove/'] button").first.click()
            page.wait_for_load_state("networkidle")

    def break_off(self) -> None:
        """The package that `example_sent` has sent, the newest."""
        page = self.become("cj-caizheng", MALL)
        page.goto(self.address(MALL, "/takeover/"))
        follow("main tbody a")(page)
        follow("form[action$='/cancel/'] button")(page)
        follow("dialog[open] button.btn-danger")(page)


def make_help_pictures(blank: Page, only: list[str]) -> None:
    """Half the size of those of the documentation, and their upper part: what the steps beside them speak of."""
    for name in picture_names():
        if not only or name in only:
            picture = (FOLDER / f"{name}-{SIZES[0][0]}.png").read_bytes()
            (HELP_FOLDER / f"{name}.webp").write_bytes(as_webp(blank, picture, width=956, height_max=900))


def main(where: str, only: list[str]) -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    missing: list[str] = []
    path = os.environ.get("YZ_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        if where == "help":
            make_help_pictures(browser.new_page(), only)
            browser.close()
            return 0
        tour = Tour(browser, int(where))
        wanted = [shot for shot in SHOTS if not only or shot.name in only]
        if any(shot.path == "/cart/" for shot in wanted):
            tour.fill_cart()
        for shot in wanted:
            missing += tour.take(shot)
            print(shot.name, flush=True)
        if any(shot.path == "/cart/" for shot in wanted):
            tour.empty_cart()
        if any(shot.act is example_sent for shot in wanted):
            tour.break_off()
        make_help_pictures(tour.blank, [shot.name for shot in wanted])
        browser.close()
    print("\n".join(missing) or f"{len(wanted)} pages at {len(SIZES)} widths in {FOLDER}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))

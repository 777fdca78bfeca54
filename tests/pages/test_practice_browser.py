"""Practice and the import of units in a real browser: open, watch, enter, practise; axe at both widths, in Chinese."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kernel.clock import utc_now
from shared_apps.accounts.models import User
from shared_apps.accounts.rules import OrganisationKind
from shared_apps.training.services import making
from tenants.database.context import region_as
from tests.factories.people import make_organisation
from tests.factories.training import record_practice
from tests.factories.units import make_bureau_person
from tests.factories.workbooks import bad_cells, workbook
from tests.pages import walks
from tests.pages.conftest import Visit, address, enter
from tests.pages.test_practice_pages import trainee  # noqa: F401  # a fixture
from webkit.latin import latin_words

A, HOST = "990001", "990001-practice"


def in_order(page: Page, name: str) -> None:
    walks.in_order(page, f"practice-{name}")
    assert latin_words(page.content()) == [], page.url


@pytest.fixture
def bureau(room: None) -> User:
    return make_bureau_person(A)


def test_open_watch_enter_practise(visitor: Visit, site: str, trainee: User, bureau: User) -> None:  # noqa: F811
    record_practice(A, user_id=trainee.pk)
    page = visitor(bureau)
    page.goto(address(site, "/practice/"))
    in_order(page, "mall-closed")
    page.click(f"form[action='/practice/malls/{A}/open/'] button")
    expect(page.locator(f"#mall-{A}")).to_contain_text("等待后台处理")
    in_order(page, "mall-making")
    with region_as("yz_region"):
        making.work_off(clock=utc_now)
    expect(page.locator(f"#mall-{A}")).to_contain_text("可以演练")  # without loading the page again
    in_order(page, "mall-ready")
    page.goto(address(site, "/practice/people/"))
    in_order(page, "people")

    person = visitor(trainee)
    person.goto(address(site, "/"))
    in_order(person, "portal")
    person.goto(address(site, "/practice/exercises/"))
    in_order(person, "exercises")
    person.click("form[action$='_practice/enter/'] button")
    person.wait_for_url(f"**//{HOST}.localhost**/practice/")
    expect(person.locator(".yz-practice-mark")).to_be_visible()
    in_order(person, "board")
    person.locator("form", has=person.locator("input[value=approve]")).locator("button").click()
    person.wait_for_url("**/orders/**")
    in_order(person, "order")
    person.emulate_media(media="print")
    expect(person.locator(".yz-practice-mark")).to_be_visible()
    if walks.PICTURES:
        person.screenshot(path=Path(walks.PICTURES) / "practice-order-print.png")
    person.emulate_media(media="screen")
    person.goto(address(site, "/practice/", HOST))
    in_order(person, "board-waiting")


def test_units_by_excel(visitor: Visit, site: str, bureau: User) -> None:
    for code in ("001", "002"):
        make_organisation(OrganisationKind.BUDGET_UNIT, code, f"机构{code}", A)
    page = visitor(bureau)
    enter(page, site, A)
    page.goto(address(site, "/bureau/units/", A))
    in_order(page, "units-none")
    page.goto(address(site, "/bureau/units/import/", A))
    in_order(page, "import-empty")

    def send(content: bytes) -> None:
        page.set_input_files("input[type=file]", {"name": "units.xlsx", "mimeType": "", "buffer": content})
        page.locator("form[enctype]", has=page.locator("input[type=file]")).locator("button[type=submit]").click()
        page.wait_for_load_state()

    send(workbook([row for row, _column in list(bad_cells().values())[:9]]))
    expect(page.locator("main")).to_contain_text("未保存任何内容")
    in_order(page, "import-wrong")
    send(b"PK\x03\x04 broken")
    expect(page.locator("body")).to_contain_text("文件已损坏")
    in_order(page, "import-refused")
    send(workbook([("001", "第一中学", None), ("002", "第二中学", None)]))
    expect(page.locator("main")).to_contain_text("新增 2 个")
    in_order(page, "import-preview")
    page.click("form[action$='/confirm/'] button")
    page.wait_for_url("**/bureau/units/")
    expect(page.locator("main")).to_contain_text("第二中学")
    in_order(page, "units")

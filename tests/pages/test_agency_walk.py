"""An agency from its registration to a ban, in a real browser: visitor, manager, region's desk, bureau, the public."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kernel.clock import local_date, utc_now
from shared_apps.accounts.models import User
from shared_apps.agencies.models import Agency
from shared_apps.rulebook.services import load_shipped
from shared_apps.sanctions.rules import years_later
from tenants.database.context import region_as
from tests.factories import agencies as made
from tests.factories import files
from tests.factories.people import PASSWORD, letters
from tests.factories.sanctions import PDF
from tests.pages.conftest import Visit, address
from tests.pages.walks import in_order, press

NAME = "测试·天山招标代理有限公司"
CODE = made.code(4321)


@pytest.fixture
def desk(room: None) -> Iterator[User]:
    """The region's supervisor; a second one stands beside, because a ban takes two."""
    with region_as("yz_region"):
        load_shipped(now=utc_now())
        yield made.region_supervisor()


def test_from_registration_to_a_ban(visitor: Visit, site: str, desk: User, tmp_path: Path) -> None:
    public = visitor(None)
    register(public, site)
    manager = visitor(None)
    accept_the_letter(manager, site)
    fill_in(manager, site, tmp_path)
    staff = visitor(desk)
    agency = send_back(staff, site)
    correct(manager, site)
    publish(staff, site, agency)
    report_a_change(manager, site)
    check(staff, manager, site, agency)
    ban(staff, visitor(made.region_supervisor()), site, tmp_path)
    public.goto(address(site, f"/agencies/{agency.pk}/"))
    main = public.locator("main")
    for shown in ("该机构被禁止参与政府采购代理业务", "新法人", "逾期", "未发现问题", "测财采罚〔2026〕88号"):
        expect(main).to_contain_text(shown)
    in_order(public, "agency-10-public")
    public.goto(address(site, "/agencies/?q=" + CODE))
    expect(public.locator("main tbody")).to_contain_text("禁止代理业务")
    in_order(public, "agency-11-list")


def register(page: Page, site: str) -> None:
    page.goto(address(site, "/agencies/"))
    press(page, "代理机构登记")
    in_order(page, "agency-1-register")
    for name, value in {
        "uscc": CODE, "name": NAME, "contact_name": "阿依努尔", "contact_email": "agency@example.com",
    }.items():  # fmt: skip
        page.fill(f"input[name={name}]", value)
    press(page, "发送邮件")
    page.wait_for_url("**/agencies/")
    expect(page.locator("main")).to_contain_text("邮件已发往联系人邮箱")


def accept_the_letter(page: Page, site: str) -> None:
    """What the site has recorded, sent by this process in the worker's stead."""
    (letter,) = letters()
    path = re.search(r"/invitations/[^/\s]+/", str(letter.body))
    assert path is not None
    page.goto(address(site, path.group()))
    page.fill("input[name=username]", "ayinuer")
    page.fill("input[name=password]", PASSWORD)
    page.fill("input[name=again]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/account/")


def fill_in(page: Page, site: str, tmp_path: Path) -> None:
    page.goto(address(site, "/agency/"))
    expect(page.locator("main")).to_contain_text("缺项")
    press(page, "填写登记信息")
    content = made.content(name=NAME)
    for name in ("legal_representative", "address", "contact_phone", "office_address", "review_room_address"):
        page.fill(f"input[name={name}]", getattr(content, name))
    page.select_option("select[name=division_code]", "650102")
    for name in ("office_is_independent", "has_review_room", "has_recording"):
        page.check(f"input[name={name}]")
    in_order(page, "agency-2-content")
    press(page, "保存登记信息")
    for name in made.STAFF:
        page.fill("form[action='/agency/staff/'] input[name=name]", name)
        page.fill("input[name=joined_on]", "2025-03-03")
        press(page, "登记人员")
    for kind in ("licence", "office", "review_room"):
        file = tmp_path / f"{kind}.pdf"
        file.write_bytes(files.pdf(kind))
        page.select_option("select[name=kind]", kind)
        page.set_input_files("input[name=file]", file)
        press(page, "上传")
    expect(page.locator("main")).to_contain_text("无缺项")
    in_order(page, "agency-3-own")
    press(page, "提交自治区核对")
    expect(page.locator("h1")).to_contain_text("核对中")


def send_back(page: Page, site: str) -> Agency:
    page.goto(address(site, "/library/review/agencies/"))
    page.click(f"main a:has-text('{NAME}')")
    page.wait_for_load_state()
    in_order(page, "agency-4-desk")
    page.fill("input[name=reason-address]", "与营业执照不一致")
    press(page, "退回补正")
    expect(page.locator("h1")).to_contain_text("退回补正")
    return Agency.objects.get(uscc=CODE)


def correct(page: Page, site: str) -> None:
    page.goto(address(site, "/agency/content/"))
    expect(page.locator("main")).to_contain_text("与营业执照不一致")
    page.fill("input[name=address]", "乌鲁木齐市天山区测试路8号")
    press(page, "保存登记信息")
    press(page, "提交自治区核对")


def publish(page: Page, site: str, agency: Agency) -> None:
    page.goto(address(site, f"/library/review/agencies/{agency.pk}/"))
    expect(page.locator("main")).to_contain_text("名录登记所需信息齐全")
    press(page, "列入名录并公开")
    expect(page.locator("h1")).to_contain_text("已列入名录")


def report_a_change(page: Page, site: str) -> None:
    """It happened two months ago: the change counts, and says that it is late."""
    page.goto(address(site, "/agency/"))
    press(page, "报送变更")
    page.fill("input[name=happened_on]", (local_date(utc_now()) - timedelta(days=60)).isoformat())
    page.fill("input[name=legal_representative]", "新法人")
    in_order(page, "agency-5-change")
    press(page, "报送并公开")
    expect(page.locator("main")).to_contain_text("逾期")
    in_order(page, "agency-6-published")


def check(staff: Page, manager: Page, site: str, agency: Agency) -> None:
    """Chance chooses the only agency there is; the draw can be computed again by anybody."""
    staff.goto(address(site, "/agency-checks/"))
    staff.fill("input[name=title]", "年度监督检查")
    press(staff, "制定计划")
    staff.wait_for_url("**/agency-checks/plans/*/")
    staff.fill("input[name=wanted]", "1")
    press(staff, "抽取")
    staff.wait_for_url("**/agency-checks/draws/*/")
    expect(staff.locator("main")).to_contain_text("抽取结果一致")
    in_order(staff, "agency-7-draw")
    staff.goto(address(site, "/agency-checks/"))
    staff.click("main table a")
    staff.click("main table tbody a")
    staff.wait_for_url("**/agency-checks/*/")
    in_order(staff, "agency-8-check")
    press(staff, "记录检查结果")
    expect(staff.locator("h1")).to_contain_text("未发现问题")
    manager.goto(address(site, "/agency/"))
    expect(manager.locator("section[aria-labelledby=checks]")).to_contain_text("未发现问题")


def ban(first: Page, second: Page, site: str, tmp_path: Path) -> None:
    """One supervisor enters the decision, another puts it in force."""
    today = local_date(utc_now())
    first.goto(address(site, "/sanctions/kept/new/"))
    first.select_option("select[name=party_kind]", "agency")
    first.select_option("select[name=cause]", "gpl72-1")
    for name, value in {
        "party_code": CODE, "party_name": NAME, "decision_number": "测财采罚〔2026〕88号", "decided_by": "测试财政厅",
        "decided_on": today.isoformat(), "starts_on": today.isoformat(),
        "last_on": (years_later(today, 1) - timedelta(days=1)).isoformat(),
    }.items():  # fmt: skip
        first.fill(f"input[name={name}]", value)
    document = tmp_path / "决定书.pdf"
    document.write_bytes(PDF)
    first.set_input_files("main input[type=file]", document)
    first.click("main form button[type=submit]")
    first.wait_for_url(re.compile(r"/sanctions/kept/[0-9]+/$"))
    second.goto(first.url)
    second.click("main form[action$='/put-in-force/'] button")
    dialog = second.locator("dialog[open]")
    if dialog.count():
        dialog.locator("button").last.click()
    second.wait_for_load_state()

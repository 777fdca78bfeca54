"""From an application to a mall that is live, in a real browser, with real web, worker, provisioner, beat and relay.

Nobody has an account at the beginning but the region's own two: the bureau's person comes by the letter that the
provisioner sends, the unit's people by those of the relay. Everything the checklist asks for is done on pages: the
region verifies thresholds, the bureau imports a unit whose organisation nobody has entered yet, invites and appoints
its people, acknowledges, accepts and chooses; the worker makes units and practice mall of it.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kernel.clock import utc_now
from kernel.posts import Post
from shared_apps.accounts.models import User
from shared_apps.classification import demo as classification
from shared_apps.fees import demo as tariff
from shared_apps.onboarding.models import Application, MallProgress
from shared_apps.rulebook.services import load_shipped
from tenants.database.context import region_as
from tenants.registry.models import Tenant
from tests.checksums import schema_checksum
from tests.factories.cast import make_colleague
from tests.factories.goods import make_catalogue, make_offer, make_product, make_supplier, valid_uscc
from tests.factories.onboarding import NEW, new_division
from tests.factories.people import PASSWORD, join, make_organisation, make_user
from tests.factories.practice import practice_malls_gone
from tests.factories.workbooks import HEADER, workbook
from tests.pages.conftest import ROOT, Visit, address, enter, process_environment
from tests.pages.walks import in_order, press

SECONDS = 90
NAME = "测试丙县"
UNIT = ("001", "第一小学", valid_uscc(90_001), "测试丙县第一小学")
# The unit's people: sign-in name, and the posts that the invitation carries.
STAFF = {"职员甲": ("zhiyuanjia", ("buyer_clerk",)), "职员乙": ("zhiyuanyi", ("buyer_approver", "buyer_acceptor"))}
THRESHOLDS = (
    ("R-DECENTRALISED", "300000.00", "新财购〔2026〕1号"),
    ("R-OPEN-TENDER", "2000000.00", "新财购〔2026〕2号"),
)
NAMES = {"ayinuer": "阿依努尔"} | {username: name for name, (username, _posts) in STAFF.items()}
INVITATION = re.compile(r"/invitations/[^/\s]+/")


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    """What the processes print: Django's console backend writes the letters there."""
    return tmp_path / "processes.log"


@pytest.fixture
def background(site: str, letters: Path) -> Iterator[None]:
    """Worker with beat, provisioner, and relay, as `bin/up` starts them."""
    # The letters' links lead to the browser's site.
    environment = process_environment(PYTHONUNBUFFERED="1", YZ_PORT=site[1:])
    celery = ["-m", "celery", "-A", "config.celery", "worker", "-l", "warning"]
    schedule = letters.with_name("beat")
    commands = [
        [*celery, "-n", "walk@%h", "-B", "-c", "1", "-s", str(schedule)],
        [*celery, "-n", "walk-provisioner@%h", "-Q", "provisioning", "--pool", "solo"],
        ["-m", "config.manage", "relay"],
    ]
    with letters.open("wb") as out:
        started = [
            subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment, stdout=out, stderr=out)
            for command in commands
        ]
        yield
        for process in started:
            process.terminate()
        for process in started:
            process.wait(20)


@pytest.fixture
def division(room: None) -> Iterator[str]:
    with new_division() as code:
        yield code
        practice_malls_gone()


@pytest.fixture
def operator(division: str) -> User:
    """What the region has before anybody applies: shipped rules, a tariff, goods on sale, and the platform's person."""
    with region_as("yz_region"):
        load_shipped(now=utc_now())
        tariff.load(utc_now())
        classification.load(utc_now())
    make_catalogue()
    company = make_organisation("supplier", None, "测试·昆仑办公用品有限公司", None)
    supplier = make_supplier("测试·昆仑办公用品有限公司", organisation_id=company.pk)
    make_offer(make_product("雪岭 A4 复印纸 70克", brand="雪岭", code="P-WALK-01"), supplier, price="23.50")
    operator = make_user(name="周平台")
    join(operator, make_organisation("platform", "650000", "平台运营中心（测试）"), [Post.PLATFORM_OPERATOR])
    return operator


@pytest.fixture
def supervisor(operator: User) -> User:
    """The region's finance department: it verifies what decides purchases."""
    supervisor = make_user(name="赵自治区")
    join(supervisor, make_organisation("region_finance", "650000", "自治区财政厅（测试）"), [Post.REGION_SUPERVISOR])
    return supervisor


def until(found: Callable[[], bool], what: str, page: Page, *, again: bool = True) -> None:
    end = time.monotonic() + SECONDS
    while not found():
        assert time.monotonic() < end, f"waited {SECONDS} s for {what}: {page.url}\n{page.inner_text('main')[:1500]}"
        page.wait_for_timeout(300)
        if again:
            page.reload()


def test_from_an_application_to_a_live_mall(
    visitor: Visit, site: str, background: None, operator: User, supervisor: User, letters: Path
) -> None:
    before = schema_checksum("t990002")
    applicant = visitor(None)
    link = apply(applicant, site)
    staff = visitor(operator)
    approve_and_watch(staff, site)
    applicant.goto(link)
    expect(applicant.locator("h1")).to_contain_text("已建立")
    in_order(applicant, "4-followed")
    bureau = visitor(None)
    accept_the_invitation(bureau, site, letters, "ayinuer")
    enter(bureau, site, NEW)
    verify_thresholds(visitor(supervisor), visitor(make_colleague(supervisor)), site)
    enter_the_unit(bureau, site)
    staff_the_unit(bureau, visitor, site, letters)
    finish_the_checklist(bureau, site)
    practise(bureau, visitor(User.objects.get(username="zhiyuanjia")), site)
    go_live(bureau, site)
    until(lambda: Tenant.objects.get(code=NEW).state == "live", "the registry to know", bureau)
    progress = MallProgress.objects.get(tenant_code=NEW)
    assert (progress.done, progress.missing) == (progress.total, [])
    assert schema_checksum("t990002") == before


def apply(page: Page, site: str) -> str:
    """From the portal's front page; no account, a long form, and an address to come back to."""
    page.goto(address(site, "/"))
    page.click("main a[href='/apply/']")
    page.fill("main input[type=search]", "丙县")
    page.press("main input[type=search]", "Enter")
    page.wait_for_url("**/apply/?q=**")
    in_order(page, "1-divisions")
    page.click(f"main a[href='/apply/{NEW}/']")
    for name, value in {
        "bureau_name": f"{NAME}财政局", "responsible_name": "阿依努尔", "responsible_title": "采购科科长",
        "phone": "0998-1234567", "email": "bureau@example.com", "fee_budget": "30000.00",
    }.items():  # fmt: skip
        page.fill(f"input[name={name}]", value)
    page.check("input[name=modules][value=online_supermarket]")
    for number, (step, day) in enumerate((("导入预算单位", "2026-12-10"), ("培训采购经办人", "2026-12-20"))):
        page.locator("input[name=plan_step]").nth(number).fill(step)
        page.locator("input[name=plan_due_on]").nth(number).fill(day)
    page.locator("input[name=weak_point]").first.fill("零星采购无比价")
    page.locator("input[name=weak_measure]").first.fill("超市比价后下单")
    in_order(page, "2-apply")
    press(page, "提交申请")
    page.wait_for_url("**/applications/SQ*/**")
    expect(page.locator("h1")).to_contain_text("待自治区审批")
    in_order(page, "3-followed")
    return page.url


def approve_and_watch(page: Page, site: str) -> None:
    """The page follows the provisioner by itself: nobody loads it again."""
    page.goto(address(site, "/console/applications/"))
    in_order(page, "5-applications")
    page.click("main table a")
    page.wait_for_load_state()
    in_order(page, "6-application")
    press(page, "批准申请")
    page.wait_for_url("**/console/applications/*/")
    expect(page.locator("#steps")).to_contain_text("建立卖场独立的数据空间和数据库账号")
    until(lambda: "已建立" in page.inner_text("h1"), "the provisioner", page, again=False)
    assert page.locator("#steps li").count() == 4
    assert page.locator("#steps", has_text="失败").count() == 0
    in_order(page, "7-set-up")
    row = Application.objects.get()
    assert (row.state, row.run) == ("provisioned", 1)
    assert Tenant.objects.get(code=NEW).state == "configuring"


def accept_the_invitation(page: Page, site: str, letters: Path, username: str) -> None:
    """The link stands in the newest letter; the new person chooses a name and a password."""
    known = User.objects.count()
    sent = lambda: INVITATION.findall(letters.read_text("utf-8", "replace"))  # noqa: E731
    people = 1 if username == "ayinuer" else len(STAFF) + 1
    until(lambda: len(sent()) >= people, "the letters", page)
    # Letters go out side by side: the page says whose the link is.
    for path in sent():
        page.goto(address(site, path))
        if page.locator("input[name=username]").count() and NAMES[username] in page.inner_text("body"):
            break
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", PASSWORD)
    page.fill("input[name=again]", PASSWORD)
    if username == "ayinuer":
        in_order(page, "8-invitation")
    page.click("main button[type=submit]")
    page.wait_for_url("**/account/")
    assert User.objects.count() == known + 1


def verify_thresholds(page: Page, other: Page, site: str) -> None:
    """One enters the document's figures, another verifies them with the document's number typed again."""
    for code, amount, number in THRESHOLDS:
        page.goto(address(site, "/console/rules/new/"))
        for name, choice in {"code": code, "level": "county", "kind": "goods"}.items():
            page.select_option(f"select[name={name}]", choice)
        for name, value in {
            "amount": amount, "valid_from": "2026-01-01", "document_number": number, "document_on": "2025-12-20",
            "source_text": "县级货物类项目限额标准（测试文本）",
        }.items():  # fmt: skip
            page.fill(f"[name={name}]", value)
        press(page, "录入")
        other.goto(page.url)
        other.fill("form[action$='/verify/'] input[name=document_number]", number)
        press(other, "核实该版本")
        expect(other.locator("h1")).to_contain_text("已核实")


def send_table(page: Page, row: tuple[str, ...]) -> None:
    """The bureau's Excel file with one unit, to the page that judges it."""
    content = workbook([row], header=(*HEADER, "所属机构名称"))
    page.set_input_files(
        "input[name=file]", {"name": "单位.xlsx", "mimeType": "application/octet-stream", "buffer": content}
    )
    press(page, "检查文件")


def enter_the_unit(page: Page, site: str) -> None:
    """By Excel. A mistyped credit code is shown with its row; the corrected table brings unit and organisation."""
    page.goto(address(site, "/bureau/", NEW))
    in_order(page, "9-checklist")
    press(page, "上线")
    assert "尚未" in page.inner_text("main")
    page.goto(address(site, "/bureau/units/import/", NEW))
    code, name, credit_code, organisation = UNIT
    send_table(page, (code, name, credit_code[:-1] + ("0" if credit_code[-1] != "0" else "1"), organisation))
    assert "未保存任何内容" in page.inner_text("main")
    assert page.locator("main table th[scope=row]").all_inner_texts() == ["2"]
    in_order(page, "9a-wrong-row")
    send_table(page, UNIT)
    expect(page.locator("main")).to_contain_text(f"新增，连同机构 {credit_code}")
    in_order(page, "9b-preview")
    press(page, "保存 1 项变化")
    page.wait_for_url("**/bureau/units/")
    in_order(page, "9c-unit-on-its-way")
    until(lambda: page.locator("h2", has_text=name).count() == 1, "the organisation and its unit", page)
    assert page.locator("#awaited").count() == 0


def staff_the_unit(page: Page, visitor: Visit, site: str, letters: Path) -> None:
    """Two people invited with posts, one post more given on the page once its holder is there."""
    for name, (username, posts) in STAFF.items():
        page.goto(address(site, "/bureau/people/", NEW))
        page.click("main a[href*='/bureau/people/invite/']")
        page.fill("input[name=name]", name)
        page.fill("input[name=email]", f"{username}@example.com")
        for post in posts:
            page.check(f"input[name=posts][value={post}]")
        press(page, "发送邀请")
    for username, _posts in STAFF.values():
        member = visitor(None)
        accept_the_invitation(member, site, letters, username)
        enter(member, site, NEW)
    page.goto(address(site, "/bureau/people/", NEW))
    in_order(page, "9d-people")
    page.select_option("select[name=user_id]", label="职员甲")
    page.select_option("select[name=post]", "buyer_payer")
    press(page, "授予岗位")


def undone(page: Page) -> list[str]:
    """The lines of the checklist that say that they are not done."""
    lines = page.locator("section[aria-labelledby=checklist] li").all()
    return [line.locator("strong").inner_text() for line in lines if "未完成" in line.inner_text()]


def finish_the_checklist(page: Page, site: str) -> None:
    """Each line is mended where its button leads; until the last one the mall does not open."""
    mall = lambda path: page.goto(address(site, path, NEW))  # noqa: E731
    mall("/bureau/rules/")
    while page.locator("form[action$='/acknowledge/'] button").count():
        page.locator("form[action$='/acknowledge/'] button").first.click()
        page.wait_for_load_state()
    mall("/bureau/tariff/")
    press(page, "接受费率")
    mall("/bureau/shelf/")
    for box in page.locator("input[name=categories]").all():
        box.check()
    press(page, "确定货架")
    mall("/bureau/")
    page.check("input[name=modules][value=online_supermarket]")
    press(page, "保存选择")
    assert undone(page) == ["已完成演练下单"], undone(page)
    in_order(page, "10-checklist-nearly-done")
    press(page, "上线")
    assert "尚未" in page.inner_text("main"), "without a practice order no mall opens"
    assert Tenant.objects.get(code=NEW).state == "configuring"


def practise(bureau: Page, clerk: Page, site: str) -> None:
    """The bureau opens a practice mall; a clerk of its unit buys in it, on the pages of a real purchase."""
    bureau.goto(address(site, "/practice/"))
    in_order(bureau, "11-no-practice-mall")
    press(bureau, "开设演练卖场")
    until(lambda: "可以演练" in bureau.inner_text("main"), "the practice mall", bureau, again=False)
    in_order(bureau, "12-practice-mall")
    clerk.goto(address(site, "/practice/exercises/"))
    in_order(clerk, "13-exercises")
    press(clerk, "进入演练卖场")
    clerk.wait_for_url(f"**//{NEW}-practice.localhost**/practice/")
    in_order(clerk, "14-practice")
    clerk.locator("form", has=clerk.locator("input[name=exercise][value=buy]")).locator("button").click()
    clerk.wait_for_url("**/products/*/")
    in_order(clerk, "15-practice-product")
    clerk.fill("input[name=quantity]", "2")
    press(clerk, "加入")
    clerk.goto(address(site, "/cart/", f"{NEW}-practice"))
    clerk.locator("main a[href^='/checkout/']").first.click()
    clerk.wait_for_load_state()
    clerk.fill("input[name=delivery_address]", "测试丙县文化路1号")
    clerk.fill("input[name=contact_name]", "王老师")
    clerk.fill("input[name=contact_phone]", "13900000000")
    press(clerk, "提交审批")
    clerk.wait_for_url("**/orders/*/")
    in_order(clerk, "16-practice-order")
    bureau.goto(address(site, "/bureau/", NEW))
    until(lambda: undone(bureau) == [], "the practice order on the checklist", bureau)


def go_live(page: Page, site: str) -> None:
    page.goto(address(site, "/bureau/", NEW))
    press(page, "上线")
    expect(page.locator("main")).to_contain_text("上线时间")
    in_order(page, "17-live")

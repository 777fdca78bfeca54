"""From a registration to the library, in a real browser: supplier, bureau, region and public, each on their own pages.

The supplier has no account at the beginning: it comes by the letter that the web process sends.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from kernel.clock import utc_now
from kernel.posts import Post
from shared_apps.accounts.models import User
from shared_apps.suppliers.models import Qualification, Supplier, SupplierApplication
from tenants.database.context import region_as
from tenants.registry.models import Tenant
from tests.factories.files import pdf
from tests.factories.people import PASSWORD, join, make_organisation, make_user
from tests.factories.suppliers import link_of, next_code
from tests.pages import walks
from tests.pages.conftest import Visit, address
from tests.pages.walks import press
from webkit.latin import latin_words

A = "990001"
NAME = "测试·雪山纸业有限公司"


@pytest.fixture
def bureau(room: None) -> User:
    """The bureau of an open mall, which collects and vets for its division."""
    with region_as("yz_region"):
        Tenant.objects.filter(code=A).update(state="live", live_at=utc_now())
    person = make_user(name="蔡监管")
    join(person, make_organisation("finance_bureau", "CZJ", "测试甲县财政局", A), [Post.TIER_SUPERVISOR])
    return person


@pytest.fixture
def region(room: None) -> User:
    person = make_user(name="马厅监")
    join(person, make_organisation("region_finance", "650000", "自治区财政厅（测试）"), [Post.REGION_SUPERVISOR])
    return person


def in_order(page: Page, name: str) -> None:
    assert latin_words(page.content()) == [], page.url
    walks.in_order(page, f"supplier-{name}")


def test_a_supplier_comes_into_the_library(visitor: Visit, site: str, bureau: User, region: User) -> None:
    uscc = next_code()
    supplier = visitor(None)
    begin(supplier, site, uscc)
    fill_in(supplier)
    officer = visitor(bureau)
    open_first(officer, site, "2-bureau")
    officer.fill("input[name=finding_address]", "与营业执照所载住所不一致")
    press(officer, "退回")
    expect(officer.locator("h1")).to_contain_text("已退回更正")
    correct(supplier)
    open_first(officer, site, "")
    press(officer, "通过并报自治区")
    expect(officer.locator("h1")).to_contain_text("待自治区入库")
    staff = visitor(region)
    open_first(staff, site, "3-region")
    press(staff, "准予入库")
    expect(staff.locator("h1")).to_contain_text("已入库")
    row = Supplier.objects.get(uscc=uscc)
    assert (row.standing, row.address) == ("admitted", "测试甲县文化路2号")
    assert Qualification.objects.get(supplier=row).file_name == "营业执照.pdf"
    look_around(supplier, visitor(None), site, row)


def begin(page: Page, site: str, uscc: str) -> None:
    """From the portal's list; the last character of the code is refused when it is wrong."""
    page.goto(address(site, "/library/suppliers/"))
    press(page, "供应商登记")
    page.fill("input[name=name]", NAME)
    page.fill("input[name=applicant_name]", "阿依努尔")
    page.fill("input[name=email]", "supplier@example.com")
    page.fill("input[name=uscc]", uscc[:-1] + ("1" if uscc[-1] != "1" else "2"))
    press(page, "开始")
    expect(page.locator("#id_uscc_error")).to_be_visible()
    page.fill("input[name=uscc]", uscc)
    press(page, "开始")
    page.wait_for_url("**/library/register/sent/")
    # The web process prints the letter; the row keeps a hash of its secret only.
    page.goto(address(site, link_of(uscc)))
    page.fill("input[name=username]", "ayinuer-gys")
    page.fill("input[name=password]", PASSWORD)
    page.fill("input[name=again]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/supplier/applications/*/")


def fill_in(page: Page) -> None:
    press(page, "保存并提交")
    assert "请填写此项" in page.inner_text("main")
    in_order(page, "1-incomplete")
    page.fill("input[name=legal_representative]", "阿里木")
    page.fill("input[name=address]", "测试甲县文化路1号")
    page.select_option("select[name=division_code]", A)
    page.fill("input[name=phone]", "0998-1234567")
    page.select_option("select[name=size]", "small")
    page.check("input[name=sme_declared]")
    page.check("input[name=record_declared]")
    page.locator("input[name=shareholder_name]").first.fill("阿里木")
    page.locator("input[name=shareholder_share]").first.fill("60")
    press(page, "保存草稿")
    page.fill("input[name=title]", "营业执照")
    page.fill("input[name=number]", "650100000001")
    page.set_input_files("input[name=file]", {"name": "营业执照.pdf", "mimeType": "application/pdf", "buffer": pdf()})
    press(page, "上传文件")
    assert page.locator("table", has_text="营业执照.pdf").count() == 1
    in_order(page, "1-draft")
    press(page, "保存并提交")
    expect(page.locator("h1")).to_contain_text("待审核")
    in_order(page, "1-sent-in")


def open_first(page: Page, site: str, name: str) -> None:
    page.goto(address(site, "/library/review/suppliers/"))
    if name:
        in_order(page, f"{name}-queue")
    page.click("main table a")
    page.wait_for_load_state()
    assert page.locator("a", has_text="营业执照.pdf").count() == 1
    if name:
        in_order(page, f"{name}-review")


def correct(page: Page) -> None:
    page.reload()
    expect(page.locator("h1")).to_contain_text("已退回更正")
    assert "与营业执照所载住所不一致" in page.inner_text("main")
    in_order(page, "1-returned")
    page.fill("input[name=address]", "测试甲县文化路2号")
    press(page, "保存并提交")
    expect(page.locator("h1")).to_contain_text("待审核")
    assert SupplierApplication.objects.get().findings == {}


def look_around(page: Page, public: Page, site: str, row: Supplier) -> None:
    """The supplier's workbench with its posts, and what everybody may see: no people, no papers."""
    page.goto(address(site, "/supplier/"))
    expect(page.locator("main")).to_contain_text("已入库")
    assert "营业执照.pdf" in page.inner_text("main")
    in_order(page, "4-workbench")
    public.goto(address(site, f"/library/suppliers/?q={row.uscc}"))
    public.click("main table a")
    public.wait_for_load_state()
    text = public.inner_text("main")
    assert NAME in text
    assert not re.search("阿里木|0998|文化路|营业执照.pdf", text)
    in_order(public, "5-public")

"""What stands around a checkout: the address book of the unit, notes and papers of an order."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kernel.clock import utc_now
from kernel.posts import Post
from tenant_apps.journal.models import JournalEntry
from tenant_apps.orders.models import Order
from tenant_apps.supermarket.models import DeliveryAddress, DraftPaper, OrderNote
from tenant_apps.supermarket.papers import PAPERS_MAX
from tenants.database.context import tenant_selected
from tests.factories import files as samples
from tests.factories.orders import Shop, make_shop
from tests.factories.people import sign_in
from tests.factories.statements import counted
from tests.pages.conftest import page_text

ENTRY = {"label": "东门收发室", "address": "测试县文化路9号", "contact_name": "李老师", "contact_phone": "13911111111"}


@pytest.fixture(scope="module")
def shop(kept_world: Callable[[], None]) -> Shop:
    made = make_shop()
    kept_world()
    return made


def client_of(shop: Shop, post: Post = Post.BUYER_CLERK) -> Client:
    return sign_in(Client(), shop.people[post], shop.tenant)


def default_of(shop: Shop) -> tuple[str, int]:
    with tenant_selected(shop.tenant):
        row = DeliveryAddress.objects.get(is_default=True)
        return row.label, row.version


def test_the_checkout_begins_with_the_default_and_the_order_keeps_what_it_said(shop: Shop) -> None:
    clerk = client_of(shop)
    add = {**ENTRY, "unit_id": shop.unit_id}
    assert "还没有收货地址" in page_text(clerk, "/addresses/")
    with counted() as statements:
        assert clerk.post("/addresses/", add).status_code == 303
    assert len(statements) <= 12, statements
    assert clerk.post("/addresses/", add).status_code == 400  # of the same name
    other = {**add, "label": "西门", "address": "测试县文化路10号", "is_default": "true"}
    assert clerk.post("/addresses/", other).status_code == 303
    assert default_of(shop)[0] == "西门"
    with counted() as statements:
        page = page_text(clerk, "/addresses/")
    assert ("东门收发室" in page, len(statements) <= 12) == (True, True), statements
    shop.fill_cart()
    path = f"/checkout/{shop.supplier.pk}/"
    assert 'value="测试县文化路10号"' in page_text(clerk, path)
    with tenant_selected(shop.tenant):
        east = DeliveryAddress.objects.get(label="东门收发室")
    with counted() as statements:
        assert 'value="测试县文化路9号"' in page_text(clerk, f"{path}?address={east.pk}")
    assert len(statements) <= 12, statements
    form = {
        "unit_id": shop.unit_id, "supplier_id": shop.supplier.pk, "mode": "direct", "area_code": "", "note": "",
        f"amount_{shop.line.pk}": "40.00", "delivery_address": east.address, "contact_name": east.contact_name,
        "contact_phone": east.contact_phone,
    }  # fmt: skip
    assert clerk.post(path, form).status_code == 303
    changed = {**ENTRY, "address": "测试县新华路1号", "version": east.version}
    assert clerk.post(f"/addresses/{east.pk}/", changed).status_code == 303
    assert clerk.post(f"/addresses/{east.pk}/", changed).status_code == 409  # of the version before
    with tenant_selected(shop.tenant):
        assert Order.objects.get().delivery_address == "测试县文化路9号"
        events = JournalEntry.objects.filter(object_type="address").order_by("id").values_list("event", flat=True)
        assert list(events) == ["supermarket.address_added"] * 2 + ["supermarket.address_changed"]


def test_the_book_is_searched_and_exported(shop: Shop) -> None:
    clerk = client_of(shop)
    for label, name in (("东门收发室", "李老师"), ("西门", "=赵老师")):
        address = {**ENTRY, "label": label, "contact_name": name, "unit_id": shop.unit_id}
        assert clerk.post("/addresses/", address).status_code == 303
    page = page_text(clerk, "/addresses/?q=西门")
    assert ("李老师" in page, "赵老师" in page) == (False, True)
    assert "没有找到" in page_text(clerk, "/addresses/?q=南门")
    table = clerk.get(f"/addresses/export/?unit={shop.unit_id}&q=西").content.decode()
    assert ("13911111111" in table, "东门" in table, "'=赵老师" in table) == (True, False, True)
    stranger = client_of(make_shop("990002"))
    assert stranger.get("/addresses/export/?unit=999999").status_code == 404
    assert clerk.get(f"/addresses/export/?q={'长' * 61}").status_code == 400


def test_the_book_over_the_api_and_who_keeps_it(shop: Shop) -> None:
    clerk, administrator = client_of(shop), client_of(shop, Post.UNIT_ADMINISTRATOR)
    body = {**ENTRY, "unit_id": shop.unit_id}
    made = administrator.post("/api/v1/addresses/add/", body, content_type="application/json")
    assert (made.status_code, made.json()["is_default"]) == (201, True)
    path = f"/api/v1/addresses/{made.json()['id']}/"
    read = clerk.get(f"/api/v1/addresses/?unit_id={shop.unit_id}").json()["addresses"]
    assert [one["label"] for one in read] == ["东门收发室"]
    wrong = {**ENTRY, "area_code": "110000"}
    assert clerk.post(f"{path}change/", wrong, content_type="application/json").json()["code"] == "area-not-served"
    other = make_shop("990002")
    stranger = client_of(other)
    for answer in (
        stranger.get(f"/addresses/{made.json()['id']}/"),
        clerk.get(f"/addresses/?unit={other.unit_id + 999}"),
        clerk.get(f"/api/v1/addresses/?unit_id={other.unit_id + 999}"),
        clerk.post("/api/v1/addresses/999999/remove/", {}, content_type="application/json"),
    ):
        assert answer.status_code == 404
    assert client_of(shop, Post.BUYER_APPROVER).get("/addresses/").status_code == 403
    removed = clerk.post(f"{path}remove/", {"version": 1}, content_type="application/json")
    assert (removed.status_code, removed.json()["addresses"]) == (200, [])


def test_notes_and_papers_are_read_by_all_who_see_the_order(shop: Shop) -> None:
    order = shop.place()
    clerk, seller = client_of(shop), client_of(shop, Post.SUPPLIER_SALES)
    page, path = f"/orders/{order.pk}/", f"/orders/{order.pk}/notes/"
    assert f'action="{path}"' in page_text(clerk, page)
    assert clerk.post(path, {"text": " "}).status_code == 400
    paper = SimpleUploadedFile("平面图.pdf", samples.pdf("图"), "application/pdf")
    with counted() as statements:
        assert clerk.post(path, {"text": "请送到三楼", "paper": paper}).status_code == 303
    assert len(statements) <= 12, statements
    with counted() as statements:
        shown = page_text(seller, page)
    assert ("请送到三楼" in shown, "平面图" in shown, len(statements) <= 12) == (True, True, True), statements
    with tenant_selected(shop.tenant):
        key = OrderNote.objects.get().paper_key
        entry = JournalEntry.objects.get(event="supermarket.note_added")
        assert (entry.object_type, entry.object_id) == ("order", str(order.pk))
    assert seller.get(f"/files/{key}/").status_code == 200
    api = f"/api/v1/orders/{order.pk}/notes/"
    answer = seller.post(f"{api}add/", {"text": "明天到"}, content_type="application/json")
    assert (answer.status_code, answer.json()["organisation_name"]) == (201, "测试供应商")
    assert [one["text"] for one in clerk.get(api).json()["notes"]] == ["请送到三楼", "明天到"]
    assert client_of(shop, Post.UNIT_ADMINISTRATOR).post(path, {"text": "x"}).status_code == 403
    stranger = client_of(make_shop("990002"), Post.SUPPLIER_SALES)
    assert (stranger.get(f"/files/{key}/").status_code, stranger.get(path).status_code) == (404, 404)
    # Before it is placed its supplier sees neither the order nor its notes.
    waiting = shop.submit()
    assert client_of(shop, Post.SUPPLIER_SALES).get(f"/orders/{waiting.pk}/notes/").status_code == 404


def test_papers_beside_the_checkout_go_with_the_order(shop: Shop) -> None:
    clerk, seller = client_of(shop), client_of(shop, Post.SUPPLIER_SALES)
    shop.fill_cart()
    path, given = f"/checkout/{shop.supplier.pk}/", {"unit_id": shop.unit_id, "mode": "direct"}
    assert "订单附件" in page_text(clerk, path)
    for name in ("清单.pdf", "图纸.pdf", "多余.pdf"):
        paper = SimpleUploadedFile(name, samples.pdf(name), "application/pdf")
        with counted() as statements:
            answer = clerk.post(f"{path}papers/", {**given, "paper": paper})
        assert (answer.status_code, len(statements) <= 12) == (303, True), statements
    wrong = SimpleUploadedFile("x.pdf", b"MZ not a paper", "application/pdf")
    refused = clerk.post(f"{path}papers/", {**given, "paper": wrong}, headers={"HX-Request": "true"})
    assert (refused.status_code, "清单" in refused.content.decode()) == (400, True)
    assert clerk.post(f"{path}papers/", given).status_code == 400
    with tenant_selected(shop.tenant):
        keys = list(DraftPaper.objects.order_by("id").values_list("paper_key", flat=True))
    assert len(keys) == 3
    taken = clerk.post(f"{path}papers/remove/", {**given, "key": keys[2]}, headers={"HX-Request": "true"})
    assert (taken.status_code, "多余" in taken.content.decode()) == (200, False)
    assert clerk.post(f"{path}papers/remove/", {**given, "key": keys[2]}).status_code == 404
    assert seller.get(f"/files/{keys[0]}/").status_code == 404
    stranger = client_of(make_shop("990002"))
    assert stranger.post(f"{path}papers/remove/", {**given, "key": keys[0]}).status_code == 404
    page_text(clerk, path)  # what is kept for a while in the process is not counted
    with counted() as statements:
        page_text(clerk, path)
    assert len(statements) <= 12, "\n\n".join(statements)
    form = {
        "unit_id": shop.unit_id, "supplier_id": shop.supplier.pk, "mode": "direct", "area_code": "", "note": "",
        f"amount_{shop.line.pk}": "40.00", "delivery_address": "测试县文化路9号", "contact_name": "李老师",
        "contact_phone": "13911111111", "papers": keys,
    }  # fmt: skip
    assert clerk.post(path, form).status_code == 409  # one of them is not there any more
    with tenant_selected(shop.tenant):
        assert (Order.objects.count(), DraftPaper.objects.count(), OrderNote.objects.count()) == (0, 2, 0)
    with counted() as statements:
        assert clerk.post(path, {**form, "papers": keys[:2]}).status_code == 303
    assert len(statements) <= 24, statements
    with tenant_selected(shop.tenant):
        order = Order.objects.get()
        assert (DraftPaper.objects.count(), OrderNote.objects.filter(order_id=order.pk).count()) == (0, 2)
        entry = JournalEntry.objects.get(event="supermarket.papers_attached")
        assert (entry.object_id, entry.facts["paper_keys"]) == (str(order.pk), keys[:2])
    page = page_text(clerk, f"/orders/{order.pk}/")
    assert ("清单.pdf" in page, "图纸.pdf" in page) == (True, True)
    assert client_of(shop, Post.BUYER_APPROVER).get(f"/files/{keys[0]}/").status_code == 200


def test_no_more_papers_than_an_order_may_have(shop: Shop) -> None:
    clerk, path = client_of(shop), f"/checkout/{shop.supplier.pk}/papers/"
    with tenant_selected(shop.tenant):
        DraftPaper.objects.bulk_create(
            DraftPaper(
                clerk_id=shop.clerk.user_id or 0, unit_id=shop.unit_id, supplier_id=shop.supplier.pk,
                paper_key=f"k{number}", paper_name="纸", added_at=utc_now(),
            )
            for number in range(PAPERS_MAX)
        )  # fmt: skip
    paper = SimpleUploadedFile("a.pdf", samples.pdf("a"), "application/pdf")
    answer = clerk.post(path, {"unit_id": shop.unit_id, "mode": "direct", "paper": paper})
    assert (answer.status_code, "至多" in answer.content.decode()) == (409, True)

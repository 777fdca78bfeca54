"""Pages of approvals through Django's client: the inbox, many at once, flows and times, standing in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from kernel.clock import local_date, utc_now
from kernel.posts import Post
from tenant_apps.access.models import PostHolding
from tenant_apps.approvals.models import ApprovalFlow
from tenant_apps.orders.models import Order
from tenants.database.context import tenant_selected
from tests.factories.approvals import LAST, MONEY, flow_of, set_flow
from tests.factories.orders import Shop, make_shop
from tests.factories.people import sign_in
from tests.factories.statements import counted


@pytest.fixture
def shop() -> Shop:
    return make_shop()


def client_of(shop: Shop, post: Post) -> Client:
    return sign_in(Client(), shop.people[post], shop.tenant)


def rows(*steps: tuple[str, str, str, str], **more: Any) -> dict[str, Any]:
    """The flow's form: (from amount, stage, name, post) a row."""
    columns = zip(*steps, strict=True)
    return dict(zip(("from_amount", "stage", "name", "post"), map(list, columns), strict=True)) | more


def test_an_administrator_sets_a_flow_and_an_order_goes_through_it(shop: Shop) -> None:
    admin, url = client_of(shop, Post.UNIT_ADMINISTRATOR), "/bureau/approvals/flow/"
    wrong = rows(("0", "1", "财务审核", "buyer_payer"), unit_id=shop.unit_id, reason="内控要求")
    refused = admin.post(url, wrong)
    page = refused.content.decode()
    assert refused.status_code == 400
    assert "最后一级须为单位审批岗的单独环节" in page
    assert 'value="财务审核"' in page  # typed text stays
    good = rows(
        ("0", "1", "负责人审批", "buyer_approver"), ("50.00", "1", "财务审核", "buyer_payer"),
        ("", "2", "负责人审批", "buyer_approver"), ("", "5", "", "buyer_approver"),
        unit_id=shop.unit_id, reason="内控要求",
    )  # fmt: skip
    assert admin.post(url, good).status_code == 303
    page = admin.get("/bureau/approvals/").content.decode()
    assert page.index("负责人审批") < page.index("财务审核")
    assert admin.post(url, rows(("0", "1", "审批", "buyer_approver"), reason="x")).status_code == 404  # the mall's

    shop.submit(quantity=3)
    payer, approver = client_of(shop, Post.BUYER_PAYER), client_of(shop, Post.BUYER_APPROVER)
    order = _order(shop)
    assert (payer.get("/approvals/badge/").content, approver.get("/approvals/badge/").content) == (b"1", b"")
    shown = payer.get(f"/orders/{order.pk}/").content.decode()
    assert "同意本环节" in shown
    assert "退回修改" in shown
    assert "不同意订单" not in shown
    payer.post(f"/orders/{order.pk}/approve/", {"version": order.version, "back": "approvals"})
    assert "负责人审批" in approver.get("/approvals/").content.decode()
    answer = approver.post(f"/orders/{order.pk}/approve/", {"version": 2})
    assert (answer.status_code, _order(shop).state) == (303, "placed")
    assert "财务审核" in approver.get(f"/orders/{order.pk}/").content.decode()


def test_the_times_are_shown_and_exported(shop: Shop) -> None:
    set_flow(shop, flow_of((MONEY,), (LAST,)), mall=True)
    shop.submit()
    order = _order(shop)
    client_of(shop, Post.BUYER_PAYER).post(f"/orders/{order.pk}/approve/", {})
    admin = client_of(shop, Post.UNIT_ADMINISTRATOR)
    assert "财务审核" in admin.get("/bureau/approvals/").content.decode()
    table = admin.get(f"/bureau/approvals/times.csv?unit_id={shop.unit_id}").content.decode("utf-8-sig").splitlines()
    assert [row.split(",")[:2] for row in table[1:]] == [["财务审核", "1"], [f"{utc_now():%Y-%m}", "1"]]
    assert admin.get(f"/bureau/approvals/?unit_id={shop.unit_id + 1}").status_code == 404


def test_a_flow_ends(shop: Shop) -> None:
    row = set_flow(shop, flow_of((MONEY,), (LAST,)))
    assert client_of(shop, Post.BUYER_CLERK).post(f"/bureau/approvals/flow/{row.pk}/end/").status_code == 403
    admin = client_of(shop, Post.UNIT_ADMINISTRATOR)
    assert admin.post(f"/bureau/approvals/flow/{row.pk}/end/").status_code == 303
    assert admin.post(f"/bureau/approvals/flow/{row.pk}/end/").status_code == 404
    with tenant_selected(shop.tenant):
        assert ApprovalFlow.objects.filter(ended_at=None).count() == 0


def test_many_orders_are_decided_with_one_form(shop: Shop) -> None:
    for _number in range(2):
        shop.submit(quantity=1)
    with tenant_selected(shop.tenant):
        first, second = Order.objects.order_by("id")
    approver = client_of(shop, Post.BUYER_APPROVER)
    url = "/approvals/decide/"
    assert approver.post(url, {"verdict": "approve"}).status_code == 400
    assert approver.post(url, {"verdict": "reject", "picked": [f"{first.pk}:1"], "text": ""}).status_code == 400
    assert approver.post(url, {"verdict": "approve", "picked": ["x"]}).status_code == 400
    page = approver.post(url, {"verdict": "approve", "picked": [f"{first.pk}:1", f"{second.pk}:7"]}).content.decode()
    assert str(first.number) in page
    assert "订单已被他人更改" in page or "未办理" in page
    with tenant_selected(shop.tenant):
        assert list(Order.objects.order_by("id").values_list("state", flat=True)) == ["placed", "pending_approval"]


def test_sent_back_and_submitted_again_on_pages(shop: Shop) -> None:
    shop.submit()
    order = _order(shop)
    approver, clerk = client_of(shop, Post.BUYER_APPROVER), client_of(shop, Post.BUYER_CLERK)
    url = f"/orders/{order.pk}/resubmit/"
    assert clerk.get(url).status_code == 409
    assert approver.post(f"/orders/{order.pk}/send-back/", {"version": 1, "reason": "电话有误"}).status_code == 303
    page = clerk.get(url)
    assert page.status_code == 200
    assert "电话有误" in page.content.decode()
    typed = {"version": 2, "delivery_address": "测试县文化路1号", "contact_name": "王老师", "contact_phone": "x"}
    refused = clerk.post(url, typed)
    assert (refused.status_code, 'value="x"' in refused.content.decode()) == (400, True)
    assert clerk.post(url, typed | {"contact_phone": "13911111111"}).status_code == 303
    order = _order(shop)
    assert (order.state, order.contact_phone) == ("pending_approval", "13911111111")


def test_the_inbox_costs_the_same_for_one_order_and_for_many(shop: Shop) -> None:
    set_flow(shop, flow_of((MONEY,), (LAST,), above="40.00"))
    payer, approver = client_of(shop, Post.BUYER_PAYER), client_of(shop, Post.BUYER_APPROVER)
    shop.submit(quantity=2)
    counts = []
    for more in (0, 3):
        for quantity in range(more):
            shop.submit(quantity=quantity + 1)
        for client in (payer, approver):
            client.get("/approvals/")
            with counted() as found:
                client.get("/approvals/")
            counts.append(len(found))
    assert counts[0] >= counts[2] - 1
    assert max(counts) <= 12, counts


def test_a_post_is_lent_and_taken_back(shop: Shop) -> None:
    approver = client_of(shop, Post.BUYER_APPROVER)
    page = approver.get("/deputies/").content.decode()
    assert "测试丙" in page
    own = _holding(shop)
    typed = {"holding_id": own.pk, "to_user_id": shop.people[Post.BUYER_ACCEPTOR].pk}
    today = local_date(utc_now())
    late = approver.post("/deputies/lend/", typed | {"last_day": str(today - timedelta(days=1))})
    assert late.status_code == 400
    assert "请选择今天起" in late.content.decode()
    assert approver.post("/deputies/lend/", typed | {"last_day": str(today)}).status_code == 303
    deputy = client_of(shop, Post.BUYER_ACCEPTOR)
    assert deputy.get("/approvals/").status_code == 200
    assert "您正在代办" in deputy.get("/deputies/").content.decode()
    with tenant_selected(shop.tenant):
        lent = PostHolding.objects.get(deputy_for=shop.people[Post.BUYER_APPROVER].pk)
    assert deputy.post(f"/deputies/{lent.pk}/end/").status_code == 404
    assert approver.post(f"/deputies/{lent.pk}/end/").status_code == 303
    assert deputy.get("/approvals/").status_code == 403


def _order(shop: Shop) -> Order:
    with tenant_selected(shop.tenant):
        return Order.objects.order_by("-id")[0]


def _holding(shop: Shop) -> PostHolding:
    with tenant_selected(shop.tenant):
        return PostHolding.objects.get(user_id=shop.people[Post.BUYER_APPROVER].pk, post="buyer_approver")

"""Checkout, approvals and order pages through Django's client: what they show, what they cost, what they refuse."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from kernel.posts import Post
from tenant_apps.budgets.models import BudgetLine
from tenant_apps.journal.models import JournalEntry
from tenant_apps.orders.models import Order, OrderDecision
from tenant_apps.storefront.models import CartLine
from tenants.database.context import tenant_selected
from tests.factories.goods import make_offer, make_product, make_supplier
from tests.factories.orders import Shop, make_line, make_shop
from tests.factories.people import sign_in
from tests.factories.statements import counted
from webkit.latin import latin_words


@pytest.fixture
def shop() -> Shop:
    return make_shop()


def client_of(shop: Shop, post: Post) -> Client:
    return sign_in(Client(), shop.people[post], shop.tenant)


def form_of(shop: Shop, amount: str = "40.00", **changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "unit_id": shop.unit_id,
        "supplier_id": shop.supplier.pk,
        "mode": "direct",
        f"amount_{shop.line.pk}": amount,
        "delivery_address": "测试县文化路1号",
        "contact_name": "王老师",
        "contact_phone": "13900000000",
        "note": "",
    }
    return values | changes


def stored(shop: Shop) -> tuple[int, ...]:
    with tenant_selected(shop.tenant):
        return (
            Order.objects.count(),
            OrderDecision.objects.count(),
            CartLine.objects.count(),
            JournalEntry.objects.filter(object_type="order").count(),
            *Order.objects.order_by("id").values_list("version", flat=True),
        )


# -- checkout --------------------------------------------------------------------------------------------------------
def test_the_checkout_begins_filled_in_and_shows_what_would_be_decided(shop: Shop) -> None:
    shop.submit()
    shop.fill_cart(quantity=3)
    page = client_of(shop, Post.BUYER_CLERK).get(f"/checkout/{shop.supplier.pk}/")
    text = page.content.decode()
    assert page.status_code == 200
    assert f'name="amount_{shop.line.pk}"' in text
    assert 'value="60.00"' in text
    assert "王老师" in text  # as in the order before
    assert "按现行规则，该订单可以提交" in text
    assert latin_words(text) == []


def test_a_clerk_submits_from_the_page(shop: Shop) -> None:
    shop.fill_cart()
    clerk = client_of(shop, Post.BUYER_CLERK)
    answer = clerk.post(f"/checkout/{shop.supplier.pk}/", form_of(shop))
    assert answer.status_code == 303
    shown = clerk.get(answer["Location"])
    assert shown.status_code == 200
    assert "已提交审批" in shown.content.decode()
    assert stored(shop)[2] == 0


def test_a_refused_checkout_shows_the_article_and_what_would_make_it_pass(shop: Shop) -> None:
    dear = make_offer(supplier=shop.supplier, price="300000.00")
    rich = make_line(shop.tenant, shop.unit_id, total="900000.00")
    shop.fill_cart(quantity=1, offer=dear)
    form = form_of(shop, "") | {f"amount_{rich.pk}": "300000.00"}
    answer = client_of(shop, Post.BUYER_CLERK).post(f"/checkout/{shop.supplier.pk}/", form)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "政府采购法第七条" in text
    assert "怎样才能通过" in text
    assert 'value="300000.00"' in text  # what was typed is still there
    assert latin_words(text) == []
    with tenant_selected(shop.tenant):
        assert OrderDecision.objects.filter(order=None).count() == 12


def test_the_preview_follows_the_form(shop: Shop) -> None:
    shop.fill_cart()
    clerk = client_of(shop, Post.BUYER_CLERK)
    unfiled = make_line(shop.tenant, shop.unit_id, filed=False)
    path = f"/checkout/{shop.supplier.pk}/preview/"
    before = stored(shop)
    yes = clerk.post(path, form_of(shop))
    no = clerk.post(path, form_of(shop, "") | {f"amount_{unfiled.pk}": "40.00"})
    unfinished = clerk.post(path, form_of(shop, ""))
    assert [one.status_code for one in (yes, no, unfinished)] == [200, 200, 200]
    assert "该订单可以提交" in yes.content.decode()
    assert "该订单不予通过" in no.content.decode()
    assert "填完金额后" in unfinished.content.decode()
    assert stored(shop) == before


def test_comparison_offers_the_other_suppliers(shop: Shop) -> None:
    for price in ("19.00", "21.00"):
        make_offer(shop.offer.product, make_supplier(), price=price)
    make_offer(make_product(category="C-02", attributes={}), make_supplier(), price="5.00")
    shop.fill_cart()
    clerk = client_of(shop, Post.BUYER_CLERK)
    page = clerk.get(f"/checkout/{shop.supplier.pk}/?mode=compare").content.decode()
    assert page.count('name="compared_offer_ids"') == 2
    assert latin_words(page) == []


def test_an_empty_checkout_says_so(shop: Shop) -> None:
    clerk = client_of(shop, Post.BUYER_CLERK)
    for supplier in (shop.supplier.pk, 10**18, 10**30):
        page = clerk.get(f"/checkout/{supplier}/")
        assert page.status_code == 404
        assert "没有可向该供应商订购的商品" in page.content.decode()


BAD_FORMS: dict[str, dict[str, Any]] = {
    "amount": {"amount_1": "0"},
    "negative": {"amount_1": "-1"},
    "exponent": {"amount_1": "1e999"},
    "NaN": {"amount_1": "NaN"},
    "underscore": {"amount_1": "1_000"},
    "full width": {"amount_1": "４０"},
    "three places": {"amount_1": "40.001"},
    "no amount": {"amount_1": ""},
    "twice": {"amount_1": ["20.00", "20.00"]},
    "unknown field": {"total": "1"},
    "unknown mode": {"mode": "lottery"},
    "NUL": {"delivery_address": "a\x00b"},
    "bidi": {"contact_name": "a\u202eb"},
    "no address": {"delivery_address": " "},
    "phone": {"contact_phone": "call me"},
    "long": {"note": "x" * 301},
    "unit": {"unit_id": "-1"},
    "unit word": {"unit_id": "one"},
    "unit huge": {"unit_id": "9" * 30},
    "line huge": {"amount_99999999999999999999": "1"},
    "compared": {"compared_offer_ids": ["x"]},
    "many compared": {"compared_offer_ids": [str(n) for n in range(1, 30)]},
}


@pytest.fixture
def filled(shop: Shop) -> tuple[Shop, Client]:
    shop.fill_cart()
    return shop, client_of(shop, Post.BUYER_CLERK)


@pytest.mark.parametrize("case", BAD_FORMS)
def test_a_bad_form_is_shown_again_and_stores_nothing(filled: tuple[Shop, Client], case: str) -> None:
    shop, clerk = filled
    changes = {
        (f"amount_{shop.line.pk}" if name == "amount_1" else name): value for name, value in BAD_FORMS[case].items()
    }
    before = stored(shop)
    answer = clerk.post(f"/checkout/{shop.supplier.pk}/", form_of(shop) | changes)
    assert answer.status_code == 400, answer.content.decode()[:3000]
    assert stored(shop) == before


def test_another_suppliers_address_is_refused(filled: tuple[Shop, Client]) -> None:
    shop, clerk = filled
    before = stored(shop)
    assert clerk.post(f"/checkout/{shop.supplier.pk + 1}/", form_of(shop)).status_code == 404
    assert clerk.post(f"/checkout/{shop.supplier.pk}/", form_of(shop, unit_id="999999")).status_code == 404
    assert stored(shop) == before


# -- approvals -------------------------------------------------------------------------------------------------------
def test_an_approver_decides_from_the_inbox(shop: Shop) -> None:
    order = shop.submit()
    approver = client_of(shop, Post.BUYER_APPROVER)
    page = approver.get("/approvals/").content.decode()
    assert order.number in page
    assert f'action="/orders/{order.pk}/approve/"' in page
    assert approver.get("/approvals/badge/").content == b"1"
    answer = approver.post(f"/orders/{order.pk}/approve/", {"version": 1, "back": "approvals"})
    assert (answer.status_code, answer["Location"]) == (303, "/approvals/")
    empty = approver.get("/approvals/").content.decode()
    assert f'action="/orders/{order.pk}/approve/"' not in empty
    assert approver.get("/approvals/badge/").content == b""
    assert latin_words(page) == []
    assert latin_words(empty) == []


def test_a_rejection_asks_for_the_reason(shop: Shop) -> None:
    order = shop.submit()
    approver = client_of(shop, Post.BUYER_APPROVER)
    path = f"/orders/{order.pk}/reject/"
    assert approver.get(path).status_code == 200
    before = stored(shop)
    bare = approver.post(path, {"reason": " ", "version": 1, "back": "order"})
    assert bare.status_code == 400
    assert stored(shop) == before
    assert approver.post(path, {"reason": "超出计划", "version": 1}).status_code == 303
    shown = approver.get(f"/orders/{order.pk}/").content.decode()
    assert "超出计划" in shown
    answer = approver.get(path)
    late = answer.content.decode()
    assert answer.status_code == 409
    assert "该订单已不能驳回" in late
    assert "已驳回" in late
    assert latin_words(bare.content.decode()) == []
    assert latin_words(late) == []


def test_an_approval_refused_by_rule_shows_why(shop: Shop) -> None:
    from shared_apps.products.models import Offer
    from tenants.database.context import region_as

    order = shop.submit()
    with region_as("yz_region"):
        Offer.objects.filter(pk=shop.offer.pk).update(state="frozen")
    answer = client_of(shop, Post.BUYER_APPROVER).post(f"/orders/{order.pk}/approve/", {"version": 1})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "怎样才能通过" in text
    assert latin_words(text) == []


def test_too_little_budget_is_said_in_figures(shop: Shop) -> None:
    order = shop.submit()
    with tenant_selected(shop.tenant):
        BudgetLine.objects.filter(pk=shop.line.pk).update(total=Decimal("39.99"))
    answer = client_of(shop, Post.BUYER_APPROVER).post(f"/orders/{order.pk}/approve/", {"version": 1})
    assert answer.status_code == 409
    assert "39.99" in answer.content.decode()


@pytest.mark.parametrize("step", ["approve", "withdraw"])
@pytest.mark.parametrize("body", [{"version": "0"}, {"version": "x"}, {"unknown": "1"}, {"version": ["1", "1"]}])
def test_a_bad_step_form_changes_nothing(shop: Shop, step: str, body: dict[str, Any]) -> None:
    order = shop.submit()
    before = stored(shop)
    caller = client_of(shop, Post.BUYER_APPROVER if step == "approve" else Post.BUYER_CLERK)
    assert caller.post(f"/orders/{order.pk}/{step}/", body).status_code == 400
    assert stored(shop) == before


# -- orders ----------------------------------------------------------------------------------------------------------
def test_the_order_page_shows_each_side_what_is_theirs(shop: Shop) -> None:
    order = shop.place()
    buyer = client_of(shop, Post.BUYER_CLERK).get(f"/orders/{order.pk}/").content.decode()
    assert shop.line.plan_number in buyer
    assert "规则检查结果" in buyer
    seller = client_of(shop, Post.SUPPLIER_SALES).get(f"/orders/{order.pk}/").content.decode()
    assert shop.line.plan_number not in seller
    assert "规则检查结果" not in seller
    for text in (buyer, seller):
        assert "审批同意，已冻结预算并下达订单" in text
        assert latin_words(text) == []


def test_the_budget_line_names_the_order_by_its_number(shop: Shop) -> None:
    order = shop.place()
    text = client_of(shop, Post.BUYER_CLERK).get(f"/budgets/{shop.line.pk}/").content.decode()
    assert f'<a href="/orders/{order.pk}/"><code>{order.number}</code></a>' in text


def test_buttons_are_what_the_table_gives_the_person(shop: Shop) -> None:
    order = shop.submit()
    clerk = client_of(shop, Post.BUYER_CLERK).get(f"/orders/{order.pk}/").content.decode()
    approver = client_of(shop, Post.BUYER_APPROVER).get(f"/orders/{order.pk}/").content.decode()
    assert f"/orders/{order.pk}/withdraw/" in clerk
    assert f"/orders/{order.pk}/approve/" not in clerk
    assert f"/orders/{order.pk}/approve/" in approver
    assert f"/orders/{order.pk}/reject/" in approver
    assert f"/orders/{order.pk}/withdraw/" not in approver


def test_the_list_filters_and_has_its_empty_states(shop: Shop) -> None:
    clerk = client_of(shop, Post.BUYER_CLERK)
    assert "还没有订单" in clerk.get("/orders/").content.decode()
    order = shop.submit()
    found = clerk.get(f"/orders/?search={order.number}&state=pending_approval").content.decode()
    assert order.number in found
    none = clerk.get("/orders/?state=paid").content.decode()
    assert "没有符合条件的订单" in none
    assert order.number not in none
    assert clerk.get("/orders/?state=perhaps").status_code == 400
    for text in (found, none):
        assert latin_words(text) == []


def test_the_export_keeps_formulas_text(shop: Shop) -> None:
    order = shop.submit()
    with tenant_selected(shop.tenant):
        Order.objects.filter(pk=order.pk).update(supplier_name="=HYPERLINK(1)")
    answer = client_of(shop, Post.BUYER_CLERK).get("/orders/export.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    text = answer.content.decode("utf-8-sig")
    assert order.number in text
    assert "'=HYPERLINK(1)" in text


def test_strangers_and_absent_orders_look_the_same(shop: Shop) -> None:
    order = shop.submit()
    seller, clerk = client_of(shop, Post.SUPPLIER_SALES), client_of(shop, Post.BUYER_CLERK)
    assert seller.get(f"/orders/{order.pk}/").status_code == 404
    assert clerk.get(f"/orders/{order.pk + 1}/").status_code == 404
    assert clerk.get(f"/orders/{10**30}/").status_code == 404
    for path in ("approve", "reject"):
        approver = client_of(shop, Post.BUYER_APPROVER)
        assert (
            approver.post(f"/orders/{10**30}/{path}/", {"reason": "x"} if path == "reject" else {}).status_code == 404
        )


def test_pages_stay_within_their_statements(shop: Shop) -> None:
    placed = shop.place()
    waiting = shop.submit()
    shop.fill_cart()
    clerk, approver = client_of(shop, Post.BUYER_CLERK), client_of(shop, Post.BUYER_APPROVER)
    figures = {}
    for client, path in (
        (clerk, "/orders/"),
        (clerk, f"/orders/{placed.pk}/"),
        (clerk, f"/checkout/{shop.supplier.pk}/"),
        (clerk, f"/checkout/{shop.supplier.pk}/?mode=compare"),
        (approver, "/approvals/"),
        (approver, f"/orders/{waiting.pk}/reject/"),
        (clerk, "/orders/export.csv"),
    ):
        client.get(path)  # law texts and the calendar are kept a minute
        with counted() as found:
            assert client.get(path).status_code == 200
        figures[path] = len(found)
    assert max(figures.values()) <= 12, figures

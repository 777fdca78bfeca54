"""Disputes about orders: stopped, put on record, mediated, taken back; where the order and its budget go from there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kernel.clock import local_date, utc_now
from kernel.lifecycle import WrongState
from kernel.posts import Post
from kernel.problems import InvalidInput, NotFound, NotPermitted
from tenant_apps.budgets.models import BudgetLine
from tenant_apps.disputes import services
from tenant_apps.disputes.models import Dispute, DisputeStatement
from tenant_apps.disputes.rules import DISPUTE_LIFECYCLE
from tenant_apps.journal.models import JournalEntry
from tenant_apps.orders.dispute_rules import GOES_ON
from tenant_apps.orders.models import Order
from tenant_apps.orders.rules import ORDER_LIFECYCLE, OrderState
from tenant_apps.orders.services.disputing import OutcomeNotPossible
from tenants.database.context import region_as, tenant_selected
from tests.factories import fulfilment as made
from tests.factories.disputes import dispute, in_mediation, mediator, mediator_user
from tests.factories.orders import Shop, make_shop
from tests.factories.people import sign_in
from tests.factories.sanctions import PDF
from tests.factories.statements import counted
from webkit.latin import latin_words


@pytest.fixture
def shop() -> Iterator[Shop]:
    shop = make_shop()
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        yield shop


def state(order: Order) -> str:
    order.refresh_from_db()
    return order.state


def budget(shop: Shop) -> tuple[Decimal, Decimal]:
    line = BudgetLine.objects.get(pk=shop.line.pk)
    return line.frozen, line.spent


def decide(judge: Any, one: Dispute, outcome: str) -> Dispute:
    return services.decide(actor=judge, dispute_id=one.pk, outcome=outcome, conclusion="双方同意", now=utc_now())


def test_the_diagram_of_the_readme_is_the_table() -> None:
    readme = Path(__file__).resolve().parents[2] / "tenant_apps/disputes/README.md"
    assert f"```mermaid\n{DISPUTE_LIFECYCLE.mermaid()}```" in readme.read_text(encoding="utf-8")


def test_every_state_that_can_be_disputed_has_its_way_back() -> None:
    disputed = {source for source, action, allowed in ORDER_LIFECYCLE.product() if allowed and action == "dispute"}
    assert disputed == set(GOES_ON)
    for source, action in GOES_ON.items():
        assert ORDER_LIFECYCLE.next(OrderState.DISPUTED, action).target == source


MAKERS: dict[str, Callable[[Shop], Order]] = {
    "accepted": made.accepted,
    "shipped": made.shipped,
    "partly_accepted": made.partly_accepted,
    "goods_refused": made.goods_refused,
    "returned": made.returned,
    "goods_accepted": made.goods_accepted,
    "paid": made.paid,
}


@pytest.mark.parametrize("stopped_in", list(MAKERS))
def test_a_dispute_stops_the_order_and_taken_back_lets_it_go_on(shop: Shop, stopped_in: str) -> None:
    order = MAKERS[stopped_in](shop)
    frozen = budget(shop)
    one = dispute(shop, order)
    assert (state(order), order.disputed_in, one.state, one.opened_by) == ("disputed", stopped_in, "open", "buyer")
    assert order.next_due_at is None
    with pytest.raises(WrongState):
        dispute(shop, order, by=shop.seller)
    with pytest.raises(services.NotTheOpener):
        services.withdraw(actor=shop.seller, dispute_id=one.pk, now=utc_now())
    services.withdraw(actor=shop.clerk, dispute_id=one.pk, now=utc_now())
    one.refresh_from_db()
    assert (state(order), order.disputed_in, one.state, budget(shop)) == (stopped_in, "", "withdrawn", frozen)
    assert (order.next_due_at is not None) == (stopped_in == "paid")
    events = JournalEntry.objects.filter(object_type="dispute").order_by("id").values_list("event", flat=True)
    assert list(events) == ["disputes.opened", "disputes.withdrawn"]


def test_both_sides_and_the_mediator_are_put_on_record(shop: Shop) -> None:
    order = made.shipped(shop)
    one = dispute(shop, order, by=shop.seller)
    assert one.mediation_due_at > one.statement_due_at > one.opened_at
    assert local_date(one.statement_due_at) > local_date(one.opened_at)
    judge = mediator(shop)
    services.state(actor=shop.clerk, dispute_id=one.pk, text="货物型号不对", now=utc_now())
    with pytest.raises(NotPermitted):
        services.state(actor=shop.actor(Post.BUYER_ACCEPTOR), dispute_id=one.pk, text="说一句", now=utc_now())
    with pytest.raises(InvalidInput):
        services.state(actor=shop.clerk, dispute_id=one.pk, text="  ", now=utc_now())
    with pytest.raises(WrongState):
        decide(judge, one, "resume_acceptance")
    with pytest.raises(NotPermitted):
        services.take_up(actor=shop.clerk, dispute_id=one.pk, now=utc_now())
    services.take_up(actor=judge, dispute_id=one.pk, now=utc_now())
    services.state(actor=judge, dispute_id=one.pk, text="调解会议纪要", now=utc_now())
    assert list(DisputeStatement.objects.order_by("id").values_list("side", flat=True)) == [
        "supplier",
        "buyer",
        "mediator",
    ]
    with pytest.raises(NotPermitted):
        decide(shop.clerk, one, "terminate")
    decide(judge, one, "resume_acceptance")
    one.refresh_from_db()
    assert (state(order), order.state_reason) == ("shipped", "双方同意")
    assert (one.state, one.outcome, one.conclusion, one.mediator_id) == (
        "resolved",
        "resume_acceptance",
        "双方同意",
        judge.user_id,
    )
    with pytest.raises(WrongState):
        services.state(actor=shop.clerk, dispute_id=one.pk, text="还有", now=utc_now())


@pytest.mark.parametrize("stopped_in", ["shipped", "goods_accepted"])
def test_terminated_the_budget_comes_back(shop: Shop, stopped_in: str) -> None:
    order = MAKERS[stopped_in](shop)
    assert budget(shop) == (Decimal("40.00"), 0)
    one, judge = in_mediation(shop, order)
    for outcome in ("settle_part", "resume_closing"):
        with pytest.raises(OutcomeNotPossible):
            decide(judge, one, outcome)
    decide(judge, one, "terminate")
    assert (state(order), budget(shop)) == ("terminated", (0, 0))


def test_a_paid_order_that_is_terminated_has_spent_its_budget(shop: Shop) -> None:
    order = made.paid(shop)
    one, judge = in_mediation(shop, order)
    decide(judge, one, "terminate")
    assert (state(order), budget(shop)) == ("terminated", (0, Decimal("40.00")))


def test_a_part_accepted_order_is_settled_for_what_was_accepted(shop: Shop) -> None:
    order = made.partly_accepted(shop)
    assert budget(shop) == (Decimal("100.00"), 0)
    one, judge = in_mediation(shop, order)
    with pytest.raises(OutcomeNotPossible):
        decide(judge, one, "terminate")
    decide(judge, one, "settle_part")
    assert (state(order), order.payable_amount, budget(shop)) == (
        "goods_accepted",
        Decimal("60.00"),
        (Decimal("60.00"), 0),
    )


def test_the_dispute_on_pages_and_over_the_api(shop: Shop) -> None:
    order = made.shipped(shop)
    judge = mediator_user(shop.tenant)
    clerk, seller = (sign_in(Client(), shop.people[p], shop.tenant) for p in (Post.BUYER_CLERK, Post.SUPPLIER_SALES))
    bureau = sign_in(Client(), judge, shop.tenant)
    path = f"/orders/{order.pk}/dispute/"
    assert f'href="{path}"' in clerk.get(f"/orders/{order.pk}/").content.decode()
    assert latin_words(clerk.get(path).content.decode()) == []
    assert clerk.post(path, {"text": " ", "version": str(order.version)}).status_code == 400
    paper = SimpleUploadedFile("验收照片.pdf", PDF, "application/pdf")
    answer = clerk.post(path, {"text": "型号不符", "version": str(order.version), "paper": paper})
    assert answer.status_code == 303
    address = answer["Location"]
    page = seller.get(address).content.decode()
    assert ("型号不符" in page, "验收照片" in page, latin_words(page)) == (True, True, [])
    with tenant_selected(shop.tenant):
        key = DisputeStatement.objects.get().paper_key
    assert seller.get(f"/files/{key}/").status_code == 200
    assert seller.post(f"{address}statements/", {"text": "发货单与约定一致"}).status_code == 303
    assert seller.post(f"{address}take-up/").status_code == 403
    assert bureau.post(f"{address}take-up/").status_code == 303
    with counted() as statements:
        assert "发货单与约定一致" in bureau.get(address).content.decode()
    assert len(statements) <= 12, statements
    assert bureau.post(f"{address}decide/", {"outcome": "", "conclusion": "好"}).status_code == 400
    listed = bureau.get("/disputes/").content.decode()
    assert (order.number in listed, latin_words(listed)) == (True, [])
    body = {"outcome": "resume_acceptance", "conclusion": "双方同意继续验收"}
    with counted() as statements:
        done = bureau.post(f"/api/v1{address}decide/", body, content_type="application/json")
    assert (done.status_code, done.json()["state"]) == (200, "resolved")
    assert len(statements) <= 12, statements
    assert "双方同意继续验收" in clerk.get(f"/orders/{order.pk}/").content.decode()
    other = make_shop("990002")
    for stranger in (
        sign_in(Client(), other.people[Post.SUPPLIER_SALES], other.tenant),
        sign_in(Client(), other.people[Post.SUPPLIER_SALES], shop.tenant),
    ):
        assert stranger.get(address).status_code == 404
        assert stranger.get(f"/files/{key}/").status_code == 404


def test_a_stranger_does_not_learn_of_it(shop: Shop) -> None:
    one = dispute(shop, made.shipped(shop))
    with region_as("yz_region"):
        other = make_shop("990002")
    with pytest.raises(NotFound):
        services.state(actor=other.seller, dispute_id=one.pk, text="好奇", now=utc_now())

"""The order that buys what a supplement adds: named once, seen from both sides, and without a contract of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from kernel.clock import utc_now
from kernel.lifecycle import WrongState
from kernel.posts import Post
from kernel.problems import NotFound, NotPermitted
from tenant_apps.contracts import needing, selectors
from tenant_apps.contracts.models import ContractVersion, SupplementOrder
from tenant_apps.contracts.rules import beyond_supplement
from tenant_apps.contracts.services import drafting, linking
from tenant_apps.journal.models import JournalEntry
from tenant_apps.orders.models import Order
from tenants.database.context import region_as, tenant_selected
from tests.factories import contracts as made
from tests.factories import fulfilment
from tests.factories.orders import Shop, make_shop
from tests.factories.people import sign_in
from tests.factories.statements import counted
from webkit.latin import latin_words


@pytest.fixture(scope="module")
def kept_shop(kept_world: Callable[[], None]) -> Shop:
    shop = make_shop()
    kept_world()
    return shop


@pytest.fixture
def shop(kept_shop: Shop) -> Iterator[Shop]:
    with tenant_selected(kept_shop.tenant), region_as("yz_mall"):
        yield kept_shop


def supplement(shop: Shop, order: Order, *, minutes_ago: int = 10) -> ContractVersion:
    """Two pieces more of an order of 40, signed."""
    row = made.filed(shop, order)
    added = drafting.draft_supplement(
        actor=shop.clerk, contract_id=row.contract_id, lines=[(1, 2)], reason="新增一个班", now=utc_now()
    )
    # The factory turns the signature service's clock forward: what is ordered next is ordered after it.
    return made.sign(shop, made.offer(shop, added), now=utc_now() - timedelta(minutes=minutes_ago))


def link(shop: Shop, row: ContractVersion, order: Order, post: Post = Post.BUYER_CLERK) -> ContractVersion:
    return linking.link_order(actor=shop.actor(post), version_id=row.pk, order_id=order.pk, now=utc_now())


def test_an_order_is_named_once_and_counts_once(shop: Shop) -> None:
    first = fulfilment.accepted(shop, quantity=40)
    row = supplement(shop, first)
    order = fulfilment.accepted(shop, quantity=2)
    link(shop, row, order)
    told = JournalEntry.objects.filter(event__in=["contracts.supplement_ordered", "orders.supplement_linked"])
    assert [(entry.object_type, entry.object_id) for entry in told.order_by("id")] == [
        ("contract", str(row.contract_id)), ("order", str(order.pk)),
    ]  # fmt: skip
    with pytest.raises(linking.SupplementOrdered):
        link(shop, row, fulfilment.accepted(shop, quantity=1))
    # The order has no contract of its own, whose tenth could be added once more.
    with pytest.raises(drafting.OrderUnderSupplement):
        made.drafted(shop, order)
    dossier = selectors.contract_for(actor=shop.clerk, contract_id=row.contract_id)
    assert dossier.room is not None
    assert (dossier.room.used, dossier.to_order) == (Decimal("40.00"), [])


def test_goods_leave_under_a_supplement_where_a_contract_is_needed(shop: Shop) -> None:
    row = supplement(shop, fulfilment.accepted(shop, quantity=40))
    order = fulfilment.accepted(shop, quantity=2)
    office = made.bureau(shop)
    needing.decide(actor=office, needed=True, from_amount=Decimal(1), reason="会议纪要", now=utc_now())
    with pytest.raises(needing.ContractNeeded):
        fulfilment.ship(shop, order)
    link(shop, row, order)
    assert JournalEntry.objects.get(event="orders.supplement_linked").facts["next_post"] == "supplier_sales"
    assert fulfilment.ship(shop, order).state == "shipped"


def test_another_order_is_refused_and_nothing_changes(shop: Shop) -> None:
    first = fulfilment.accepted(shop, quantity=40)
    row = supplement(shop, first)
    more = fulfilment.accepted(shop, quantity=3)
    own = fulfilment.accepted(shop, quantity=2)
    made.drafted(shop, own)
    for order in (first, more, own):
        with pytest.raises(linking.OrderNotOfSupplement):
            link(shop, row, order)
    # Signed after the order was placed.
    late = supplement(shop, fulfilment.accepted(shop, quantity=40), minutes_ago=0)
    with pytest.raises(linking.OrderNotOfSupplement):
        link(shop, late, fulfilment.accepted(shop, quantity=2))
    waiting = shop.submit(quantity=2)
    with pytest.raises(WrongState):
        link(shop, row, waiting)
    right = fulfilment.accepted(shop, quantity=1)
    before = JournalEntry.objects.count()
    for post in (Post.BUYER_APPROVER, Post.SUPPLIER_SALES):
        with pytest.raises(NotPermitted):
            link(shop, row, right, post)
    with pytest.raises(WrongState):
        link(shop, ContractVersion.objects.get(contract_id=row.contract_id, kind="main"), right)
    with pytest.raises(NotFound):
        linking.link_order(actor=shop.clerk, version_id=row.pk, order_id=10**9, now=utc_now())
    assert (SupplementOrder.objects.count(), JournalEntry.objects.count()) == (0, before)


@pytest.mark.parametrize(
    ("asked", "beyond"),
    [
        ([(7, 2, "20.00")], False), ([(7, 1, "19.00")], False), ([(7, 3, "20.00")], True),
        ([(7, 2, "20.01")], True), ([(8, 1, "1.00")], True), ([(7, 1, "20.00"), (9, 1, "1.00")], True),
    ],
)  # fmt: skip
def test_an_order_of_a_supplement_is_at_most_what_it_adds(asked: list[tuple[int, int, str]], beyond: bool) -> None:
    content = {"lines": [{"position": 2, "quantity": 2, "price": "20.00"}]}
    lines = [(product, quantity, Decimal(price)) for product, quantity, price in asked]
    assert beyond_supplement(content=content, products={1: 8, 2: 7}, asked=lines) is beyond


def test_both_pages_show_the_link(shop: Shop) -> None:
    row = supplement(shop, fulfilment.accepted(shop, quantity=40))
    order = fulfilment.accepted(shop, quantity=2)
    clerk = sign_in(Client(), shop.people[Post.BUYER_CLERK], shop.tenant)
    form = f"/contracts/versions/{row.pk}/order/"
    assert form in clerk.get(f"/contracts/{row.contract_id}/").content.decode()
    assert clerk.post(form, {"order_id": order.pk}).status_code == 303
    for path, other in ((f"/contracts/{row.contract_id}/", str(order.number)), (f"/orders/{order.pk}/", row.number)):
        with counted() as statements:
            page = clerk.get(path).content.decode()
        assert other in page
        assert form not in page
        assert latin_words(page) == []
        assert len(statements) <= 12, (path, len(statements))
    assert "/contract/" not in clerk.get(f"/orders/{order.pk}/").content.decode(), "no contract of its own is offered"
    again = clerk.post(form, {"order_id": order.pk})
    assert again.status_code == 409
    seller = sign_in(Client(), shop.people[Post.SUPPLIER_SALES], shop.tenant)
    assert row.number in seller.get(f"/orders/{order.pk}/").content.decode()

"""One order through the real services, relayed: the inboxes on its way, its fact, the county's statement."""

from __future__ import annotations

from decimal import Decimal as D

from django.test import Client

from kernel.clock import local_date, utc_now
from kernel.posts import Post
from shared_apps.accounts.rules import OrganisationKind as Kind
from shared_apps.fees import demo, selectors
from shared_apps.fees.models import UsageEvent
from shared_apps.fees.services.reconciling import steps
from shared_apps.inbox import selectors as inbox
from shared_apps.inbox.models import InboxItem
from shared_apps.insight.models import OrderFact
from tenants.database.context import region_as, tenant_selected
from tests.factories.fulfilment import goods_accepted, paid
from tests.factories.orders import Shop, make_shop
from tests.factories.people import actor_of, join, make_organisation, make_user, sign_in
from tests.factories.relayed import relay_tenant

A, B = "990001", "990002"


def waiting(shop: Shop, post: Post) -> list[str]:
    """The steps in the inbox of the shop's person with this post, as they see it on the region's host."""
    relay_tenant(A)
    with region_as("yz_region"):
        found = inbox.inbox_page(actor=actor_of(shop.people[post]), now=utc_now())
    return [item.step for item in found.items]


def test_every_step_stands_in_the_right_inbox() -> None:
    shop = make_shop(A)
    posts = (Post.BUYER_APPROVER, Post.SUPPLIER_SALES, Post.BUYER_ACCEPTOR, Post.BUYER_PAYER)
    shop.submit()
    assert [waiting(shop, post) for post in posts] == [["pending_approval"], [], [], []]
    with tenant_selected(A), region_as("yz_mall"):
        goods_accepted(shop)
    assert [waiting(shop, post) for post in posts] == [["pending_approval"], [], [], ["goods_accepted"]]


def test_a_paid_order_is_on_the_countys_statement() -> None:
    shop = make_shop(A, price="1234.50")
    with region_as("yz_region"):
        demo.load(utc_now())
    with tenant_selected(A), region_as("yz_mall"):
        order = paid(shop)
    relay_tenant(A)
    fact = OrderFact.objects.get()
    assert (fact.order_number, fact.state, fact.total) == (order.number, "paid", order.total_amount)
    bureau = make_user(name="财政")
    join(bureau, make_organisation(Kind.FINANCE_BUREAU, tenant_code=A), [Post.TIER_SUPERVISOR])
    month = local_date(utc_now()).replace(day=1)
    with region_as("yz_region"):
        found = selectors.statement(actor=actor_of(bureau), tenant_code=A, month=month, now=utc_now())
        assert [one for step in steps(codes=[A]) for one in step.differences] == []
    assert [line.charge.quantity for line in found.lines][:2] == [D(1), order.total_amount]
    named = [use.facts["order_number"] for line in found.lines[:2] for use in line.events]
    assert named == [order.number, order.number]
    # (2,469.00 - 1,000.00) x 0.5 per mille = 0.7345
    assert found.total == D("0.73")
    assert "¥0.73" in sign_in(Client(), bureau).get(f"/fees/statements/{A}/{month:%Y-%m}/").content.decode()
    assert InboxItem.objects.filter(tenant_code=B).count() == UsageEvent.objects.filter(tenant_code=B).count() == 0

"""Local approval of suppliers: off by default, within the region's bound, and exact in search, page, cart and order."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connections

from kernel.actor import SYSTEM, Actor, HeldPost
from kernel.clock import utc_now
from kernel.posts import Post
from kernel.problems import NotFound, NotPermitted
from shared_apps.products.models import Offer
from shared_apps.products.read_models import SearchQuery
from shared_apps.products.selectors import product_page, search
from shared_apps.products.shelf_bounds import local_approval_allowed, set_shelf_bound, shelf_bounds
from shared_apps.region_journal.models import RegionJournalEntry
from tenant_apps.journal.models import JournalEntry
from tenant_apps.storefront import approving, services
from tenant_apps.storefront.selectors import shelf_view
from tenants.database.context import region_as, tenant_atomic, tenant_selected
from tests.factories.goods import make_offer, make_product, make_shelf, make_supplier

TENANT = "990001"


def holding(post: Post) -> Actor:
    return Actor(user_id=7, name="测试财政", tenant=TENANT, held=(HeldPost(post, 1, None),))


BUREAU = holding(Post.TIER_SUPERVISOR)
CENTRAL = holding(Post.CPB_OPERATOR)


def allow(allowed: bool = True) -> None:
    with region_as("yz_region"):
        set_shelf_bound(actor=SYSTEM, local_approval_allowed=allowed, reason="测试文件1号", now=utc_now())


def decide(supplier_id: int, *, approved: bool = True, version: int = 0, actor: Actor = CENTRAL) -> None:
    with tenant_selected(TENANT), region_as("yz_mall"):
        approving.decide_supplier(
            actor=actor, supplier_id=supplier_id, is_approved=approved, reason="齐全", version=version, now=utc_now()
        )


def switch(is_on: bool = True, *, version: int = 0, actor: Actor = BUREAU) -> approving.ApprovalPolicy:
    with tenant_selected(TENANT), region_as("yz_mall"):
        return approving.switch_local_approval(
            actor=actor, is_on=is_on, reason="本级决定", version=version, now=utc_now()
        )


def sellers(offer: Offer) -> list[int]:
    """Who sells the product here, as its page has it; the search says the same."""
    with tenant_selected(TENANT), region_as("yz_mall"):
        shelf = shelf_view()
        shown = [one.supplier_id for one in product_page(code=offer.product.code, shelf=shelf).offers]
        items = search(query=SearchQuery(text=offer.product.code), shelf=shelf).items
        assert [item.offers for item in items] == ([len(shown)] if shown else [])
        return shown


@pytest.fixture
def offers() -> list[Offer]:
    product = make_product()
    make_shelf(TENANT)
    return [make_offer(product, make_supplier(), price=price) for price in ("20.00", "18.00")]


def test_off_by_default_and_only_what_is_approved_once_on(offers: list[Offer]) -> None:
    dear, cheap = (offer.supplier_id for offer in offers)
    allow()
    decide(dear)
    assert sellers(offers[0]) == [cheap, dear]
    assert switch().counts
    assert sellers(offers[0]) == [dear]
    decide(cheap)
    assert sellers(offers[0]) == [cheap, dear]
    decide(dear, approved=False, version=1)
    assert sellers(offers[0]) == [cheap]
    assert not switch(False, version=1).counts
    assert sellers(offers[0]) == [cheap, dear]


def test_the_region_decides_whether_it_counts(offers: list[Offer]) -> None:
    assert not local_approval_allowed()
    decide(offers[0].supplier_id)
    with pytest.raises(approving.ApprovalNotAllowed):
        switch()
    allow()
    switch()
    assert len(sellers(offers[0])) == 1
    allow(False)
    assert len(sellers(offers[0])) == 2
    assert [bound.local_approval_allowed for bound in shelf_bounds()] == [False, True]


def test_carts_and_orders_follow(offers: list[Offer]) -> None:
    dear, cheap = offers
    clerk = Actor(user_id=5, name="测试经办", tenant=TENANT, held=(HeldPost(Post.BUYER_CLERK, 1, 1),))
    allow()
    decide(dear.supplier_id)
    with tenant_selected(TENANT), region_as("yz_mall"):
        for offer in offers:
            services.add_to_cart(actor=clerk, unit_id=1, offer_id=offer.pk, quantity=1, now=utc_now())
    switch()
    with tenant_selected(TENANT), region_as("yz_mall"):
        with pytest.raises(NotFound):
            services.add_to_cart(actor=clerk, unit_id=1, offer_id=cheap.pk, quantity=1, now=utc_now())
        with tenant_atomic():
            taken = {
                offer.pk: services.take_lines(actor=clerk, unit_id=1, supplier_id=offer.supplier_id)[0].on_shelf
                for offer in offers
            }
    assert taken == {dear.pk: True, cheap.pk: False}


def test_one_journal_row_a_change_and_none_for_what_is_so_already(offers: list[Offer]) -> None:
    allow()
    decide(offers[0].supplier_id)
    switch()
    switch(version=1)
    with tenant_selected(TENANT):
        events = list(JournalEntry.objects.order_by("id").values_list("event", flat=True))
    assert events[-2:] == ["storefront.supplier_decided", "storefront.local_approval_switched"]
    assert RegionJournalEntry.objects.order_by("-id").values_list("event", flat=True)[0] == "products.shelf_bound_set"


def test_who_may_not_and_what_was_changed_in_between(offers: list[Offer]) -> None:
    supplier = offers[0].supplier_id
    allow()
    with pytest.raises(approving.NobodyApproved):
        switch()
    with pytest.raises(NotPermitted):
        decide(supplier, actor=holding(Post.BUYER_CLERK))
    with pytest.raises(NotFound):
        decide(2**40)
    decide(supplier)
    with pytest.raises(NotPermitted):
        switch(actor=CENTRAL)
    with pytest.raises(approving.ApprovalChanged):
        decide(supplier)
    with pytest.raises(approving.ApprovalChanged):
        switch(version=3)
    with region_as("yz_region"), pytest.raises(NotPermitted):
        set_shelf_bound(actor=BUREAU, local_approval_allowed=True, reason="测试", now=utc_now())


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO storefront_localapproval VALUES (2, true, '理由', now(), null, '', 1)",
        "INSERT INTO storefront_localapproval VALUES (1, true, '', now(), null, '', 1)",
        "INSERT INTO storefront_supplierapproval VALUES (1, true, '', now(), null, '', 1)",
    ],
)
def test_rows_that_cannot_be(statement: str) -> None:
    with (
        tenant_selected(TENANT),
        pytest.raises(IntegrityError),
        tenant_atomic(),
        connections["tenant"].cursor() as cursor,
    ):
        cursor.execute(statement)

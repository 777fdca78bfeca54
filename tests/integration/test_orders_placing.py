"""From cart to placed order, in a real tenant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from kernel.actor import SYSTEM
from kernel.clock import local_date, utc_now
from kernel.lifecycle import WrongState
from kernel.posts import Post
from kernel.problems import InvalidInput, NotFound, NotPermitted
from shared_apps.products.models import Offer
from shared_apps.rulebook import selectors as rulebook
from shared_apps.rulebook.models import RuleVersion
from shared_apps.suppliers.models import Supplier
from shared_apps.suppliers.services import change_standing
from tenant_apps.access.rules import IncompatiblePosts
from tenant_apps.budgets.models import BudgetEntry, BudgetLine
from tenant_apps.budgets.services import BudgetInsufficient
from tenant_apps.journal.models import JournalEntry
from tenant_apps.orders.models import Order, OrderDecision, OrderFunding, OrderLine
from tenant_apps.orders.services import approving, placing
from tenant_apps.orders.services.judging import SupplierNotJoined
from tenant_apps.orders.services.refusals import RuleRefused
from tenant_apps.orders.services.steps import OrderChanged
from tenant_apps.policies.models import MallModule, RuleTightening
from tenant_apps.storefront.models import CartLine
from tenant_apps.supermarket.services import SupplierNotOnShelf, submit_cart
from tenants.database.context import region_as, tenant_selected
from tests.factories.goods import make_offer, make_product, make_shelf, make_supplier
from tests.factories.orders import Shop, make_line, make_shop
from tests.factories.people import actor_of
from tests.factories.rules import verified_threshold
from tests.factories.statements import counted


@pytest.fixture
def shop() -> Iterator[Shop]:
    made = make_shop()
    with tenant_selected(made.tenant), region_as("yz_mall"):
        yield made


def snapshot() -> tuple[int, ...]:
    models = (Order, OrderLine, OrderFunding, OrderDecision, BudgetEntry, CartLine)
    return (
        *(model.objects.count() for model in models),
        JournalEntry.objects.filter(object_type="order").count(),
        int(sum(line.frozen for line in BudgetLine.objects.all()) * 100),
    )


# -- submit ----------------------------------------------------------------------------------------------------------
def test_a_cart_becomes_an_order_waiting_for_approval(shop: Shop) -> None:
    order = shop.submit(quantity=3)
    order.refresh_from_db()
    assert order.state == "pending_approval"
    assert order.number == f"DD{shop.tenant}{local_date(utc_now()):%Y%m%d}{order.pk % 10**6:06d}"
    assert (order.goods_amount, order.freight_amount, order.total_amount) == (
        Decimal("60.00"),
        Decimal("0.00"),
        Decimal("60.00"),
    )
    assert (order.unit_name, order.clerk_name, order.supplier_name) == ("测试第一小学", "测试甲", "测试供应商")
    line = OrderLine.objects.get()
    assert (line.price, line.quantity, line.amount, line.vat_rate) == (
        Decimal("20.00"),
        3,
        Decimal("60.00"),
        Decimal("0.13"),
    )
    assert [(f.budget_line_id, f.amount) for f in OrderFunding.objects.all()] == [(shop.line.pk, Decimal("60.00"))]
    assert CartLine.objects.count() == 0
    decisions = OrderDecision.objects.filter(order=order)
    assert decisions.count() == 11
    assert all(decision.allowed and decision.occasion == "submit" for decision in decisions)
    assert BudgetLine.objects.get(pk=shop.line.pk).frozen == 0
    entry = JournalEntry.objects.get(object_type="order")
    assert (entry.event, entry.object_id) == ("orders.submitted", str(order.pk))
    assert entry.facts["next_post"] == "buyer_approver"
    assert entry.facts["total"] == "60.00"


def test_freight_is_charged_once_a_line_and_shared_between_budget_lines(shop: Shop) -> None:
    first = make_offer(supplier=shop.supplier, price="33.33", areas=[("990001", "8.62", "0.19")])
    second_line = make_line(shop.tenant, shop.unit_id)
    shop.fill_cart(quantity=3, offer=first)
    shop.fill_cart(quantity=1)
    checkout = shop.checkout("0", funding=((second_line.pk, Decimal("100.00")), (shop.line.pk, Decimal("29.18"))))
    order = submit_cart(actor=shop.clerk, checkout=checkout, now=utc_now())
    assert (order.goods_amount, order.freight_amount) == (Decimal("120.56"), Decimal("8.62"))
    assert [
        (f.order_line.position, f.budget_line_id, f.amount)
        for f in OrderFunding.objects.select_related("order_line").order_by("id")
    ] == [
        (1, second_line.pk, Decimal("100.00")),
        (1, shop.line.pk, Decimal("9.18")),
        (2, shop.line.pk, Decimal("20.00")),
    ]


def test_an_amount_at_the_limit_is_refused_and_the_refusal_is_kept(shop: Shop) -> None:
    dear = make_offer(supplier=shop.supplier, price="300000.00")
    rich = make_line(shop.tenant, shop.unit_id, total="900000.00")
    shop.fill_cart(quantity=1, offer=dear)
    before = snapshot()
    checkout = shop.checkout("0", funding=((rich.pk, Decimal("300000.00")),))
    with pytest.raises(RuleRefused) as refused:
        submit_cart(actor=shop.clerk, checkout=checkout, now=utc_now())
    assert refused.value.status == 409
    assert refused.value.facts["refused"] == ["R-DECENTRALISED"]
    kept = OrderDecision.objects.filter(order=None)
    assert kept.count() == 12
    [no] = [decision for decision in kept if not decision.allowed]
    assert (no.rule, no.asked_by_id, no.unit_id) == ("R-DECENTRALISED", shop.clerk.user_id, shop.unit_id)
    assert no.content["inputs"]["total"] == "300000.00"
    assert len(no.fingerprint) == 64
    # Nothing else happened, and the cart is as it was.
    after = list(snapshot())
    after[3] = before[3]
    assert tuple(after) == before


def test_one_cent_below_the_limit_passes(shop: Shop) -> None:
    dear = make_offer(supplier=shop.supplier, price="299999.99")
    rich = make_line(shop.tenant, shop.unit_id, total="900000.00")
    shop.fill_cart(quantity=1, offer=dear)
    order = submit_cart(
        actor=shop.clerk,
        checkout=shop.checkout("0", funding=((rich.pk, Decimal("299999.99")),)),
        now=utc_now(),
    )
    assert order.total_amount == Decimal("299999.99")


def test_a_plan_that_is_not_filed_refuses(shop: Shop) -> None:
    unfiled = make_line(shop.tenant, shop.unit_id, filed=False)
    with pytest.raises(RuleRefused) as refused:
        shop.submit(funding=((unfiled.pk, Decimal("40.00")),))
    assert refused.value.facts["refused"] == ["R-PLAN"]


@pytest.mark.parametrize(
    "case",
    [
        "wrong_sum",
        "too_little",
        "stranger_line",
        "empty_cart",
        "other_unit",
        "nobody",
        "small",
        "no_whole_pack",
        "shelf",
    ],
)
def test_what_cannot_be_submitted_changes_nothing(shop: Shop, case: str) -> None:
    checkout = shop.checkout("40.00")
    expected: type[Exception] = placing.FundingDiffers
    actor = shop.clerk
    if case != "empty_cart":
        shop.fill_cart(quantity=2)
    match case:
        case "wrong_sum":
            checkout = shop.checkout("39.99")
        case "too_little":
            small = make_line(shop.tenant, shop.unit_id, total="10.00")
            checkout, expected = shop.checkout("0", funding=((small.pk, Decimal("40.00")),)), BudgetInsufficient
        case "stranger_line":
            checkout, expected = shop.checkout("0", funding=((999_999, Decimal("40.00")),)), NotFound
        case "empty_cart":
            expected = placing.NothingToOrder
        case "other_unit":
            checkout, expected = replace(checkout, unit_id=999_999), NotFound
        case "nobody":
            actor, expected = shop.approver, NotFound
        case "small":
            bulk = make_offer(supplier=shop.supplier, price="1.00", min_quantity=1)
            shop.fill_cart(quantity=1, offer=bulk)
            with region_as("yz_region"):
                Offer.objects.filter(pk=bulk.pk).update(min_quantity=50)
            expected = InvalidInput
        case "no_whole_pack":
            with region_as("yz_region"):
                Offer.objects.filter(pk=shop.offer.pk).update(pack_quantity=5)
            expected = InvalidInput
        case "shelf":
            make_shelf(shop.tenant, excluded=[shop.supplier.pk])
            expected = SupplierNotOnShelf
    before = snapshot()
    with pytest.raises(expected):
        submit_cart(actor=actor, checkout=checkout, now=utc_now())
    assert snapshot() == before


def test_a_closed_module_takes_no_orders(shop: Shop) -> None:
    MallModule.objects.update(state="closed", opened_at=None, closed_at=utc_now())
    with pytest.raises(placing.ModuleClosed):
        shop.submit()


def test_a_supplier_without_people_gets_no_orders(shop: Shop) -> None:
    silent = make_supplier()
    offer = make_offer(supplier=silent, price="20.00")
    shop.fill_cart(offer=offer)
    with pytest.raises(SupplierNotJoined):
        submit_cart(actor=shop.clerk, checkout=shop.checkout("40.00", supplier_id=silent.pk), now=utc_now())


def test_comparison_counts_offers_of_the_same_item_and_wants_a_reason_for_the_dearer(shop: Shop) -> None:
    cheaper = [make_offer(make_product(), make_supplier(), price=price) for price in ("19.00", "21.00")]
    ids = tuple(offer.pk for offer in cheaper)
    with pytest.raises(RuleRefused) as too_few:
        shop.submit(mode="compare", compared=ids[:1])
    assert too_few.value.facts["refused"] == ["R-COMPARE"]
    CartLine.objects.all().delete()
    one = make_supplier()
    of_one = tuple(make_offer(make_product(), one, price=price).pk for price in ("19.50", "21.50"))
    with pytest.raises(RuleRefused) as same_supplier:
        shop.submit(mode="compare", compared=of_one, choice_reason="供货时间最短")
    assert same_supplier.value.facts["refused"] == ["R-COMPARE"]
    CartLine.objects.all().delete()
    with pytest.raises(RuleRefused):
        shop.submit(mode="compare", compared=ids)
    CartLine.objects.all().delete()
    order = shop.submit(mode="compare", compared=ids, choice_reason="供货时间最短")
    assert [offer["price"] for offer in order.compared] == ["19.00", "21.00"]


def test_related_suppliers_count_as_one_in_a_comparison(shop: Shop) -> None:
    others = [make_supplier(), make_supplier()]
    ids = tuple(make_offer(make_product(), one, price="21.00").pk for one in others)
    with region_as("yz_region"):
        Supplier.objects.filter(pk__in=[one.pk for one in others]).update(phone_key="09975551234")
    with pytest.raises(RuleRefused) as too_few:
        shop.submit(mode="compare", compared=ids)
    said = {one["rule"]: one for one in too_few.value.facts["decisions"]}
    assert too_few.value.facts["refused"] == ["R-COMPARE"]
    assert said["R-COMPARE"]["inputs"]["offers_compared"] == 2
    assert said["R-RELATED"]["warned"] is True
    CartLine.objects.all().delete()
    third = make_offer(make_product(), make_supplier(), price="22.00").pk
    assert shop.submit(mode="compare", compared=(*ids, third)).pk


# -- approve ---------------------------------------------------------------------------------------------------------
def test_approval_places_the_order_and_freezes_the_budget_last(shop: Shop) -> None:
    order = shop.submit(quantity=5)
    with counted() as statements:
        placed = approving.approve(actor=shop.approver, order_id=order.pk, now=utc_now(), version=1)
    assert (placed.state, placed.version, placed.approver_name) == ("placed", 2, "测试乙")
    assert placed.placed_at is not None
    assert placed.next_due_at is not None
    assert placed.next_due_at > placed.placed_at
    line = BudgetLine.objects.get(pk=shop.line.pk)
    assert (line.frozen, line.spent) == (Decimal("100.00"), 0)
    assert OrderDecision.objects.filter(order=order, occasion="approve", allowed=True).count() == 11
    entry = JournalEntry.objects.get(event="orders.approved")
    assert entry.facts["next_post"] == "supplier_sales"
    assert entry.facts["due_at"] is not None
    assert "budgets_budgetline" in statements[-1]
    assert statements[-1].startswith("tenant: UPDATE")


@pytest.mark.parametrize(
    ("change", "rule"),
    [("price", "R-OFFER"), ("frozen", "R-OFFER"), ("supplier", "R-SUPPLIER"), ("threshold", "R-DECENTRALISED")],
)
def test_what_changed_since_refuses_the_approval_with_an_explanation(shop: Shop, change: str, rule: str) -> None:
    order = shop.submit()
    with region_as("yz_region"):
        match change:
            case "price":
                Offer.objects.filter(pk=shop.offer.pk).update(price=Decimal("20.01"), reference_price=Decimal("30"))
            case "frozen":
                Offer.objects.filter(pk=shop.offer.pk).update(state="frozen")
            case "supplier":
                change_standing(
                    actor=SYSTEM, supplier_id=shop.supplier.pk, action="suspend", reason="核查", now=utc_now()
                )
            case "threshold":
                verified_threshold(amount="40.00")
    before = snapshot()
    with pytest.raises(RuleRefused) as refused:
        approving.approve(actor=shop.approver, order_id=order.pk, now=utc_now())
    assert rule in refused.value.facts["refused"]
    order.refresh_from_db()
    assert (order.state, order.version) == ("pending_approval", 1)
    kept = OrderDecision.objects.filter(order=order, occasion="approve")
    assert {decision.rule for decision in kept if not decision.allowed} >= {rule}
    after = list(snapshot())
    after[3] = before[3]
    assert tuple(after) == before


def test_a_threshold_verified_a_moment_ago_counts_at_once_where_it_was_verified(shop: Shop) -> None:
    order = shop.submit()
    verified_threshold(amount="40.00")
    with pytest.raises(RuleRefused) as refused:
        shop.submit()
    assert refused.value.facts["refused"] == ["R-DECENTRALISED", "R-SPLIT-DECENTRALISED"]
    with pytest.raises(RuleRefused):
        approving.approve(actor=shop.approver, order_id=order.pk, now=utc_now())


def test_another_process_may_decide_on_the_region_s_rules_of_five_seconds_ago(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written past the services, as by another process: nobody tells this one to forget what it keeps."""
    shop.submit()
    with region_as("yz_region"):
        RuleVersion.objects.filter(code="R-DECENTRALISED", level="county", kind="goods").update(amount=40)
    CartLine.objects.all().delete()
    late, last = shop.submit(), shop.submit()
    assert approving.approve(actor=shop.approver, order_id=late.pk, now=utc_now()).state == "placed"
    monkeypatch.setattr(rulebook, "_RECENT_SECONDS", 0.0)
    with pytest.raises(RuleRefused) as refused:
        approving.approve(actor=shop.approver, order_id=last.pk, now=utc_now())
    assert refused.value.facts["refused"] == ["R-DECENTRALISED", "R-SPLIT-DECENTRALISED"]
    with pytest.raises(RuleRefused):
        shop.submit()


def test_a_local_value_of_a_moment_ago_decides_the_approval(shop: Shop) -> None:
    order = shop.submit()
    RuleTightening.objects.create(
        code="R-DIRECT", kind="goods", amount=Decimal("30.00"), reason="x", set_by_name="", set_at=utc_now()
    )
    with pytest.raises(RuleRefused) as refused:
        approving.approve(actor=shop.approver, order_id=order.pk, now=utc_now())
    assert refused.value.facts["refused"] == ["R-DIRECT"]


def test_a_closed_module_lets_what_was_submitted_go_on(shop: Shop) -> None:
    order = shop.submit()
    MallModule.objects.update(state="closed", opened_at=None, closed_at=utc_now())
    assert approving.approve(actor=shop.approver, order_id=order.pk, now=utc_now()).state == "placed"


def test_without_a_line_of_the_budget_the_closed_module_is_told_all_the_same(shop: Shop) -> None:
    MallModule.objects.update(state="closed", opened_at=None, closed_at=utc_now())
    shop.fill_cart()
    with pytest.raises(placing.ModuleClosed):
        submit_cart(
            actor=shop.clerk, checkout=replace(shop.checkout("40.00"), funding=((10**9, Decimal(40)),)), now=utc_now()
        )


def test_too_little_budget_is_told_and_nothing_is_half_done(shop: Shop) -> None:
    first, second = shop.submit(quantity=3), shop.submit(quantity=3)
    BudgetLine.objects.filter(pk=shop.line.pk).update(total=Decimal("100.00"))
    approving.approve(actor=shop.approver, order_id=first.pk, now=utc_now())
    before = snapshot()
    with pytest.raises(BudgetInsufficient) as refused:
        approving.approve(actor=shop.approver, order_id=second.pk, now=utc_now())
    assert refused.value.status == 409
    assert (refused.value.facts["asked"], refused.value.facts["available"]) == (Decimal("60.00"), Decimal("40.00"))
    assert snapshot() == before


def test_the_clerk_never_approves_his_own_order(shop: Shop) -> None:
    both = shop.hire("一人两岗", Post.BUYER_CLERK, Post.BUYER_APPROVER)
    shop.people[Post.BUYER_CLERK] = both
    order = shop.submit()
    with pytest.raises(IncompatiblePosts):
        approving.approve(actor=actor_of(both, shop.tenant), order_id=order.pk, now=utc_now())
    with pytest.raises(IncompatiblePosts):
        approving.reject(actor=actor_of(both, shop.tenant), order_id=order.pk, reason="不要了", now=utc_now())


@pytest.mark.parametrize("post", [Post.BUYER_CLERK, Post.BUYER_ACCEPTOR, Post.BUYER_PAYER])
def test_other_posts_of_the_unit_may_not_approve(shop: Shop, post: Post) -> None:
    order = shop.submit()
    with pytest.raises(NotPermitted):
        approving.approve(actor=shop.actor(post), order_id=order.pk, now=utc_now())


def test_to_a_stranger_an_order_is_absent(shop: Shop) -> None:
    order = shop.submit()
    stranger = actor_of(shop.hire("外人"), shop.tenant)
    # The supplier learns of it when it is placed, not before.
    for actor in (stranger, shop.seller):
        for call in (
            lambda actor=actor: approving.approve(actor=actor, order_id=order.pk, now=utc_now()),
            lambda actor=actor: approving.reject(actor=actor, order_id=order.pk, reason="x", now=utc_now()),
            lambda actor=actor: approving.withdraw(actor=actor, order_id=order.pk, now=utc_now()),
        ):
            with pytest.raises(NotFound):
                call()
    with pytest.raises(NotFound):
        approving.approve(actor=shop.approver, order_id=order.pk + 1, now=utc_now())


def test_an_old_version_and_a_second_approval_are_refused(shop: Shop) -> None:
    order = shop.submit()
    with pytest.raises(OrderChanged):
        approving.approve(actor=shop.approver, order_id=order.pk, now=utc_now(), version=7)
    approving.approve(actor=shop.approver, order_id=order.pk, now=utc_now())
    with pytest.raises(WrongState):
        approving.approve(actor=shop.approver, order_id=order.pk, now=utc_now())
    assert JournalEntry.objects.filter(event="orders.approved").count() == 1


# -- reject and withdraw ---------------------------------------------------------------------------------------------
def test_a_rejection_needs_its_reason(shop: Shop) -> None:
    order = shop.submit()
    before = snapshot()
    with pytest.raises(InvalidInput):
        approving.reject(actor=shop.approver, order_id=order.pk, reason="  ", now=utc_now())
    assert snapshot() == before
    rejected = approving.reject(actor=shop.approver, order_id=order.pk, reason="本月不采购", now=utc_now())
    assert (rejected.state, rejected.state_reason) == ("rejected", "本月不采购")
    assert JournalEntry.objects.get(event="orders.rejected").facts["reason"] == "本月不采购"


def test_only_the_clerk_who_submitted_withdraws(shop: Shop) -> None:
    order = shop.submit()
    other = shop.hire("另一经办", Post.BUYER_CLERK)
    with pytest.raises(approving.NotYours):
        approving.withdraw(actor=actor_of(other, shop.tenant), order_id=order.pk, now=utc_now())
    assert approving.withdraw(actor=shop.clerk, order_id=order.pk, now=utc_now()).state == "withdrawn"
    with pytest.raises(WrongState):
        approving.approve(actor=shop.approver, order_id=order.pk, now=utc_now())

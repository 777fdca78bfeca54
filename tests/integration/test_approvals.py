"""Approvals by flow: whose turn it is, what a step changes, sending back, standing in, many at once, how long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError

from kernel.clock import local_date, utc_now
from kernel.lifecycle import WrongState
from kernel.posts import Post
from kernel.problems import InvalidInput, NotFound, NotPermitted
from tenant_apps.access import deputies
from tenant_apps.access.models import PostHolding
from tenant_apps.access.rules import IncompatiblePosts
from tenant_apps.access.services import PostHeldAlready, end_post
from tenant_apps.approvals import flows, selectors
from tenant_apps.approvals.batch import Verdict, decide_many
from tenant_apps.approvals.models import ApprovalFlow, ApprovalStep
from tenant_apps.approvals.rules import FlowStep
from tenant_apps.approvals.steps import NotYourStep, StepTakenAlready
from tenant_apps.budgets.models import BudgetEntry
from tenant_apps.journal.models import JournalEntry
from tenant_apps.orders.models import Order
from tenant_apps.orders.permissions import possible_actions
from tenant_apps.orders.services import approving
from tenants.database.context import region_as, tenant_atomic, tenant_selected
from tests.factories.approvals import LAST, MONEY, approver, flow_of, set_flow
from tests.factories.orders import Shop, make_shop
from tests.factories.people import actor_of
from tests.factories.statements import counted

STEPS_OF_APPROVAL = {"approve", "approve_step", "send_back", "reject"}


@pytest.fixture
def shop() -> Iterator[Shop]:
    made = make_shop()
    with tenant_selected(made.tenant), region_as("yz_mall"):
        yield made


def states(order: Order) -> list[str]:
    return list(ApprovalStep.objects.filter(order_id=order.pk).order_by("id").values_list("state", flat=True))


def told(order: Order) -> list[str]:
    rows = JournalEntry.objects.filter(object_type="order", object_id=str(order.pk)).order_by("id")
    return [event.removeprefix("orders.") for event in rows.values_list("event", flat=True)]


def may(shop: Shop, order: Order, *posts: Post) -> list[set[str]]:
    order.refresh_from_db()
    return [
        {move.action for move in possible_actions(actor=shop.actor(post), order=order)} & STEPS_OF_APPROVAL
        for post in posts
    ]


# -- steps -------------------------------------------------------------------------------------------------------------
def test_an_order_of_a_plain_flow_has_no_steps(shop: Shop) -> None:
    order = shop.submit()
    assert may(shop, order, Post.BUYER_APPROVER, Post.BUYER_PAYER) == [{"approve", "send_back", "reject"}, set()]
    approving.approve(actor=shop.approver, order_id=order.pk, now=utc_now())
    assert ApprovalStep.objects.count() == 0
    assert told(order) == ["submitted", "approved"]


def test_each_stage_waits_for_the_one_before_and_the_last_places(shop: Shop) -> None:
    set_flow(shop, flow_of((MONEY,), (LAST,)))
    order, payer = shop.submit(), shop.actor(Post.BUYER_PAYER)
    assert states(order) == ["open", "waiting"]
    assert may(shop, order, Post.BUYER_APPROVER, Post.BUYER_PAYER) == [set(), {"approve_step", "send_back"}]
    with pytest.raises(NotYourStep) as early:
        approving.approve(actor=shop.approver, order_id=order.pk, now=utc_now())
    assert early.value.facts == {"waits_for": "财务审核"}
    passed = approving.approve(actor=payer, order_id=order.pk, now=utc_now(), comment="资金已落实")
    assert (passed.state, states(order), BudgetEntry.objects.filter(kind="freeze").count()) == (
        "pending_approval", ["approved", "open"], 0,
    )  # fmt: skip
    assert JournalEntry.objects.get(event="orders.step_approved").facts["next_post"] == "buyer_approver"
    with pytest.raises(StepTakenAlready):
        approving.approve(actor=payer, order_id=order.pk, now=utc_now())
    assert may(shop, order, Post.BUYER_APPROVER, Post.BUYER_PAYER) == [{"approve", "send_back", "reject"}, set()]
    placed = approving.approve(actor=shop.approver, order_id=order.pk, now=utc_now())
    assert (placed.state, states(order)) == ("placed", ["approved", "approved"])
    assert told(order) == ["submitted", "step_approved", "approved"]
    assert BudgetEntry.objects.filter(kind="freeze").count() == 1


def test_steps_of_one_stage_come_in_any_order_and_by_two_people(shop: Shop) -> None:
    beside = FlowStep("科室审核", Post.BUYER_APPROVER)
    set_flow(shop, flow_of((MONEY, beside), (LAST,)))
    order, second = shop.submit(), approver(shop, "审批二")
    approving.approve(actor=second, order_id=order.pk, now=utc_now())
    assert states(order) == ["open", "approved", "waiting"]
    approving.approve(actor=shop.actor(Post.BUYER_PAYER), order_id=order.pk, now=utc_now())
    assert states(order) == ["approved", "approved", "open"]
    with pytest.raises(StepTakenAlready):
        approving.approve(actor=second, order_id=order.pk, now=utc_now())
    assert approving.approve(actor=shop.approver, order_id=order.pk, now=utc_now()).state == "placed"


def test_a_step_for_a_certain_person_is_nobody_elses(shop: Shop) -> None:
    named = shop.people[Post.BUYER_APPROVER]
    other = approver(shop, "审批二")
    set_flow(shop, flow_of((FlowStep("负责人审批", Post.BUYER_APPROVER, (named.pk,)),)))
    order = shop.submit()
    assert [row.order.pk for row in selectors.waiting_for(actor=other)] == []
    with pytest.raises(NotYourStep):
        approving.approve(actor=other, order_id=order.pk, now=utc_now())
    assert [row.step for row in selectors.waiting_for(actor=shop.approver)] == ["负责人审批"]
    assert approving.approve(actor=shop.approver, order_id=order.pk, now=utc_now()).state == "placed"


def test_the_band_is_chosen_by_the_total_and_orders_keep_what_they_began_with(shop: Shop) -> None:
    set_flow(shop, flow_of((MONEY,), (LAST,), above="100.00"))
    small, large = shop.submit(quantity=4), shop.submit(quantity=5)
    assert (states(small), states(large)) == ([], ["open", "waiting"])
    flows.end_flow(actor=actor_of(shop.people[Post.UNIT_ADMINISTRATOR], shop.tenant),
                   flow_id=ApprovalFlow.objects.get(ended_at=None).pk, now=utc_now())  # fmt: skip
    with pytest.raises(NotYourStep):
        approving.approve(actor=shop.approver, order_id=large.pk, now=utc_now())


def test_clerks_take_no_step_of_their_own_orders_nor_does_the_database_let_them(shop: Shop) -> None:
    set_flow(shop, flow_of((MONEY,), (LAST,)))
    both = shop.hire("兼任", Post.BUYER_CLERK, Post.BUYER_PAYER)
    order = shop.submit()
    Order.objects.filter(pk=order.pk).update(clerk_id=both.pk)
    with pytest.raises(IncompatiblePosts):
        approving.approve(actor=actor_of(both, shop.tenant), order_id=order.pk, now=utc_now())
    step = ApprovalStep.objects.get(order_id=order.pk, stage=1)
    taken = {"state": "approved", "decided_at": utc_now(), "decided_by_name": "x"}
    with pytest.raises(IntegrityError, match="approval_step_not_by_the_clerk"), tenant_atomic():
        ApprovalStep.objects.filter(pk=step.pk).update(decided_by_id=step.clerk_id, **taken)
    ApprovalStep.objects.filter(pk=step.pk).update(decided_by_id=77, **taken)
    with pytest.raises(IntegrityError, match="approval_step_one_a_person"), tenant_atomic():
        ApprovalStep.objects.filter(order_id=order.pk, stage=2).update(decided_by_id=77, opened_at=utc_now(), **taken)


def test_statements_of_a_step(shop: Shop) -> None:
    set_flow(shop, flow_of((MONEY,), (LAST,)))
    order, payer, last = shop.submit(), shop.actor(Post.BUYER_PAYER), shop.approver
    with counted() as found:
        approving.approve(actor=payer, order_id=order.pk, now=utc_now())
    assert len(found) <= 6, found
    with counted() as found:
        approving.approve(actor=last, order_id=order.pk, now=utc_now())
    assert len(found) <= 12, found


# -- back to the clerk -------------------------------------------------------------------------------------------------
def again(shop: Shop, order: Order, **changes: str) -> Order:
    values = {name: getattr(order, name) for name in ("delivery_address", "contact_name", "contact_phone", "note")}
    return approving.resubmit(
        actor=shop.clerk, order_id=order.pk, choice_reason="", now=utc_now(), **(values | changes)
    )


@pytest.mark.parametrize("stepped", [True, False])
def test_sent_back_mended_and_asked_again(shop: Shop, stepped: bool) -> None:
    if stepped:
        set_flow(shop, flow_of((MONEY,), (LAST,)))
    order = shop.submit()
    first = shop.actor(Post.BUYER_PAYER) if stepped else shop.approver
    with pytest.raises(InvalidInput):
        approving.send_back(actor=first, order_id=order.pk, reason=" ", now=utc_now())
    back = approving.send_back(actor=first, order_id=order.pk, reason="收货地址不对", now=utc_now())
    assert (back.state, back.state_reason) == ("sent_back", "收货地址不对")
    assert states(order) == (["sent_back", "void"] if stepped else ["sent_back"])
    with pytest.raises(WrongState):
        approving.approve(actor=shop.approver, order_id=order.pk, now=utc_now())
    other = actor_of(shop.hire("经办二", Post.BUYER_CLERK), shop.tenant)
    with pytest.raises(approving.NotYours):
        approving.resubmit(actor=other, order_id=order.pk, delivery_address="x", contact_name="x",
                           contact_phone="139000000", note="", choice_reason="", now=utc_now())  # fmt: skip
    mended = again(shop, back, delivery_address="测试县人民路8号")
    assert (mended.state, mended.state_reason) == ("pending_approval", "")
    order.refresh_from_db()
    assert (order.delivery_address, order.clerk_id) == ("测试县人民路8号", shop.clerk.user_id)
    assert len(selectors.rounds_of(order_id=order.pk)) == 2
    if stepped:
        approving.approve(actor=first, order_id=order.pk, now=utc_now())
    assert approving.approve(actor=shop.approver, order_id=order.pk, now=utc_now()).state == "placed"
    assert BudgetEntry.objects.filter(kind="freeze").count() == 1


def test_withdrawn_and_rejected_orders_ask_nobody_any_more(shop: Shop) -> None:
    set_flow(shop, flow_of((MONEY,), (LAST,)))
    payer = shop.actor(Post.BUYER_PAYER)
    taken_back, turned_down = shop.submit(), shop.submit()
    approving.withdraw(actor=shop.clerk, order_id=taken_back.pk, now=utc_now())
    assert states(taken_back) == ["void", "void"]
    with pytest.raises(NotPermitted):
        approving.reject(actor=payer, order_id=turned_down.pk, reason="不同意", now=utc_now())
    approving.approve(actor=payer, order_id=turned_down.pk, now=utc_now())
    approving.reject(actor=shop.approver, order_id=turned_down.pk, reason="不同意", now=utc_now())
    assert states(turned_down) == ["approved", "rejected"]
    assert selectors.waiting_count(actor=payer) == selectors.waiting_count(actor=shop.approver) == 0


# -- flows -------------------------------------------------------------------------------------------------------------
def test_who_sets_a_flow(shop: Shop) -> None:
    admin = shop.actor(Post.UNIT_ADMINISTRATOR)
    good, asked = flow_of((MONEY,), (LAST,)), {"reason": "x", "now": utc_now()}
    flows.set_flow(actor=admin, unit_id=shop.unit_id, flow=good, **asked)
    with pytest.raises(NotPermitted):
        flows.set_flow(actor=admin, unit_id=None, flow=good, **asked)
    with pytest.raises(NotFound):
        flows.set_flow(actor=shop.approver, unit_id=shop.unit_id, flow=good, **asked)
    stranger = FlowStep("财务审核", Post.BUYER_PAYER, (999_999,))
    for unit_id, flow in ((shop.unit_id, flow_of((stranger,), (LAST,))),):
        with pytest.raises(InvalidInput):
            flows.set_flow(actor=admin, unit_id=unit_id, flow=flow, **asked)
    set_flow(shop, flow_of((LAST,)), mall=True)
    set_flow(shop, flow_of((LAST,)), mall=True)
    assert ApprovalFlow.objects.filter(ended_at=None).count() == 2
    assert states(shop.submit()) == ["open", "waiting"]  # the unit's own comes before the mall's
    with pytest.raises(IntegrityError, match="approval_flow_one_of_a_unit"), tenant_atomic():
        ApprovalFlow.objects.create(unit_id=None, content=[], reason="x", set_at=utc_now(), set_by_name="x")


# -- standing in -------------------------------------------------------------------------------------------------------
def lend(shop: Shop, name: str, *, days: int = 3) -> tuple[PostHolding, int]:
    colleague = shop.hire(name, Post.BUYER_ACCEPTOR)
    own = PostHolding.objects.get(user_id=shop.people[Post.BUYER_APPROVER].pk, post="buyer_approver")
    now = utc_now()
    return deputies.lend(
        actor=shop.approver, holding_id=own.pk, to_user_id=colleague.pk,
        last_day=local_date(now) + timedelta(days=days), now=now,
    ), colleague.pk  # fmt: skip


def test_a_deputy_decides_under_both_names(shop: Shop) -> None:
    row, _user = lend(shop, "代理人")
    order = shop.submit()
    deputy = actor_of(_person(row), shop.tenant)
    assert [one.order.pk for one in selectors.waiting_for(actor=deputy)] == [order.pk]
    placed = approving.approve(actor=deputy, order_id=order.pk, now=utc_now())
    step = ApprovalStep.objects.get(order_id=order.pk)
    assert (placed.approver_name, step.decided_by_name, step.deputy_for_name) == ("代理人", "代理人", "测试乙")
    with pytest.raises(PostHeldAlready):
        deputies.lend(actor=shop.approver, holding_id=_own(shop), to_user_id=row.user_id or 0,
                      last_day=local_date(utc_now()), now=utc_now())  # fmt: skip
    with pytest.raises(deputies.DeputyOfADeputy):
        deputies.lend(actor=deputy, holding_id=row.pk, to_user_id=shop.people[Post.BUYER_PAYER].pk,
                      last_day=local_date(utc_now()), now=utc_now())  # fmt: skip


def test_clerks_have_nobody_approve_their_own_orders_in_their_stead(shop: Shop) -> None:
    row, _user = lend(shop, "代理人")
    order = shop.submit()
    Order.objects.filter(pk=order.pk).update(clerk_id=shop.approver.user_id)
    with pytest.raises(IncompatiblePosts):
        approving.approve(actor=actor_of(_person(row), shop.tenant), order_id=order.pk, now=utc_now())


def test_standing_in_ends_with_its_day_with_the_post_and_when_taken_back(shop: Shop) -> None:
    first, _one = lend(shop, "代理一")
    assert actor_of(_person(first), shop.tenant).has(Post.BUYER_APPROVER)
    day = local_date(utc_now()) - timedelta(days=1)
    PostHolding.objects.filter(pk=first.pk).update(last_day=day, next_due_at=utc_now() - timedelta(hours=1))
    assert not actor_of(_person(first), shop.tenant).has(Post.BUYER_APPROVER)  # before any sweep
    assert (deputies.end_due(now=utc_now()), deputies.end_due(now=utc_now())) == (1, 0)
    second, _two = lend(shop, "代理二")
    deputies.take_back(actor=shop.approver, holding_id=second.pk, now=utc_now())
    third, _three = lend(shop, "代理三")
    with pytest.raises(NotFound):
        deputies.take_back(actor=shop.clerk, holding_id=third.pk, now=utc_now())
    end_post(actor=shop.actor(Post.UNIT_ADMINISTRATOR), holding_id=_own(shop), now=utc_now())
    third.refresh_from_db()
    assert third.ended_at is not None
    assert JournalEntry.objects.filter(event="access.post_lent").count() == 3
    assert JournalEntry.objects.filter(event="access.post_ended").count() == 4


def _own(shop: Shop) -> int:
    own = PostHolding.objects.get(user_id=shop.people[Post.BUYER_APPROVER].pk, post="buyer_approver", deputy_for=None)
    return own.pk


def _person(row: PostHolding) -> object:
    from shared_apps.accounts.models import User

    with region_as("yz_region"):
        return User.objects.get(pk=row.user_id)


# -- many at once, how long --------------------------------------------------------------------------------------------
def test_one_decision_on_many_orders_takes_each_by_itself(shop: Shop) -> None:
    first, second, third = (shop.submit(quantity=1) for _number in range(3))
    approving.withdraw(actor=shop.clerk, order_id=second.pk, now=utc_now())
    outcomes = decide_many(
        actor=shop.approver, picked=[(first.pk, 1), (second.pk, 1), (third.pk, 9)],
        verdict=Verdict.APPROVE, text="", now=utc_now(),
    )  # fmt: skip
    assert [(outcome.order_id, outcome.problem.code if outcome.problem else "") for outcome in outcomes] == [
        (first.pk, ""), (second.pk, "wrong-state"), (third.pk, "order-changed"),
    ]  # fmt: skip
    assert BudgetEntry.objects.filter(kind="freeze").count() == 1


def test_how_long_steps_took(shop: Shop) -> None:
    set_flow(shop, flow_of((MONEY,), (LAST,), above="100.00"))
    plain, stepped = shop.submit(quantity=1), shop.submit(quantity=5)
    approving.approve(actor=shop.actor(Post.BUYER_PAYER), order_id=stepped.pk, now=utc_now())
    for order in (plain, stepped):
        approving.approve(actor=shop.approver, order_id=order.pk, now=utc_now())
    now = utc_now()
    Order.objects.filter(pk=plain.pk).update(submitted_at=now - timedelta(hours=6), placed_at=now)
    for name, hours in (("财务审核", 10), ("负责人审批", 2)):
        ApprovalStep.objects.filter(name=name).update(opened_at=now - timedelta(hours=hours), decided_at=now)
    found = selectors.times_for(actor=shop.actor(Post.UNIT_ADMINISTRATOR), since=now - timedelta(days=1))
    assert [(one.key, one.steps, one.median) for one in found.by_step] == [
        ("财务审核", 1, Decimal("10.0")), ("", 1, Decimal("6.0")), ("负责人审批", 1, Decimal("2.0")),
    ]  # fmt: skip
    assert [(one.steps, one.longest) for one in found.by_month] == [(3, Decimal("10.0"))]
    with pytest.raises(NotFound):
        selectors.times_for(actor=shop.clerk, since=now)

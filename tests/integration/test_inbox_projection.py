"""The to-do list follows the journals: one open step an object, in the right person's list."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError

from kernel import events
from kernel.actor import SYSTEM, Actor, Belonging, HeldPost
from kernel.clock import local_date, utc_now
from kernel.posts import Post
from kernel.problems import NotFound
from shared_apps.inbox import selectors
from shared_apps.inbox.models import InboxItem, PostHeld
from shared_apps.inbox.rules import ItemState, next_path
from shared_apps.inbox.services import enter_item
from shared_apps.insight.models import OrderFact
from shared_apps.region_journal.services import record as record_in_region
from tenant_apps.access import deputies
from tenant_apps.access.models import PostHolding
from tenant_apps.approvals.rules import FlowStep
from tenant_apps.journal.services import record
from tenant_apps.orders.services import approving
from tenants.database.context import region_as, region_atomic, tenant_atomic, tenant_selected
from tenants.database.logins import RELAY
from tenants.journaling.models import RelayCursor
from tenants.journaling.relay import drain
from tests.database import wait_until_settled
from tests.factories.approvals import LAST, MONEY, flow_of, set_flow
from tests.factories.orders import make_shop
from tests.factories.people import actor_of, join, make_organisation, make_user
from tests.factories.relayed import (
    BUYER,
    SUPPLIER,
    UNIT,
    order_facts,
    relay_tenant,
    write_interest_event,
    write_order_event,
    write_rating_event,
    write_term_event,
)

A, B = "990001", "990002"


def approver(tenant: str = A) -> Actor:
    return Actor(41, "审批", None, (Belonging(BUYER, "学校", "budget_unit", "U1", tenant),), ())


def supplier() -> Actor:
    return Actor(
        42,
        "供应",
        None,
        (Belonging(SUPPLIER, "供应商", "supplier", "S1", None),),
        (HeldPost(Post.SUPPLIER_ADMIN, SUPPLIER),),
    )


def holds(tenant: str, user_id: int | None, post: Post, *, event: str = "access.post_granted", **extra: object) -> None:
    facts = {"user_id": user_id, "name": "审批", "organisation_id": BUYER, "unit_id": UNIT, "post": str(post), **extra}
    with tenant_selected(tenant), tenant_atomic():
        record(actor=SYSTEM, event=event, object_type="post_holding", object_id=1, facts=facts, now=utc_now())


def steps(actor: Actor, state: ItemState = ItemState.OPEN) -> list[tuple[str, str]]:
    with region_as("yz_region"):
        found = selectors.inbox_page(actor=actor, now=utc_now(), state=state)
    return [(item.tenant_code, item.step) for item in found.items]


def test_an_order_walks_from_inbox_to_inbox() -> None:
    holds(A, 41, Post.BUYER_APPROVER)
    write_order_event(A, "submitted")
    relay_tenant(A)
    assert steps(approver()) == [(A, "pending_approval")]
    assert steps(supplier()) == []
    write_order_event(A, "approved", state="placed", next_post="supplier_sales", due_at=utc_now() + timedelta(hours=2))
    relay_tenant(A)
    assert steps(approver()) == []
    assert steps(approver(), ItemState.DONE) == [(A, "pending_approval")]
    assert steps(supplier()) == [(A, "placed")]
    write_order_event(A, "declined", state="declined", next_post=None, reason="无货")
    relay_tenant(A)
    assert steps(supplier()) == []
    assert InboxItem.objects.filter(state=ItemState.OPEN).count() == 0


def test_the_same_order_number_in_two_tenants_is_two_threads() -> None:
    holds(A, 41, Post.BUYER_APPROVER)
    for tenant in (A, B):
        write_order_event(tenant, "submitted")
        relay_tenant(tenant)
    assert steps(approver()) == [(A, "pending_approval")]
    write_order_event(B, "withdrawn", state="withdrawn", next_post=None)
    relay_tenant(B)
    assert steps(approver()) == [(A, "pending_approval")]


def test_a_row_relayed_late_does_not_open_again() -> None:
    holds(A, 41, Post.BUYER_APPROVER)
    relay_tenant(A)
    first = write_order_event(A, "submitted")
    write_order_event(A, "withdrawn", state="withdrawn", next_post=None)
    from shared_apps.inbox import services
    from tenants.journaling import relay

    rows: list[object] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(relay, "handlers_of", lambda event: [rows.append])
        relay_tenant(A)
    with region_as(RELAY), region_atomic():
        for entry in sorted(rows, key=lambda entry: -entry.journal_id):  # type: ignore[attr-defined]
            services.follow_order(entry=entry)  # type: ignore[arg-type]
    assert InboxItem.objects.get(journal_id=first).state == ItemState.DONE
    assert steps(approver()) == []


def test_posts_follow_the_tenant() -> None:
    write_order_event(A, "submitted")
    relay_tenant(A)
    assert steps(approver()) == []
    holds(A, 41, Post.BUYER_APPROVER)
    relay_tenant(A)
    assert steps(approver()) == [(A, "pending_approval")]
    assert steps(approver(B)) == [(A, "pending_approval")], "the organisation decides, not where it says it is"
    stranger = Actor(41, "审批", None, (Belonging(999, "他校", "budget_unit", "U9", A),), ())
    assert steps(stranger) == [], "a post counts only while its holder belongs to the organisation"
    holds(A, 43, Post.BUYER_APPROVER, event="access.post_handed_over", from_user_id=41, from_name="审批")
    relay_tenant(A)
    assert steps(approver()) == []
    holds(A, 43, Post.BUYER_APPROVER, event="access.post_ended")
    relay_tenant(A)
    assert PostHeld.objects.count() == 0


def test_a_promised_post_counts_once_the_person_has_an_account() -> None:
    with tenant_selected(A), tenant_atomic():
        record(
            actor=SYSTEM, event="access.person_invited", object_type="invitation", object_id="k-1",
            facts={"invitation_key": "k-1", "name": "审批", "email": "a@example.cn", "organisation_id": BUYER,
                   "unit_id": UNIT, "posts": ["buyer_approver"]}, now=utc_now(),
        )  # fmt: skip
    write_order_event(A, "submitted")
    with pytest.MonkeyPatch.context() as patch:
        from shared_apps.inbox import services
        from tenants.journaling import relay

        patch.setattr(
            relay, "handlers_of",
            lambda event: {"access.person_invited": [lambda entry: services.note_posts_promised(entry=entry)],
                           "orders.submitted": [lambda entry: services.follow_order(entry=entry)]}.get(event, []),
        )  # fmt: skip
        relay_tenant(A)
    assert steps(approver()) == []
    with region_as(RELAY), region_atomic():
        services.note_invitation_accepted(invitation_key="k-1", user_id=41)
    assert steps(approver()) == [(A, "pending_approval")]


def test_a_verified_threshold_waits_for_every_bureau_of_its_level() -> None:
    with region_as("yz_region"), region_atomic():
        record_in_region(
            actor=SYSTEM, event="rulebook.version_verified", object_type="rule", object_id=1,
            facts={"code": "R-LIMIT", "version": 2, "module": "*", "level": "county", "kind": "goods", "amount": None,
                   "document_number": "新财购〔2026〕1号", "document_on": None, "valid_from": utc_now().date(),
                   "ended": None}, now=utc_now(),
        )  # fmt: skip
    wait_until_settled()
    drain(room="region", schema="public", now=utc_now())
    bureau = Actor(
        51, "财政", None, (Belonging(901, "财政局", "finance_bureau", "F1", A),), (HeldPost(Post.TIER_SUPERVISOR, 901),)
    )
    assert steps(bureau) == [(A, "acknowledge")]
    with tenant_selected(A), tenant_atomic():
        record(
            actor=SYSTEM, event="policies.rule_acknowledged", object_type="rule", object_id="R-LIMIT:goods",
            facts={"code": "R-LIMIT", "version": 2, "level": "county", "kind": "goods", "amount": None,
                   "is_demo": False, "document_number": "新财购〔2026〕1号"}, now=utc_now(),
        )  # fmt: skip
    relay_tenant(A)
    assert steps(bureau) == []
    assert InboxItem.objects.filter(tenant_code=B, state=ItemState.OPEN).count() == 1, "the other county has yet to"


def test_every_order_event_is_followed() -> None:
    """All carry the facts that the consumers read, so that none stops the relay."""
    declared = [event for event in events.declared() if event.name.startswith("orders.")]
    assert len(declared) > 20
    for number, event in enumerate(declared, start=1):
        assert set(order_facts()) <= set(event.fields)
        write_order_event(A, event.name.removeprefix("orders."), order_id=number)
    assert relay_tenant(A) == len(declared) == InboxItem.objects.count() == OrderFact.objects.count()


def test_replaying_the_journal_changes_nothing() -> None:
    write_order_event(A, "submitted")
    relay_tenant(A)
    with region_as(RELAY):
        RelayCursor.objects.update(cut_off=0)
    assert relay_tenant(A) == 0
    assert InboxItem.objects.count() == 1


def test_crossing_over_is_for_those_who_see_the_item() -> None:
    organisation = make_organisation("supplier", name="供应商")
    user = make_user()
    join(user, organisation, [Post.SUPPLIER_SALES])
    write_order_event(
        A, "approved", state="placed", next_post="supplier_sales", supplier_organisation_id=organisation.pk
    )
    relay_tenant(A)
    item = InboxItem.objects.get()
    with region_as("yz_region"):
        url = enter_item(actor=actor_of(user), item_id=item.pk, now=utc_now())
        with pytest.raises(NotFound):
            enter_item(actor=supplier(), item_id=item.pk, now=utc_now())
    assert url.startswith("http://990001.localhost:8000/enter/?ticket=")


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "open", "done_at": utc_now()},
        {"state": "done", "done_at": None},
        {"state": "open", "done_at": None, "audience_post": ""},
    ],
)
def test_constraints_hold_against_raw_writes(changes: dict[str, object]) -> None:
    write_order_event(A, "submitted")
    relay_tenant(A)
    with region_as("yz_region"), pytest.raises(IntegrityError), region_atomic():
        InboxItem.objects.update(**changes)


def test_a_bargain_waits_for_the_supplier_and_then_for_the_clerks() -> None:
    holds(A, 41, Post.BUYER_CLERK)
    facts = {
        "bargain_number": "YJ99000120261123000007", "unit_id": UNIT, "unit_name": "第一中学", "organisation_id": BUYER,
        "supplier_id": 5, "supplier_name": "测试供应商", "supplier_organisation_id": SUPPLIER,
        "listed": Decimal("40.00"), "asked": Decimal("36.00"), "offered": Decimal("40.00"), "counters": 0,
        "state": "proposed",
        "next_post": "supplier_sales", "due_at": utc_now() + timedelta(days=2),
    }  # fmt: skip
    for event, changes, expected in (
        ("proposed", {}, ([(A, "bargain_proposed")], [])),
        ("countered", {"state": "countered", "next_post": "buyer_clerk"}, ([], [(A, "bargain_countered")])),
        ("accepted", {"state": "accepted", "next_post": None, "due_at": None}, ([], [])),
    ):
        with tenant_selected(A), tenant_atomic():
            record(
                actor=SYSTEM, event=f"bargains.{event}", object_type="bargain", object_id=3, facts=facts | changes,
                now=utc_now(),
            )  # fmt: skip
        relay_tenant(A)
        assert (steps(supplier()), steps(approver())) == expected
    assert next_path(kind="bargain", object_id="3") == "/bargains/3/"


def test_the_steps_of_a_real_flow_wait_for_those_who_may_take_them() -> None:
    """Named people, who stands in for them, steps at the same time: as the mall decides, so the region lists."""
    shop = make_shop(A)
    named = shop.hire("测试指定", Post.BUYER_APPROVER)
    deputy = shop.people[Post.BUYER_ACCEPTOR]
    first = FlowStep("初审", Post.BUYER_APPROVER, (named.pk,))
    set_flow(shop, flow_of((first, MONEY), (LAST,)))
    with tenant_selected(A), region_as("yz_mall"):
        holding = PostHolding.objects.get(user_id=named.pk, post=Post.BUYER_APPROVER)
        deputies.lend(
            actor=actor_of(named, A), holding_id=holding.pk, to_user_id=deputy.pk, last_day=local_date(utc_now()),
            now=utc_now(),
        )  # fmt: skip
        order = shop.submit()
    people = {"named": named, "deputy": deputy, "payer": shop.people[Post.BUYER_PAYER]}
    people |= {"approver": shop.people[Post.BUYER_APPROVER], "clerk": shop.people[Post.BUYER_CLERK]}

    def waits_for() -> set[str]:
        relay_tenant(A)
        with region_as("yz_region"):
            return {name for name, user in people.items() if selectors.open_count(actor=actor_of(user))}

    def take(name: str) -> None:
        with tenant_selected(A), region_as("yz_mall"):
            approving.approve(actor=actor_of(people[name], A), order_id=order.pk, now=utc_now())

    assert waits_for() == {"named", "deputy", "payer"}
    take("payer")
    assert waits_for() == {"named", "deputy"}
    take("deputy")
    assert waits_for() == {"named", "approver"}, "nobody takes two steps of one round"
    take("approver")
    assert waits_for() == set()


def test_late_interest_is_a_thread_of_its_own_beside_its_order() -> None:
    write_order_event(A, "paid", state="paid", next_post=None)
    write_interest_event(A, 7, "asked")
    relay_tenant(A)
    item = InboxItem.objects.get(state=ItemState.OPEN)
    assert (item.kind, item.step, item.audience_post) == ("interest", "interest_asked", "buyer_approver")
    assert next_path(kind=item.kind, object_id=item.object_id) == "/orders/7/late-interest/"
    write_interest_event(A, 7, "failed")
    relay_tenant(A)
    assert InboxItem.objects.get(state=ItemState.OPEN).audience_post == "buyer_payer"
    write_interest_event(A, 7, "paid", paid="6.17")
    relay_tenant(A)
    assert not InboxItem.objects.filter(state=ItemState.OPEN).exists()


def test_a_longer_term_waits_for_the_supplier_until_it_is_answered_or_too_late() -> None:
    def waiting() -> list[tuple[str, str, str, int | None]]:
        relay_tenant(A)
        rows = InboxItem.objects.filter(state=ItemState.OPEN, kind="term")
        return [
            (item.step, item.audience_post, item.facts["unit_name"], item.audience_organisation_id) for item in rows
        ]

    asked = [("term_asked", "supplier_sales", "第一中学（测试）", SUPPLIER)]
    write_order_event(A, "accepted", state="accepted", next_post="supplier_sales")
    write_term_event(A, 7, "asked")
    assert waiting() == asked
    write_order_event(A, "shipped", state="shipped", next_post="buyer_acceptor")
    assert waiting() == asked
    write_term_event(A, 7, "refused")
    assert waiting() == []
    write_term_event(A, 7, "asked")
    assert waiting() == asked
    write_order_event(A, "goods_accepted", state="goods_accepted", next_post="buyer_payer")
    assert waiting() == []
    assert InboxItem.objects.get(state=ItemState.OPEN).kind == "order"


def test_a_paid_order_waits_for_both_ratings_until_its_days_are_over() -> None:
    holds(A, 41, Post.BUYER_ACCEPTOR)
    holds(A, 43, Post.BUYER_CLERK)
    other_clerk = Actor(43, "经办", None, (Belonging(BUYER, "学校", "budget_unit", "U1", A),), ())

    def waiting() -> tuple[list[str], list[str]]:
        relay_tenant(A)
        assert steps(other_clerk) == [], "another clerk's order"
        return [step for _code, step in steps(approver())], [step for _code, step in steps(supplier())]

    until, both = utc_now() + timedelta(days=15), (["rate_supplier"], ["rate_buyer"])
    paid = {"state": "paid", "next_post": None, "due_at": until, "clerk_id": 77}
    write_order_event(A, "paid", **paid)
    assert waiting() == both
    item = InboxItem.objects.get(state=ItemState.OPEN, object_type="evaluation_buyer")
    assert (item.due_at, item.next_warning_at, item.facts["order_number"]) == (until, None, "DD99000120261123000007")
    assert next_path(kind=item.kind, object_id=item.object_id) == "/orders/7/evaluate/"
    write_order_event(A, "payment_returned", state="payment_failed", next_post=None)
    assert waiting() == ([], []), "an order that is not paid is not rated"
    write_order_event(A, "paid", **paid)
    assert waiting() == both
    write_rating_event(A, 7, "buyer")
    assert waiting() == ([], ["rate_buyer"])
    write_order_event(A, "disputed", state="disputed", next_post=None)
    assert waiting() == ([], [])
    write_order_event(A, "dispute_resolved", **(paid | {"due_at": until + timedelta(days=3)}))
    assert waiting() == ([], ["rate_buyer"]), "who has rated is not asked again"
    assert InboxItem.objects.get(state=ItemState.OPEN, kind="evaluation").due_at == until
    write_order_event(A, "closed", state="closed", next_post=None, now=until)
    assert waiting() == ([], [])
    assert not InboxItem.objects.filter(state=ItemState.OPEN).exists()


def test_a_rating_too_late_is_not_shown() -> None:
    write_order_event(A, "paid", state="paid", next_post=None, due_at=utc_now() + timedelta(seconds=1))
    relay_tenant(A)
    InboxItem.objects.filter(kind="evaluation").update(due_at=utc_now())
    assert steps(supplier()) == []

"""Patrols: drawn by a seed that can be reckoned again, looked at one by one, closed when all is looked at."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal as D
from typing import Any

import pytest
from django.db import IntegrityError, connections

from kernel.actor import Actor, Belonging, HeldPost
from kernel.clock import local_date, utc_now
from kernel.posts import Post
from kernel.problems import InvalidInput, NotFound, NotPermitted, WrongState
from shared_apps.listings.models import OfferFreeze, PatrolTask
from shared_apps.listings.rules.patrols import drawn
from shared_apps.listings.rules.reviews import BreachKind, Outcome, PatrolScope
from shared_apps.listings.selectors import reviews as worklists
from shared_apps.listings.services import patrols
from shared_apps.products.models import Offer
from shared_apps.region_journal.models import RegionJournalEntry
from tenants.database.context import region_atomic
from tests.factories.goods import make_offer, make_product, make_supplier
from tests.factories.people import actor_of, join, make_organisation, make_user

TODAY = local_date(utc_now())


def staff(user_id: int = 1, post: Post = Post.CPB_OPERATOR, organisation_id: int = 9) -> Actor:
    place = Belonging(organisation_id, "集采机构", "central_purchasing_body", "C", "990001")
    return Actor(user_id, f"测试巡检员{user_id}", None, (place,), (HeldPost(post, organisation_id),))


def opened(actor: Actor | None = None, *, sample: int = 50, scope: PatrolScope = PatrolScope.LIBRARY,
           **more: Any) -> PatrolTask:  # fmt: skip
    return patrols.open_patrol(
        actor=actor or staff(), title="巡检", scope=scope, sample=sample, due_on=TODAY + timedelta(days=7),
        now=utc_now(), **more,
    )  # fmt: skip


def test_the_draw_follows_from_the_seed() -> None:
    ids = range(1, 1001)
    first = drawn(offer_ids=ids, size=20, seed="甲")
    assert first == drawn(offer_ids=reversed(ids), size=20, seed="甲") == sorted(first)
    assert len(set(first)) == 20
    assert first != drawn(offer_ids=ids, size=20, seed="乙")
    assert drawn(offer_ids=[3, 1], size=5, seed="甲") == [1, 3]
    # A larger sample of the same seed holds the smaller one: nobody can draw again for a better look.
    assert set(first) <= set(drawn(offer_ids=ids, size=40, seed="甲"))


def test_a_patrol_draws_what_is_on_sale_in_its_scope() -> None:
    supplier = make_supplier()
    mine = [make_offer(make_product(category="C-05"), supplier) for _ in range(3)]
    make_offer(make_product(category="C-05"))
    make_offer(make_product(category="C-05"), supplier, listed=False)
    make_offer()
    task = opened(scope=PatrolScope.SUPPLIER, scope_code=supplier.uscc)
    assert (task.population, task.sample) == (3, 3)
    assert sorted(task.items.values_list("offer_id", flat=True)) == [offer.pk for offer in mine]
    some = opened(scope=PatrolScope.CATEGORY, scope_code="C-05", sample=2, seed="测试种子")
    ids = list(Offer.objects.filter(state="listed", product__category_id="C-05").values_list("pk", flat=True))
    assert (some.population, list(some.items.order_by("offer_id").values_list("offer_id", flat=True))) == (
        4, drawn(offer_ids=ids, size=2, seed="测试种子"),
    )  # fmt: skip
    told = RegionJournalEntry.objects.filter(event="listings.patrol_opened").latest("id")
    assert (told.facts["seed"], told.facts["population"]) == ("测试种子", 4)


def test_what_cannot_be_opened() -> None:
    make_offer()
    for more in (
        {"scope": PatrolScope.CATEGORY},
        {"scope_code": "C-01"},
        {"scope": PatrolScope.CATEGORY, "scope_code": "C-99"},
        {"sample": 0},
        {"sample": 501},
        {"assignee_id": 424242},
    ):
        with pytest.raises(InvalidInput):
            opened(**more)  # type: ignore[arg-type]
    with pytest.raises(NotPermitted):
        opened(staff(2, Post.AUDITOR))
    assert not PatrolTask.objects.exists()


def test_findings_freeze_warn_or_pass_and_the_patrol_closes_when_all_is_seen() -> None:
    offers = [make_offer() for _ in range(3)]
    task = opened()
    first, second, third = task.items.order_by("offer_id")
    with pytest.raises(InvalidInput):
        patrols.note_finding(actor=staff(), item_id=first.pk, outcome=Outcome.WARNING, now=utc_now())
    with pytest.raises(InvalidInput):
        patrols.note_finding(
            actor=staff(), item_id=first.pk, outcome=Outcome.NONE, kind=BreachKind.PRICE, now=utc_now()
        )
    patrols.note_finding(actor=staff(), item_id=first.pk, outcome=Outcome.NONE, now=utc_now())
    patrols.note_finding(
        actor=staff(),
        item_id=second.pk,
        outcome=Outcome.WARNING,
        kind=BreachKind.PICTURE,
        note="图片不清",
        now=utc_now(),
    )
    with pytest.raises(patrols.LookedAtAlready):
        patrols.note_finding(actor=staff(), item_id=first.pk, outcome=Outcome.NONE, now=utc_now())
    with pytest.raises(patrols.NotEverythingLookedAt) as caught:
        patrols.close_patrol(actor=staff(), task_id=task.pk, summary="总结", now=utc_now())
    assert caught.value.facts == {"left": 1}
    patrols.note_finding(
        actor=staff(), item_id=third.pk, outcome=Outcome.FREEZE, kind=BreachKind.PRICE, note="高于市场价",
        market_price=D("15.00"), now=utc_now(),
    )  # fmt: skip
    freeze = OfferFreeze.objects.get()
    assert (freeze.offer_id, freeze.patrol_item_id, freeze.reason) == (offers[2].pk, third.pk, "高于市场价")
    assert Offer.objects.get(pk=offers[2].pk).state == "frozen"
    row = worklists.patrol(actor=staff(), task_id=task.pk).row
    assert (row.looked_at, row.breaches, row.percent) == (3, 2, 100)
    patrols.close_patrol(actor=staff(), task_id=task.pk, summary="冻结一件", now=utc_now())
    with pytest.raises(WrongState):
        patrols.close_patrol(actor=staff(), task_id=task.pk, summary="再次", now=utc_now())


def test_a_bureau_warns_and_leaves_freezing_to_the_reviewers() -> None:
    make_offer()
    bureau = staff(3, Post.TIER_SUPERVISOR)
    item = opened(bureau).items.get()
    with pytest.raises(NotPermitted):
        patrols.note_finding(
            actor=bureau, item_id=item.pk, outcome=Outcome.FREEZE, kind=BreachKind.PRICE, note="高", now=utc_now()
        )
    patrols.note_finding(
        actor=bureau, item_id=item.pk, outcome=Outcome.WARNING, kind=BreachKind.PRICE, note="偏高", now=utc_now()
    )
    assert Offer.objects.get().state == "listed"


def test_a_patrol_is_the_work_of_who_opened_it_or_was_assigned() -> None:
    make_offer()
    make_offer()
    body = make_organisation("central_purchasing_body", None, "集采机构", "990001")
    chief, clerk, other = (make_user(name=name) for name in ("测试甲", "测试乙", "测试丙"))
    for user in (chief, clerk, other):
        join(user, body, [Post.CPB_OPERATOR])
    task = opened(actor_of(chief), assignee_id=clerk.pk)
    first, second = task.items.order_by("pk")
    look: dict[str, Any] = {"outcome": Outcome.NONE, "now": utc_now()}
    for stranger in (actor_of(other), staff(5, organisation_id=77)):
        with pytest.raises(NotPermitted):
            patrols.note_finding(actor=stranger, item_id=first.pk, **look)
    patrols.note_finding(actor=actor_of(clerk), item_id=first.pk, **look)
    patrols.note_finding(actor=actor_of(chief), item_id=second.pk, **look)
    with pytest.raises(NotFound):
        patrols.note_finding(actor=actor_of(chief), item_id=10**9, **look)


@pytest.mark.parametrize(
    ("table", "change", "constraint"),
    [
        ("listings_patroltask", "seed = ''", "patrol_seed_is_kept"),
        ("listings_patroltask", "state = 'closed'", "patrol_closed_with_a_summary"),
        ("listings_patroltask", "sample = population + 1", "patrol_sample_within_bounds"),
        ("listings_patroltask", "scope_code = 'C-01'", "patrol_scope_names_its_object"),
        ("listings_patrolitem", "outcome = 'none'", "patrol_item_looked_at_by_whom_and_when"),
        ("listings_patrolitem", "outcome = 'freeze', looked_at = now(), looked_by_name = 'x'",
         "patrol_item_breach_is_named"),
        ("listings_patrolitem", "market_price = 'NaN'", "patrol_item_prices_are_money"),
    ],
)  # fmt: skip
def test_rows_that_cannot_be(table: str, change: str, constraint: str) -> None:
    make_offer()
    opened()
    with (
        pytest.raises(IntegrityError, match=constraint),
        region_atomic(),
        connections["default"].cursor() as cursor,
    ):
        cursor.execute(f"UPDATE {table} SET {change}")

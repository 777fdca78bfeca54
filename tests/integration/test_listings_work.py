"""The listing process in the to-do list: each to whom it concerns, told once, gone when it is done."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kernel.actor import Actor
from kernel.clock import local_date, utc_now
from kernel.posts import Post
from shared_apps.inbox.selectors import inbox_page
from shared_apps.listings.models import WorkNotice
from shared_apps.listings.rules.reviews import BreachKind, Outcome, PatrolScope
from shared_apps.listings.rules.work import Waiting, Work, news
from shared_apps.listings.services import appeals, breaches, deciding, offering, patrols
from shared_apps.listings.services.work import tell_work
from shared_apps.products.models import Product
from shared_apps.products.services import reviewing
from shared_apps.region_journal.models import RegionJournalEntry
from shared_apps.suppliers.models import Supplier
from tenants.journaling.relay import drain
from tests.database import wait_until_settled
from tests.factories.goods import make_supplier
from tests.factories.proposals import propose
from tests.integration.test_listings_reviews import ONE, OTHER, OWN, listed, seller, staff, submitted

NOW = utc_now()
SALES, RIVAL = seller(), seller(72)
ELSEWHERE = staff(3)


@pytest.fixture
def supplier(room: None) -> Supplier:
    return make_supplier(organisation_id=OWN)


def steps(*actors: Actor) -> list[list[str]]:
    """What each of them sees after a sweep and the relay."""
    tell_work(now=utc_now())
    wait_until_settled()
    drain(room="region", schema="public", now=utc_now())
    return [sorted(item.step for item in inbox_page(actor=actor, now=utc_now()).items) for actor in actors]


def test_only_what_is_new_is_told() -> None:
    today = local_date(NOW)
    reviews, frozen = (Work.REVIEWS, 0), (Work.FROZEN, 4)
    assert news(now={reviews: Waiting(today)}, told={}) == {reviews: Waiting(today)}
    assert news(now={reviews: Waiting(today)}, told={reviews: Waiting(today)}) == {}
    assert news(now={reviews: Waiting()}, told={reviews: Waiting(today), frozen: Waiting()}) == {
        reviews: Waiting(), frozen: None,
    }  # fmt: skip


def test_a_review_waits_for_every_reviewer_and_a_rejection_for_the_supplier(supplier: Supplier) -> None:
    review = submitted(supplier)
    assert steps(ONE, ELSEWHERE, OTHER, SALES) == [["offers_reviews"]] * 3 + [[]]
    assert steps(staff(4, Post.TIER_SUPERVISOR)) == [[]], "a bureau does not review"
    before = RegionJournalEntry.objects.count()
    assert tell_work(now=utc_now()) == 0
    assert RegionJournalEntry.objects.count() == before
    deciding.decide_review(actor=ONE, review_id=review.pk, approve=False, reason="图片不符", now=utc_now())
    assert steps(ONE, SALES, RIVAL) == [[], ["offers_rejected"], []]
    again = offering.draft_again(actor=SALES, offer_id=review.offer_id, now=utc_now())
    assert steps(SALES) == [[]]
    offering.withdraw(actor=SALES, offer_id=again.pk, reason="", now=utc_now())
    assert steps(SALES) == [["offers_rejected"]]
    appeals.file_appeal(actor=SALES, offer_id=review.offer_id, reason="图片为实物拍摄", now=utc_now())
    assert steps(ONE, SALES) == [["offers_appeals"], []]
    assert tell_work(now=utc_now() + timedelta(days=40)) == 0


def test_a_freeze_goes_to_the_supplier_and_its_correction_back(supplier: Supplier) -> None:
    offer = listed(supplier)
    breaches.freeze_offer(actor=ONE, offer_id=offer.pk, kind=BreachKind.PRICE, reason="高", now=utc_now())
    assert steps(ONE, SALES) == [[], ["offers_frozen"]]
    breaches.report_correction(actor=SALES, offer_id=offer.pk, correction="已下调", now=utc_now())
    assert steps(ONE, SALES) == [["offers_corrections"], []]
    breaches.lift_freeze(actor=ONE, offer_id=offer.pk, reason="已核实", now=utc_now())
    assert steps(ONE, SALES) == [[], []]
    assert not WorkNotice.objects.exists()


def test_a_patrol_is_its_own_body_s(supplier: Supplier) -> None:
    listed(supplier)
    task = patrols.open_patrol(
        actor=ONE, title="四季度巡检", scope=PatrolScope.LIBRARY, sample=1, due_on=local_date(NOW), now=utc_now()
    )
    other_level = Actor(6, "测试", None, (replace(ONE.belongs[0], tenant_code="990002"),), ONE.held)
    assert steps(ONE, other_level, OTHER) == [["offers_patrol"], [], []]
    patrols.note_finding(actor=ONE, item_id=task.items.get().pk, outcome=Outcome.NONE, now=utc_now())
    patrols.close_patrol(actor=ONE, task_id=task.pk, summary="未发现问题。", now=utc_now())
    assert steps(ONE) == [[]]


def test_proposals_wait_for_every_reviewer_and_what_came_back_for_its_supplier(supplier: Supplier) -> None:
    product = propose((SALES, supplier.pk))
    brand = Product.objects.select_related("spu__brand").get(pk=product.pk).spu.brand
    assert steps(ONE, OTHER, SALES, RIVAL) == [["offers_proposals"]] * 2 + [[], []]
    for subject, thing in (("brand", brand), ("spu", product.spu), ("product", product)):
        thing.refresh_from_db()
        reviewing.decide(
            actor=OTHER, subject=subject, subject_id=thing.pk, action="return", version=thing.version,
            reason="请补商标注册证", now=utc_now(),
        )  # fmt: skip
    assert steps(ONE, OTHER, SALES, RIVAL) == [[], [], ["offers_returned"], []]

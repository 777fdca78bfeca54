"""From a supplier's draft to the shelf and off it again: machine, person, freeze, appeal."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal as D
from typing import Any

import pytest
from django.db import IntegrityError, connections

from kernel.actor import SYSTEM, Actor, Belonging, HeldPost
from kernel.clock import utc_now
from kernel.posts import Post
from kernel.problems import InvalidInput, NotFound, NotPermitted, WrongState
from shared_apps.listings.models import ListingAppeal, OfferFreeze, OfferReview, PriceReference
from shared_apps.listings.rules.reviews import BreachKind
from shared_apps.listings.services import appeals, breaches, checking, deciding, offering, settings
from shared_apps.products.models import Offer, ProductCertificate
from shared_apps.products.services import OfferExists, PriceNotAsked, move_offer, set_price
from shared_apps.region_journal.models import RegionJournalEntry
from shared_apps.suppliers.models import Supplier
from shared_apps.suppliers.services import change_standing
from tenants.database.context import region_as, region_atomic
from tests.factories.goods import make_offer, make_product, make_supplier

OWN = 71


def staff(user_id: int, post: Post = Post.CPB_OPERATOR, organisation_id: int = 9) -> Actor:
    place = Belonging(organisation_id, "集采机构", "central_purchasing_body", "C", "990001")
    return Actor(user_id, f"测试审核员{user_id}", None, (place,), (HeldPost(post, organisation_id),))


def seller(organisation_id: int = OWN) -> Actor:
    place = Belonging(organisation_id, "供应商", "supplier", "S", None)
    return Actor(7, "测试销售", None, (place,), (HeldPost(Post.SUPPLIER_SALES, organisation_id),))


ONE, OTHER = staff(1), staff(2, Post.REGION_SUPERVISOR)
AREAS = [("650000", D("0.00"), D("0.00"))]


@pytest.fixture
def supplier(room: None) -> Supplier:
    return make_supplier(organisation_id=OWN)


def draft(supplier: Supplier, *, price: str = "20.00", reference: str = "25.00", product: Any = None,
          **more: Any) -> Offer:  # fmt: skip
    product = product or make_product()
    with region_as("yz_region"):
        return offering.draft(
            actor=seller(), supplier_id=supplier.pk, product_code=product.code, price=D(price),
            reference_price=D(reference), delivery_days=3, areas=AREAS, now=utc_now(), **more,
        )  # fmt: skip


def submitted(supplier: Supplier, **more: Any) -> OfferReview:
    offer = draft(supplier, **more)
    with region_as("yz_region"):
        offering.submit(actor=seller(), offer_id=offer.pk, now=utc_now())
    return OfferReview.objects.get(offer=offer)


def listed(supplier: Supplier, **more: Any) -> Offer:
    review = submitted(supplier, **more)
    deciding.decide_review(actor=ONE, review_id=review.pk, approve=True, reason="", now=utc_now())
    return Offer.objects.get(pk=review.offer_id)


def codes(review: OfferReview) -> list[str]:
    return [one["code"] for one in review.findings]


def events() -> list[str]:
    return list(RegionJournalEntry.objects.order_by("id").values_list("event", flat=True))


# -- submit, machine, person ------------------------------------------------------------------------------------------
def test_submitting_checks_at_once_and_a_person_decides(supplier: Supplier) -> None:
    offer = draft(supplier)
    before = len(events())
    with region_as("yz_region"):
        row = offering.submit(actor=seller(), offer_id=offer.pk, now=utc_now())
        review = OfferReview.objects.get()
        assert (row.state, review.state, review.findings, review.severity) == ("machine_checked", "open", [], "")
        deciding.decide_review(actor=ONE, review_id=review.pk, approve=True, reason="", now=utc_now())
    review.refresh_from_db()
    assert (Offer.objects.get().state, review.state, review.decided_by_name) == ("listed", "approved", "测试审核员1")
    assert events()[before:] == [
        "products.offer_moved", "listings.offers_checked", "products.offer_moved", "listings.review_decided",
    ]  # fmt: skip
    with pytest.raises(WrongState):
        deciding.decide_review(actor=OTHER, review_id=review.pk, approve=False, reason="晚了", now=utc_now())


def test_a_rejection_owes_its_reason_and_a_new_draft_may_follow(supplier: Supplier) -> None:
    review = submitted(supplier)
    with pytest.raises(InvalidInput):
        deciding.decide_review(actor=ONE, review_id=review.pk, approve=False, reason="  ", now=utc_now())
    deciding.decide_review(actor=ONE, review_id=review.pk, approve=False, reason="图片不符", now=utc_now())
    offer = Offer.objects.get()
    assert (offer.state, offer.state_reason) == ("rejected", "图片不符")
    again = offering.draft_again(actor=seller(), offer_id=offer.pk, now=utc_now())
    assert (again.state, again.price, again.areas.get().division_code) == ("draft", offer.price, "650000")
    with pytest.raises(OfferExists):
        offering.draft_again(actor=seller(), offer_id=offer.pk, now=utc_now())


def test_nobody_reviews_the_own_supplier_and_only_reviewers_review(supplier: Supplier) -> None:
    review = submitted(supplier)
    insider = staff(3, organisation_id=OWN)
    for actor in (insider, seller(), staff(4, Post.TIER_SUPERVISOR), staff(5, Post.AUDITOR)):
        with pytest.raises(NotPermitted):
            deciding.decide_review(actor=actor, review_id=review.pk, approve=True, reason="", now=utc_now())
    with pytest.raises(NotFound):
        deciding.decide_review(actor=ONE, review_id=10**9, approve=True, reason="", now=utc_now())
    with pytest.raises(NotPermitted):
        offering.submit(actor=seller(72), offer_id=draft(supplier).pk, now=utc_now())


def test_findings_stand_beside_the_offer(supplier: Supplier) -> None:
    product = make_product("国家级 最佳 复印纸", labels=["energy"])
    ProductCertificate.objects.filter(product=product).update(expires_on=date(2026, 1, 1), valid_from=date(2025, 1, 1))
    for price in ("10.00", "11.00", "12.00"):
        make_offer(product, price=price)
    with region_as("yz_region"):
        PriceReference.objects.create(product_id=product.pk, median=D("10.00"), low=D("9.00"), high=D("12.00"),
                                      orders=5, window_from="2026-06-01", window_to="2026-11-23")  # fmt: skip
    review = submitted(supplier, product=product)
    assert codes(review) == ["above_paid", "above_offers", "forbidden_word", "certificate"]
    paid, offers, words, _certificate = review.findings
    assert paid["inputs"] == {
        "price": "20.00", "median": "10.00", "orders": "5", "percent": "100.0", "limit": "15",
    }  # fmt: skip
    assert (offers["inputs"]["median"], offers["inputs"]["percent"]) == ("11.00", "81.8")
    assert words["inputs"] == {"words": "国家级、最佳", "sources": "《中华人民共和国广告法》第九条第三项"}
    assert (review.severity, {one["basis"] for one in (paid, offers)}) == ("warn", {"proposal"})


def test_what_blocks_can_only_be_rejected(supplier: Supplier) -> None:
    review = submitted(supplier, price="30.00", reference="25.00")
    assert (codes(review), review.severity) == (["above_reference"], "block")
    with pytest.raises(deciding.FindingsBlock) as caught:
        deciding.decide_review(actor=ONE, review_id=review.pk, approve=True, reason="", now=utc_now())
    assert caught.value.facts == {"findings": ["above_reference"]}
    assert Offer.objects.get().state == "machine_checked"
    later = submitted(supplier)
    change_standing(actor=SYSTEM, supplier_id=supplier.pk, action="suspend", reason="核查", now=utc_now())
    with pytest.raises(deciding.FindingsBlock):
        deciding.decide_review(actor=ONE, review_id=later.pk, approve=True, reason="", now=utc_now())


def test_a_batch_decides_what_it_can(supplier: Supplier) -> None:
    good, bad = submitted(supplier), submitted(supplier, price="30.00", reference="25.00")
    outcomes = deciding.decide_many(
        actor=ONE, review_ids=[bad.pk, good.pk, good.pk, 10**9], approve=True, reason="", now=utc_now()
    )
    told = {one.review_id: one.problem.code if one.problem else "" for one in outcomes}
    assert told == {bad.pk: "findings-block", good.pk: "", 10**9: "not-found"}


def test_what_a_bulk_write_submits_is_found_by_the_sweep(supplier: Supplier) -> None:
    offers = [draft(supplier) for _ in range(3)]
    for offer in offers:
        move_offer(actor=SYSTEM, offer_id=offer.pk, action="submit", now=utc_now())
    on_sale = listed(supplier)
    set_price(actor=seller(), offer_id=on_sale.pk, price=D("21.00"), now=utc_now())
    with region_as("yz_region"):
        assert checking.check_waiting(now=utc_now()) == 4
        assert checking.check_waiting(now=utc_now()) == 0
    assert set(Offer.objects.filter(pk__in=[o.pk for o in offers]).values_list("state", flat=True)) == {
        "machine_checked"
    }
    assert OfferReview.objects.filter(state="open").count() == 4


# -- prices -----------------------------------------------------------------------------------------------------------
def test_a_dearer_price_is_reviewed_and_lapses_when_it_is_taken_back(supplier: Supplier) -> None:
    offer = listed(supplier)
    asked = offering.ask_price(actor=seller(), offer_id=offer.pk, price=D("24.00"), now=utc_now())
    review = OfferReview.objects.get(kind="price")
    assert (review.price_before, review.price, review.asked_at) == (D("20.00"), D("24.00"), asked.pending_since)
    offering.ask_price(actor=seller(), offer_id=offer.pk, price=D("23.00"), now=utc_now())
    review.refresh_from_db()
    second = OfferReview.objects.get(kind="price", state="open")
    assert (review.state, second.price) == ("lapsed", D("23.00"))
    offering.ask_price(actor=seller(), offer_id=offer.pk, price=D("18.00"), now=utc_now())
    second.refresh_from_db()
    assert (second.state, Offer.objects.get().price) == ("lapsed", D("18.00"))
    offering.ask_price(actor=seller(), offer_id=offer.pk, price=D("22.00"), now=utc_now())
    third = OfferReview.objects.get(kind="price", state="open")
    assert codes(third) == []
    deciding.decide_review(actor=ONE, review_id=third.pk, approve=True, reason="", now=utc_now())
    assert Offer.objects.get().price == D("22.00")


def test_an_asking_that_changed_behind_its_review_is_not_approved(supplier: Supplier) -> None:
    offer = listed(supplier)
    offering.ask_price(actor=seller(), offer_id=offer.pk, price=D("24.00"), now=utc_now())
    review = OfferReview.objects.get(kind="price")
    set_price(actor=seller(), offer_id=offer.pk, price=D("25.00"), now=utc_now())
    with pytest.raises(PriceNotAsked):
        deciding.decide_review(actor=ONE, review_id=review.pk, approve=True, reason="", now=utc_now())
    assert Offer.objects.get().price == D("20.00")


def test_a_rise_before_a_discount_is_shown_to_who_reviews_next(supplier: Supplier) -> None:
    offer = listed(supplier)
    start = datetime(2026, 10, 1, 4, 0, tzinfo=UTC)
    for day, price in enumerate(("24.00", "19.00", "21.00")):
        now = start + timedelta(days=10 * day)
        offering.ask_price(actor=seller(), offer_id=offer.pk, price=D(price), now=now)
        if price == "24.00":
            review = OfferReview.objects.get(kind="price")
            deciding.decide_review(actor=ONE, review_id=review.pk, approve=True, reason="", now=now)
    found = OfferReview.objects.get(kind="price", state="open").findings
    assert [one["code"] for one in found] == ["raised_before_discount"]
    assert found[0]["inputs"] == {
        "raised_on": "2026-10-01", "before": "20.00", "raised_to": "24.00", "lowered_on": "2026-10-11",
        "lowered_to": "19.00", "days": "10",
    }  # fmt: skip


def test_offering_anew_at_a_higher_price_is_seen(supplier: Supplier) -> None:
    product = make_product()
    offer = listed(supplier, product=product)
    offering.withdraw(actor=seller(), offer_id=offer.pk, reason="调整", now=utc_now())
    review = submitted(supplier, product=product, price="22.00")
    assert codes(review) == ["dearer_than_last"]
    assert review.findings[0]["inputs"] == {"price": "22.00", "last": "20.00"}


# -- freeze, correction, appeal ---------------------------------------------------------------------------------------
def frozen(supplier: Supplier, actor: Actor = ONE) -> OfferFreeze:
    offer = listed(supplier)
    return breaches.freeze_offer(
        actor=actor, offer_id=offer.pk, kind=BreachKind.PRICE, reason="高于市场价", now=utc_now()
    )


def test_frozen_corrected_and_put_back(supplier: Supplier) -> None:
    freeze = frozen(supplier)
    offer_id = freeze.offer_id
    assert Offer.objects.get().state == "frozen"
    with pytest.raises(WrongState):
        breaches.freeze_offer(actor=ONE, offer_id=offer_id, kind=BreachKind.PRICE, reason="再次", now=utc_now())
    with pytest.raises(NotPermitted):
        breaches.report_correction(actor=seller(72), offer_id=offer_id, correction="已改", now=utc_now())
    offering.ask_price(actor=seller(), offer_id=offer_id, price=D("15.00"), now=utc_now())
    breaches.report_correction(actor=seller(), offer_id=offer_id, correction="已降价", now=utc_now())
    breaches.lift_freeze(actor=ONE, offer_id=offer_id, reason="已核对", now=utc_now())
    freeze.refresh_from_db()
    assert (freeze.state, freeze.correction, Offer.objects.get().state) == ("lifted", "已降价", "listed")
    with pytest.raises(NotFound):
        breaches.lift_freeze(actor=ONE, offer_id=offer_id, reason="再次", now=utc_now())


def test_freezing_lapses_what_waited_and_ends_with_the_offer(supplier: Supplier) -> None:
    offer = listed(supplier)
    offering.ask_price(actor=seller(), offer_id=offer.pk, price=D("24.00"), now=utc_now())
    breaches.freeze_offer(actor=ONE, offer_id=offer.pk, kind=BreachKind.OTHER, reason="核查", now=utc_now())
    assert OfferReview.objects.get(kind="price").state == "lapsed"
    offering.withdraw(actor=seller(), offer_id=offer.pk, reason="停产", now=utc_now())
    assert (OfferFreeze.objects.get().state, Offer.objects.get().state) == ("ended", "delisted")


def test_an_appeal_is_decided_by_somebody_else(supplier: Supplier) -> None:
    freeze = frozen(supplier)
    appeal = appeals.file_appeal(actor=seller(), offer_id=freeze.offer_id, reason="市场价已涨", now=utc_now())
    with pytest.raises(appeals.AlreadyAppealed):
        appeals.file_appeal(actor=seller(), offer_id=freeze.offer_id, reason="再次", now=utc_now())
    with pytest.raises(appeals.OwnDecision):
        appeals.decide_appeal(actor=ONE, appeal_id=appeal.pk, grant=True, decision="同意", now=utc_now())
    with pytest.raises(IntegrityError, match="appeal_decided_by_another"), region_atomic():
        ListingAppeal.objects.filter(pk=appeal.pk).update(decided_by_id=1)
    appeals.decide_appeal(actor=OTHER, appeal_id=appeal.pk, grant=True, decision="理由成立", now=utc_now())
    appeal.refresh_from_db()
    freeze.refresh_from_db()
    assert (appeal.state, freeze.state, Offer.objects.get().state) == ("granted", "lifted", "listed")


def test_an_appeal_against_a_rejection_puts_the_offer_on_sale(supplier: Supplier) -> None:
    review = submitted(supplier)
    with pytest.raises(appeals.NothingToAppeal):
        appeals.file_appeal(actor=seller(), offer_id=review.offer_id, reason="不服", now=utc_now())
    deciding.decide_review(actor=ONE, review_id=review.pk, approve=False, reason="图片不符", now=utc_now())
    appeal = appeals.file_appeal(actor=seller(), offer_id=review.offer_id, reason="图片相符", now=utc_now())
    again = offering.draft_again(actor=seller(), offer_id=review.offer_id, now=utc_now())
    with pytest.raises(OfferExists):
        appeals.decide_appeal(actor=OTHER, appeal_id=appeal.pk, grant=True, decision="成立", now=utc_now())
    offering.withdraw(actor=seller(), offer_id=again.pk, reason="", now=utc_now())
    appeals.decide_appeal(actor=OTHER, appeal_id=appeal.pk, grant=True, decision="成立", now=utc_now())
    assert Offer.objects.get(pk=review.offer_id).state == "listed"


def test_dismissed_or_taken_back_nothing_changes(supplier: Supplier) -> None:
    first, second = frozen(supplier), frozen(supplier)
    dismissed = appeals.file_appeal(actor=seller(), offer_id=first.offer_id, reason="不服", now=utc_now())
    appeals.decide_appeal(actor=OTHER, appeal_id=dismissed.pk, grant=False, decision="不成立", now=utc_now())
    withdrawn = appeals.file_appeal(actor=seller(), offer_id=second.offer_id, reason="不服", now=utc_now())
    with pytest.raises(NotPermitted):
        appeals.withdraw_appeal(actor=seller(72), appeal_id=withdrawn.pk, now=utc_now())
    appeals.withdraw_appeal(actor=seller(), appeal_id=withdrawn.pk, now=utc_now())
    assert set(Offer.objects.values_list("state", flat=True)) == {"frozen"}
    with pytest.raises(WrongState):
        appeals.decide_appeal(actor=OTHER, appeal_id=withdrawn.pk, grant=True, decision="成立", now=utc_now())


# -- settings ---------------------------------------------------------------------------------------------------------
def test_figures_and_words_hold_from_their_day(supplier: Supplier) -> None:
    region = staff(8, Post.REGION_SUPERVISOR)
    today = date(2026, 11, 23)
    now = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
    enter = {"name": "review_working_days", "source": "测试文件", "now": now}
    with pytest.raises(NotPermitted):
        settings.enter_parameter(actor=ONE, value=D(5), valid_from=today, **enter)
    for value, day in ((D(0), today), (D("1.5"), today), (D(5), today - timedelta(days=1))):
        with pytest.raises(InvalidInput):
            settings.enter_parameter(actor=region, value=value, valid_from=day, **enter)
    settings.enter_parameter(actor=region, value=D(5), valid_from=today, **enter)
    settings.change_word(actor=region, word="第一", is_listed=True, source="测试文件", now=now)
    settings.change_word(actor=region, word="最佳", is_listed=False, source="不适用", now=now)
    with pytest.raises(settings.WordAsItWas):
        settings.change_word(actor=region, word="第一", is_listed=True, source="测试文件", now=now)
    review = submitted(supplier, product=make_product("最佳 第一 打印纸"))
    assert review.findings[0]["inputs"]["words"] == "第一"


@pytest.mark.parametrize(
    ("table", "change", "constraint"),
    [
        ("listings_offerreview", "state = 'approved'", "offer_review_decided_by_whom_and_when"),
        ("listings_offerreview", "price = 'NaN'", "offer_review_prices_are_money"),
        ("listings_offerreview", "kind = 'price'", "offer_review_of_a_price_says_which"),
        ("listings_offerfreeze", "reason = ''", "offer_freeze_has_a_reason"),
        ("listings_offerfreeze", "state = 'lifted'", "offer_freeze_ended_when"),
        ("listings_listingappeal", "freeze_id = NULL", "appeal_against_one_thing"),
        ("listings_listingappeal", "state = 'granted'", "appeal_decided_by_whom_when_and_why"),
    ],
)
def test_rows_that_cannot_be(supplier: Supplier, table: str, change: str, constraint: str) -> None:
    freeze = frozen(supplier)
    appeals.file_appeal(actor=seller(), offer_id=freeze.offer_id, reason="不服", now=utc_now())
    submitted(supplier)
    open_only = " WHERE state = 'open'" if table == "listings_offerreview" else ""
    with (
        pytest.raises(IntegrityError, match=constraint),
        region_atomic(),
        connections["default"].cursor() as cursor,
    ):
        cursor.execute(f"UPDATE {table} SET {change}{open_only}")

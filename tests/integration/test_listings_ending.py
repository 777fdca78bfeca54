"""The last days of offers: who is told, what renewing does, and that an offer expires once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal as D
from typing import Any

import pytest
from django.db import connections

from kernel.clock import local_date, utc_now
from kernel.problems import NotPermitted, WrongState
from shared_apps.inbox.selectors import inbox_page
from shared_apps.listings.models import EndingNotice, OfferFreeze, OfferReview
from shared_apps.listings.rules.reviews import BreachKind
from shared_apps.listings.selectors.ending import own_endings
from shared_apps.listings.services import breaches, ending, offering, settings
from shared_apps.products.models import Offer
from shared_apps.region_journal.models import RegionJournalEntry
from shared_apps.suppliers.models import Supplier
from tenants.database.context import region_as, region_atomic
from tenants.journaling.relay import drain
from tests.database import wait_until_settled
from tests.factories.goods import make_supplier
from tests.integration.test_listings_reviews import ONE, OTHER, OWN, listed, seller

NOW = utc_now()
TODAY = local_date(NOW)


def in_days(days: int) -> date:
    return TODAY + timedelta(days=days)


@pytest.fixture
def supplier(room: None) -> Supplier:
    return make_supplier(organisation_id=OWN)


def told() -> list[tuple[int, Any]]:
    rows = RegionJournalEntry.objects.filter(event="listings.offers_ending").order_by("id")
    return [(row.facts["offers"], row.facts["first_on"]) for row in rows]


def to_do() -> list[str]:
    wait_until_settled()
    drain(room="region", schema="public", now=utc_now())
    return [item.step for item in inbox_page(actor=seller(), now=utc_now()).items]


def test_a_supplier_is_told_before_and_renews_in_one_step(supplier: Supplier) -> None:
    soon, later = listed(supplier, valid_to=in_days(10)), listed(supplier, valid_to=in_days(40))
    endless = listed(supplier)
    assert ending.follow_last_days(now=NOW) == ending.Followed(expired=0, told=1)
    assert ending.follow_last_days(now=NOW) == ending.Followed(), "told once"
    assert told() == [(1, in_days(10).isoformat())]
    assert to_do() == ["offers_ending"]
    assert [one.id for one in own_endings(actor=seller(), on=TODAY).offers] == [soon.pk]
    renewed = ending.renew_offer(actor=seller(), offer_id=soon.pk, valid_to=in_days(400), now=NOW)
    assert (renewed.pk, renewed.state, renewed.valid_to) == (soon.pk, "listed", in_days(400))
    assert told()[1:] == [(0, None)]
    assert to_do() == []
    # The figure is the region's: with forty days the other one is named as well.
    settings.enter_parameter(actor=OTHER, name="ending_warning_days", value=D(40), valid_from=TODAY, source="测试",
                             now=NOW)  # fmt: skip
    ending.follow_last_days(now=NOW)
    assert told()[2:] == [(1, in_days(40).isoformat())]
    assert EndingNotice.objects.get().offers == 1
    outcomes = ending.renew_offers(actor=seller(), offer_ids=[later.pk, endless.pk], valid_to=in_days(30), now=NOW)
    assert [one.problem and one.problem.code for one in outcomes] == ["invalid-input", "invalid-input"], "no later day"
    with pytest.raises(NotPermitted):
        ending.renew_offer(actor=seller(72), offer_id=later.pk, valid_to=None, now=NOW)


def test_what_has_ended_expires_once_and_is_offered_anew_under_review(supplier: Supplier) -> None:
    last = listed(supplier, valid_to=TODAY)
    frozen = listed(supplier, valid_to=TODAY)
    asks = listed(supplier, valid_to=TODAY)
    breaches.freeze_offer(actor=ONE, offer_id=frozen.pk, kind=BreachKind.PRICE, reason="高", now=NOW)
    offering.ask_price(actor=seller(), offer_id=asks.pk, price=D("24.00"), now=NOW)
    assert ending.follow_last_days(now=NOW).expired == 0, "good on its last day"
    tomorrow = NOW + timedelta(days=1)
    assert ending.follow_last_days(now=tomorrow).expired == 3
    before = RegionJournalEntry.objects.count()
    assert ending.follow_last_days(now=tomorrow) == ending.Followed()
    assert RegionJournalEntry.objects.count() == before
    [row] = RegionJournalEntry.objects.filter(event="products.offers_expired")
    assert (row.facts["supplier_code"], row.facts["offers"]) == (supplier.uscc, [last.pk, frozen.pk, asks.pk])
    assert set(Offer.objects.values_list("state", "pending_since", "version")) == {
        ("expired", None, version) for version in Offer.objects.values_list("version", flat=True)
    }
    assert OfferFreeze.objects.get().state == "ended"
    assert not OfferReview.objects.filter(state="open").exists()
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM products_onsale")
        assert cursor.fetchone() == (0,)
    shown = own_endings(actor=seller(), on=local_date(tomorrow)).offers
    assert [one.id for one in shown] == [last.pk, frozen.pk, asks.pk]
    anew = ending.renew_offer(actor=seller(), offer_id=last.pk, valid_to=in_days(100), now=tomorrow)
    assert (anew.state, anew.valid_to, anew.price) == ("machine_checked", in_days(100), last.price)
    assert anew.pk != last.pk
    [twice] = ending.renew_offers(actor=seller(), offer_ids=[last.pk], valid_to=in_days(100), now=tomorrow)
    assert twice.problem is not None
    assert twice.problem.code == "offer-exists"
    with pytest.raises(WrongState):
        ending.renew_offer(actor=seller(), offer_id=anew.pk, valid_to=in_days(200), now=tomorrow)
    assert last.pk not in {one.id for one in own_endings(actor=seller(), on=local_date(tomorrow)).offers}


def test_a_run_passes_by_what_another_works_on(supplier: Supplier) -> None:
    first, second = listed(supplier, valid_to=TODAY), listed(supplier, valid_to=TODAY)
    tomorrow = NOW + timedelta(days=1)

    def run() -> int:
        try:
            with region_as("yz_region"):
                return ending.follow_last_days(now=tomorrow).expired
        finally:
            for connection in connections.all():
                connection.close_kept()  # type: ignore[attr-defined]

    with ThreadPoolExecutor(2) as pool:
        with region_atomic():
            Offer.objects.select_for_update().get(pk=first.pk)
            assert pool.submit(run).result(timeout=20) == 1, "without waiting"
        assert sum(pool.map(lambda _: run(), range(2))) == 1, "of two runs at once one moves it"
    assert set(Offer.objects.values_list("pk", "state", "version")) == {
        (first.pk, "expired", first.version + 1),
        (second.pk, "expired", second.version + 1),
    }

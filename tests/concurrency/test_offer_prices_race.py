"""A supplier lowers a price while a reviewer approves its rise. The twin without the row lock loses one of them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal as D
from typing import Any

import pytest
from django.db import connections
from django.db.models import QuerySet

from kernel.actor import SYSTEM
from kernel.clock import utc_now
from kernel.problems import DomainError
from shared_apps.products.models import Offer
from shared_apps.products.models.offer import OfferPrice
from shared_apps.products.services import decide_price, prices, set_price
from tenants.database.context import region_as
from tests.factories.goods import make_offer

ASKED = datetime(2026, 11, 1, 4, 0, tzinfo=UTC)
ROUNDS = 8


def _together(*works: Callable[[], object]) -> list[str]:
    """Runs each work in a thread with a connection of its own, released at once; "done" or the refusal's code."""
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> str:
        try:
            with region_as("yz_region"):
                gate.wait(timeout=20)
                work()
        except DomainError as error:
            return error.code
        finally:
            for connection in connections.all():
                connection.close_kept()
        return "done"

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def _asked_for_more() -> Offer:
    offer = make_offer(price="20.00")
    set_price(actor=SYSTEM, offer_id=offer.pk, price=D("25.00"), now=ASKED)
    return offer


def _lower_and_approve(offer: Offer) -> list[str]:
    return _together(
        lambda: set_price(actor=SYSTEM, offer_id=offer.pk, price=D("18.00"), now=utc_now()),
        lambda: decide_price(actor=SYSTEM, offer_id=offer.pk, asked_at=ASKED, approve=True, now=utc_now()),
    )


def _adds_up(offer: Offer) -> bool:
    price = D("20.00")
    for row in OfferPrice.objects.filter(offer=offer).order_by("id"):
        if row.before != price:
            return False
        price = row.after
    return Offer.objects.get(pk=offer.pk).price == price


def test_lowering_and_approving_at_once_come_one_after_the_other() -> None:
    for _round in range(ROUNDS):
        offer = _asked_for_more()
        lowered, approved = _lower_and_approve(offer)
        # Either the rise came first and was lowered from, or it was gone when the reviewer came.
        assert (lowered, approved) in {("done", "done"), ("done", "price-not-asked")}
        assert _adds_up(offer)
        assert Offer.objects.get(pk=offer.pk).price == D("18.00"), "the supplier's lower price is never lost"


def test_two_reviewers_decide_once() -> None:
    offer = _asked_for_more()
    outcome = _together(
        lambda: decide_price(actor=SYSTEM, offer_id=offer.pk, asked_at=ASKED, approve=True, now=utc_now()),
        lambda: decide_price(actor=SYSTEM, offer_id=offer.pk, asked_at=ASKED, approve=False, now=utc_now()),
    )
    assert sorted(outcome) == ["done", "price-not-asked"]
    assert _adds_up(offer)


def test_twin_without_the_lock_one_of_them_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both read the asking, then both write what they made of it."""
    read = threading.Barrier(2)

    def unlocked(self: QuerySet[Any], **options: Any) -> QuerySet[Any]:
        return self

    original = prices._areas

    def after_both_have_read(offer: Offer) -> dict[str, tuple[D, D]]:
        read.wait(timeout=20)
        return original(offer)

    offer = _asked_for_more()
    monkeypatch.setattr(QuerySet, "select_for_update", unlocked)
    monkeypatch.setattr(prices, "_areas", after_both_have_read)
    original_asked = prices._asked

    def asked(offer: Offer, at: datetime | None) -> D:
        found = original_asked(offer, at)
        read.wait(timeout=20)
        return found

    monkeypatch.setattr(prices, "_asked", asked)
    assert _lower_and_approve(offer) == ["done", "done"]
    assert not _adds_up(offer)

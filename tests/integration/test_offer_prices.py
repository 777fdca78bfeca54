"""Prices of offers: whatever suppliers and reviewers do, what is on sale gets no dearer without a decision."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal as D
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.actor import SYSTEM, Actor, Belonging, HeldPost
from kernel.clock import utc_now
from kernel.posts import Post
from kernel.problems import DomainError, NotPermitted, WrongState
from shared_apps.products.apps import OFFER_COLUMNS
from shared_apps.products.models import Offer
from shared_apps.products.models.offer import OfferPrice
from shared_apps.products.rules import OfferState, Terms, dearer_somewhere, is_dearer
from shared_apps.products.selectors import offers
from shared_apps.products.services import (
    NothingChanges,
    PriceNotAsked,
    change_price,
    decide_price,
    edit_draft,
    edit_service,
    move_offer,
    prices,
    set_price,
    withdraw_price,
)
from shared_apps.region_journal.models import RegionJournalEntry
from tenants.database.context import region_as, region_atomic
from tests.factories.goods import make_offer, make_supplier

REVIEWER = Actor(5, "测试审核员", None, (Belonging(9, "集采机构", "central_purchasing_body", "C", "990001"),),
                 (HeldPost(Post.CPB_OPERATOR, 9),))  # fmt: skip
START = datetime(2026, 11, 1, 4, 0, tzinfo=UTC)


def seller(organisation_id: int) -> Actor:
    return Actor(7, "测试销售", None, (), (HeldPost(Post.SUPPLIER_SALES, organisation_id),))


def on_sale(price: str = "20.00", **more: Any) -> Offer:
    return make_offer(supplier=make_supplier(organisation_id=71), price=price, **more)


def read(offer: Offer) -> Offer:
    return Offer.objects.get(pk=offer.pk)


def test_buyers_keep_the_old_price_until_somebody_has_looked() -> None:
    offer = on_sale(reference_price="25.00")
    asked = set_price(actor=seller(71), offer_id=offer.pk, price=D("24.00"), now=START)
    assert (asked.price, asked.pending_price, asked.state) == (D("20.00"), D("24.00"), "listed")
    assert not OfferPrice.objects.exists()
    with pytest.raises(NotPermitted):
        decide_price(actor=seller(71), offer_id=offer.pk, asked_at=START, approve=True, now=START)
    decide_price(actor=REVIEWER, offer_id=offer.pk, asked_at=START, approve=True, now=START)
    row, change = read(offer), OfferPrice.objects.get()
    assert (row.price, row.pending_since, row.version) == (D("24.00"), None, offer.version + 2)
    assert (change.before, change.after, change.approved_by_name) == (D("20.00"), D("24.00"), "测试审核员")
    last = RegionJournalEntry.objects.order_by("-id").first()
    assert last is not None
    assert (last.event, last.facts["before"], last.facts["price"]) == ("products.offer_priced", "20.00", "24.00")


def test_a_refused_rise_changes_nothing_and_may_be_asked_for_again() -> None:
    offer = on_sale()
    set_price(actor=seller(71), offer_id=offer.pk, price=D("24.00"), now=START)
    decide_price(actor=REVIEWER, offer_id=offer.pk, asked_at=START, approve=False, reason="高于市场价", now=START)
    assert (read(offer).price, read(offer).pending_price) == (D("20.00"), None)
    later = START + timedelta(hours=1)
    set_price(actor=seller(71), offer_id=offer.pk, price=D("21.00"), now=later)
    with pytest.raises(PriceNotAsked):
        decide_price(actor=REVIEWER, offer_id=offer.pk, asked_at=START, approve=True, now=later)
    withdraw_price(actor=seller(71), offer_id=offer.pk, now=later)
    with pytest.raises(PriceNotAsked):
        withdraw_price(actor=seller(71), offer_id=offer.pk, now=later)
    with pytest.raises(NothingChanges):
        set_price(actor=seller(71), offer_id=offer.pk, price=D("20.00"), now=later)


def test_lowering_takes_back_what_was_asked_for() -> None:
    offer = on_sale()
    set_price(actor=seller(71), offer_id=offer.pk, price=D("24.00"), now=START)
    lower = set_price(actor=seller(71), offer_id=offer.pk, price=D("18.00"), now=START)
    assert (lower.price, lower.pending_price) == (D("18.00"), None)
    with pytest.raises(PriceNotAsked):
        decide_price(actor=REVIEWER, offer_id=offer.pk, asked_at=START, approve=True, now=START)


def test_dearer_delivery_and_a_higher_ceiling_wait_as_well() -> None:
    offer = on_sale(areas=(("650000", "5.00", "1.00"), ("653100", "9.00", "2.00")))
    near = [("650000", D("5.00"), D("1.00")), ("653101", D("9.00"), D("3.00"))]
    waits = change_price(actor=seller(71), offer_id=offer.pk, areas=near, now=START)
    assert waits.pending_areas == [["650000", "5.00", "1.00"], ["653101", "9.00", "3.00"]]
    assert set(offer.areas.values_list("division_code", flat=True)) == {"650000", "653100"}
    decide_price(actor=REVIEWER, offer_id=offer.pk, asked_at=START, approve=True, now=START)
    assert set(offer.areas.values_list("division_code", flat=True)) == {"650000", "653101"}
    ceiling = change_price(actor=seller(71), offer_id=offer.pk, reference_price=D("30.00"), now=START)
    assert (ceiling.reference_price, ceiling.pending_reference_price) == (D("20.00"), D("30.00"))
    cheaper = change_price(actor=seller(71), offer_id=offer.pk, areas=[("650000", D("1.00"), D("0.00"))], now=START)
    assert (cheaper.pending_since, offer.areas.get().surcharge) == (None, D("0.00"))


@pytest.mark.parametrize(
    ("before", "after", "dearer"),
    [
        ({"650000": 1}, {"650000": 2}, True),
        ({"650000": 2}, {"650000": 1}, False),
        ({"650000": 1}, {"650000": 1, "653101": 2}, True),  # the county paid the region's price
        ({"653101": 1}, {"653101": 1, "650000": 9}, False),  # nobody was delivered to there
        ({"650000": 2, "653101": 1}, {"650000": 2}, True),  # the county falls back to the region's
        ({"650000": 1, "653101": 2}, {"650000": 1}, False),
        ({"650000": 1}, {}, False),
    ],
)
def test_where_delivery_gets_dearer(before: dict[str, int], after: dict[str, int], dearer: bool) -> None:
    def areas(given: dict[str, int]) -> dict[str, tuple[D, D]]:
        return {code: (D(0), D(surcharge)) for code, surcharge in given.items()}

    assert dearer_somewhere(areas(before), areas(after)) is dearer


def test_a_draft_is_written_anew_and_has_no_history() -> None:
    offer = make_offer(supplier=make_supplier(organisation_id=71), listed=False)
    set_price(actor=seller(71), offer_id=offer.pk, price=D("30.00"), now=START)
    edit_draft(actor=seller(71), offer_id=offer.pk, price=D("31.00"), reference_price=D("32.00"), delivery_days=5,
               areas=[("653101", D("0"), D("0"))], vat_rate=D("0.01"), now=START)  # fmt: skip
    row = read(offer)
    assert (row.price, row.vat_rate, row.areas.get().division_code) == (D("31.00"), D("0.01"), "653101")
    assert not OfferPrice.objects.exists()
    assert offers(offer_ids=[offer.pk], area="653101")[offer.pk].vat_rate == D("0.01"), "its own, not the product's"
    move_offer(actor=seller(71), offer_id=offer.pk, action="submit", now=START)
    for change in (
        lambda: set_price(actor=seller(71), offer_id=offer.pk, price=D("1.00"), now=START),
        lambda: edit_service(actor=seller(71), offer_id=offer.pk, stock_note="", delivery_days=1, valid_to=None,
                             now=START),
        lambda: edit_draft(actor=seller(71), offer_id=offer.pk, price=D(1), reference_price=D(1), delivery_days=1,
                           areas=[], now=START),
    ):  # fmt: skip
        with pytest.raises(WrongState):
            change()


def test_what_is_frozen_may_be_lowered_only() -> None:
    offer = on_sale()
    set_price(actor=seller(71), offer_id=offer.pk, price=D("24.00"), now=START)
    frozen = move_offer(actor=REVIEWER, offer_id=offer.pk, action="freeze", reason="价格虚高", now=START)
    assert frozen.pending_since is None, "what waited is asked for again afterwards"
    with pytest.raises(WrongState):
        set_price(actor=seller(71), offer_id=offer.pk, price=D("24.00"), now=START)
    assert set_price(actor=seller(71), offer_id=offer.pk, price=D("15.00"), now=START).price == D("15.00")
    assert OfferPrice.objects.get().change == "lowered"


@pytest.mark.parametrize(
    ("row", "constraint"),
    [
        ("('raised', 20, 24, now(), 'x', '')", "offer_price_rises_by_approval"),
        ("('lowered', 20, 24, now(), 'x', '')", "offer_price_rises_by_approval"),
        ("('raised', 20, 'NaN'::numeric, now(), 'x', 'y')", "offer_price_change_is_money"),
    ],
)
def test_history_that_cannot_be(row: str, constraint: str) -> None:
    offer = on_sale()
    statement = (
        "INSERT INTO products_offerprice (offer_id, change, before, after, changed_at, changed_by_name, "
        f"approved_by_name) SELECT {offer.pk}, * FROM (VALUES {row}) v"
    )
    with pytest.raises(IntegrityError, match=constraint), region_atomic(), connections["default"].cursor() as cursor:
        cursor.execute(statement)


def test_history_is_never_written_anew() -> None:
    for statement in ("UPDATE products_offerprice SET after = 1", "DELETE FROM products_offerprice"):
        with (
            region_as("yz_region"),
            pytest.raises(DatabaseError, match="permission denied"),
            connections["default"].cursor() as cursor,
        ):
            cursor.execute(statement)


def test_only_what_is_on_sale_has_a_price_that_waits() -> None:
    offer = on_sale()
    set_price(actor=seller(71), offer_id=offer.pk, price=D("24.00"), now=START)
    for change in ("state = 'frozen'", "pending_price = NULL", "pending_reference_price = 'NaN'"):
        with (
            pytest.raises(IntegrityError, match="offer_pending_is_whole"),
            region_atomic(),
            connections["default"].cursor() as cursor,
        ):
            cursor.execute(f"UPDATE products_offer SET {change} WHERE id = %s", [offer.pk])


# -- whatever happens -------------------------------------------------------------------------------------------------
PRICE = st.integers(min_value=100, max_value=3000).map(lambda cents: D(cents) / 100)
STEP = st.one_of(
    st.tuples(st.just("set"), PRICE),
    st.tuples(st.just("ceiling"), PRICE),
    st.tuples(st.sampled_from(["approve", "reject", "withdraw", "freeze", "unfreeze"]), st.none()),
)


def _take(offer: Offer, kind: str, price: D | None, now: datetime) -> None:
    """One step; what the state refuses changes nothing."""
    own, pk = seller(71), offer.pk
    steps: dict[str, Callable[[], object]] = {
        "set": lambda: set_price(actor=own, offer_id=pk, price=price or D(1), now=now),
        "ceiling": lambda: change_price(actor=own, offer_id=pk, reference_price=price, now=now),
        "withdraw": lambda: withdraw_price(actor=own, offer_id=pk, now=now),
        "freeze": lambda: move_offer(actor=REVIEWER, offer_id=pk, action="freeze", now=now),
        "unfreeze": lambda: move_offer(actor=REVIEWER, offer_id=pk, action="unfreeze", now=now),
    }
    try:
        if kind in steps:
            steps[kind]()
        elif (asked := read(offer).pending_since) is not None:
            decide_price(actor=REVIEWER, offer_id=pk, asked_at=asked, approve=kind == "approve", now=now)
    except DomainError:
        return


def _history_adds_up(offer: Offer, first: D) -> None:
    price = first
    for row in OfferPrice.objects.filter(offer=offer).order_by("id"):
        assert row.before == price
        assert (row.after > row.before) is (row.change == "raised") is bool(row.approved_by_name)
        price = row.after
    assert read(offer).price == price


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, min_size=1, max_size=12))
def test_the_price_on_sale_rises_by_approvals_only(steps: list[tuple[str, D | None]]) -> None:
    with region_as("yz_region"):
        offer = on_sale_anew()
        for number, (kind, price) in enumerate(steps):
            before = read(offer)
            _take(offer, kind, price, START + timedelta(minutes=number))
            after = read(offer)
            if kind != "approve":
                assert after.price <= before.price
                assert after.reference_price <= before.reference_price
            assert after.pending_since is None or after.state == OfferState.LISTED
        _history_adds_up(offer, D("20.00"))


def on_sale_anew() -> Offer:
    """Another offer of a supplier of the same organisation: one an example."""
    from shared_apps.suppliers.models import Supplier

    supplier = Supplier.objects.filter(organisation_id=71).first()
    return make_offer(supplier=supplier or make_supplier(organisation_id=71))


def test_twin_without_the_rule_the_price_rises_at_once_and_the_history_refuses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With the guard off a rise holds at once; the constraint of the history is what still stops it."""
    offer = on_sale()

    def never(before: Terms, after: Terms) -> bool:
        return False

    assert is_dearer(Terms(D(1), D(1), {}), Terms(D(2), D(1), {}))
    monkeypatch.setattr(prices, "is_dearer", never)
    with pytest.raises(IntegrityError, match="offer_price_rises_by_approval"):
        set_price(actor=seller(71), offer_id=offer.pk, price=D("24.00"), now=utc_now())
    monkeypatch.setattr(prices, "_note", lambda *args, **more: None)
    set_price(actor=seller(71), offer_id=offer.pk, price=D("24.00"), now=utc_now())
    with pytest.raises(AssertionError):
        _history_adds_up(offer, D("20.00"))


def test_a_move_that_changes_a_price_is_not_made_by_its_name() -> None:
    with pytest.raises(ValueError, match=r"services\.prices"):
        move_offer(actor=SYSTEM, offer_id=on_sale().pk, action="approve_price", now=utc_now())


def test_a_mall_is_refused_the_terms_that_wait_and_reads_the_rest() -> None:
    """A column grant: no statement of a mall's session can show buyers, or a rival, what a supplier asks for."""
    offer = make_offer(price="20.00")
    set_price(actor=SYSTEM, offer_id=offer.pk, price=D("25.00"), now=utc_now())
    hidden = ("pending_since", "pending_price", "pending_reference_price", "pending_areas", "state_reason")
    for column in (*hidden, "*"):
        with (
            region_as("yz_mall"),
            pytest.raises(DatabaseError, match="permission denied"),
            connections["default"].cursor() as cursor,
        ):
            cursor.execute(f"SELECT {column} FROM products_offer")
    with region_as("yz_mall"):
        assert offers(offer_ids=[offer.pk], area="653101")[offer.pk].price == D("20.00")
    with region_as("yz_mall"), connections["default"].cursor() as cursor:
        cursor.execute(f"SELECT {OFFER_COLUMNS} FROM products_offer")
        assert len(cursor.fetchall()) == 1

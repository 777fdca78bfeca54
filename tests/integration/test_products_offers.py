"""Offers as a buyer in one area sees them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from shared_apps.products.selectors import offers
from tenants.database.context import region_as
from tests.factories.goods import make_offer

AREAS = (("650000", "8.00", "1.00"), ("653100", "5.00", "0.50"), ("653101", "0.00", "0.00"))


@pytest.mark.parametrize(
    ("area", "price", "freight"),
    [("653101", "20.00", "0.00"), ("653121", "20.50", "5.00"), ("650100", "21.00", "8.00")],
)
def test_the_nearest_area_decides_price_and_freight(area: str, price: str, freight: str) -> None:
    offer = make_offer(price="20.00", reference_price="22.00", areas=AREAS)
    with region_as("yz_mall"):
        view = offers(offer_ids=[offer.pk], area=area)[offer.pk]
    assert (view.price, view.freight) == (Decimal(price), Decimal(freight))
    assert view.reference_price - view.price == Decimal("2.00")
    assert view.available


def test_no_area_means_no_delivery() -> None:
    offer = make_offer(areas=(("653100", "5.00", "0.50"),))
    with region_as("yz_mall"):
        view = offers(offer_ids=[offer.pk], area="650100")[offer.pk]
    assert (view.active, view.delivers, view.available) == (True, False, False)


def test_a_draft_is_not_active_and_an_unknown_offer_is_left_out() -> None:
    offer = make_offer(listed=False)
    with region_as("yz_mall"):
        found = offers(offer_ids=[offer.pk, 999_999], area="650100")
    assert list(found) == [offer.pk]
    assert not found[offer.pk].active

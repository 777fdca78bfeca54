"""What the mall's search says beside its products: what was meant, estimates, paid prices and certificates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from shared_apps.listings.models import PriceReference
from shared_apps.products import searching
from shared_apps.products.models import Offer
from tenants.database.context import region_as
from tests.factories.goods import make_offer, make_product, make_shelf
from tests.factories.people import host_of

TENANT = "990001"


@pytest.fixture
def offer() -> Offer:
    make_shelf(TENANT)
    return make_offer(make_product("天峰 加厚复印纸 70克", labels=["environment"]))


@pytest.fixture
def public() -> Client:
    return Client(HTTP_HOST=host_of(TENANT))


def shown(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_initials_are_searched_at_once_and_slips_are_asked_about(offer: Offer, public: Client) -> None:
    letters = shown(public, "/products/?q=fyz")
    assert "“复印纸”（fyz）共 1 种商品" in letters
    assert offer.product.title in letters
    slip = shown(public, "/products/?q=复印只")
    assert "您要找的是不是" in slip
    assert '<a href="/products/?q=%E5%A4%8D%E5%8D%B0%E7%BA%B8"><span translate="no">复印纸</span>' in slip
    nothing = shown(public, "/products/?q=没有这个")
    assert "没有找到" in nothing
    assert "是不是" not in nothing


def test_the_api_tells_what_was_meant(offer: Offer, public: Client) -> None:
    said = public.get("/api/v1/products/?q=复印只").json()
    assert (said["total"], said["shown_for"], said["suggestions"]) == (0, "", [{"text": "复印纸", "hits": 1}])
    said = public.get("/api/v1/products/?q=jhfyz").json()
    assert (said["total"], said["shown_for"], said["total_is_about"]) == (1, "加厚复印纸", False)


def test_estimates_are_called_estimates(offer: Offer, public: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "WHOLE_MAX", 0)
    monkeypatch.setattr(searching, "COLLECTED_MAX", 0)
    page = shown(public, "/products/?q=纸")
    assert "约有" in page
    assert offer.product.title in page


def test_paid_prices_and_certificates_stand_on_the_product_page(offer: Offer, public: Client) -> None:
    path = f"/products/{offer.product.code}/"
    assert "全区成交参考价" not in shown(public, path)
    with region_as("yz_region"):
        PriceReference.objects.create(
            product_id=offer.product_id,
            median=Decimal("18.80"),
            low=Decimal("17.00"),
            high=Decimal("21.00"),
            orders=12,
            window_from=date(2026, 5, 27),
            window_to=date(2026, 11, 23),
        )
    page = shown(public, path)
    assert "全区成交参考价" in page
    assert "18.80" in page
    assert "2026-05-27 至 2026-11-23" in page
    assert "环境标志产品" in page
    assert "有效期" in page

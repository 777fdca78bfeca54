"""Bargains made through the services; the caller has the tenant selected."""

from __future__ import annotations

from decimal import Decimal

from kernel.clock import utc_now
from tenant_apps.bargains import services
from tenant_apps.bargains.models import Bargain
from tests.factories.orders import Shop


def proposed(shop: Shop, price: str = "18.00", *, quantity: int = 2) -> Bargain:
    """The shop's clerk asks for its one offer at `price` instead of 20.00."""
    shop.fill_cart(quantity=quantity)
    return services.propose(
        actor=shop.clerk,
        unit_id=shop.unit_id,
        supplier_id=shop.supplier.pk,
        prices={shop.offer.pk: Decimal(price)},
        note="量大从优",
        now=utc_now(),
    )


def countered(shop: Shop, price: str = "19.00") -> Bargain:
    one = proposed(shop)
    prices = {shop.offer.pk: Decimal(price)}
    return services.counter(actor=shop.seller, bargain_id=one.pk, prices=prices, note="最低价", now=utc_now())


def agreed(shop: Shop, price: str = "18.00") -> Bargain:
    return services.accept(actor=shop.seller, bargain_id=proposed(shop, price).pk, now=utc_now())


def declined(shop: Shop) -> Bargain:
    return services.decline(actor=shop.seller, bargain_id=proposed(shop).pk, reason="已是底价", now=utc_now())


def shown(shop: Shop) -> dict[str, list[str]]:
    """Bargains in several states, and the pages that show them."""
    ended, good, running = declined(shop), agreed(shop), countered(shop)
    return {
        "bargains:bargain": [f"/bargains/{one.pk}/" for one in (ended, good, running)],
        "bargains:list": ["/bargains/", "/bargains/?search=没有"],
        "bargains:new": [f"/bargains/new/{shop.supplier.pk}/"],
        "supermarket:checkout": [f"/checkout/{shop.supplier.pk}/", f"/checkout/{shop.supplier.pk}/?bargain={good.pk}"],
    }

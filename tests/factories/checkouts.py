"""What stands around a checkout, made through the services; the caller has the tenant selected."""

from __future__ import annotations

from kernel.clock import utc_now
from tenant_apps.orders.models import Order
from tenant_apps.storefront.favourites import add_favourite
from tenant_apps.supermarket.addresses import add_address
from tenant_apps.supermarket.models import DeliveryAddress, DraftPaper, OrderNote
from tenant_apps.supermarket.notes import Paper, add_note
from tenant_apps.supermarket.papers import add_paper
from tests.factories import files as samples
from tests.factories.orders import Shop


def address(shop: Shop, label: str = "东门收发室") -> DeliveryAddress:
    return add_address(
        actor=shop.clerk,
        unit_id=shop.unit_id,
        label=label,
        address="测试县文化路9号",
        contact_name="李老师",
        contact_phone="13911111111",
        is_default=False,
        now=utc_now(),
    )


def favourite(shop: Shop) -> None:
    add_favourite(actor=shop.clerk, product_code=shop.offer.product.code, now=utc_now())


def noted(shop: Shop, order: Order, text: str = "请送到三楼") -> OrderNote:
    paper = Paper("平面图.pdf", samples.pdf(text))
    return add_note(actor=shop.clerk, order_id=order.pk, text=text, paper=paper, now=utc_now())


def beside_checkout(shop: Shop, text: str = "清单") -> DraftPaper:
    paper = Paper("采购清单.pdf", samples.pdf(text))
    return add_paper(actor=shop.clerk, unit_id=shop.unit_id, supplier_id=shop.supplier.pk, paper=paper, now=utc_now())


def shown(shop: Shop, order: Order) -> dict[str, list[str]]:
    """An address and a note, and the pages that show them."""
    entry = address(shop)
    noted(shop, order)
    beside_checkout(shop)
    favourite(shop)
    return {
        "supermarket:addresses": ["/addresses/", f"/addresses/?unit={shop.unit_id}"],
        "supermarket:address": [f"/addresses/{entry.pk}/"],
        "supermarket:note": [f"/orders/{order.pk}/notes/"],
    }

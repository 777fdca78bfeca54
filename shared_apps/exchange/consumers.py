"""What of the journals webhooks are told. As the relay: nothing is sent here, deliveries are queued."""

from __future__ import annotations

from typing import Any

from shared_apps.exchange import told
from shared_apps.exchange.services.webhooks import event_id_of, queue_event
from tenants.journaling.consumers import RelayedEntry, consumer
from tenants.registry.selectors import is_practice

# The mall's event and what it is to the supplier.
_ORDERS = {
    "orders.approved": told.ORDER_PLACED,
    "orders.cancelled": told.ORDER_ENDED,
    "orders.expired": told.ORDER_ENDED,
    "orders.terminated": told.ORDER_ENDED,
    "orders.goods_accepted": told.GOODS_ACCEPTED,
    "orders.paid": told.PAYMENT_CONFIRMED,
}
_REVIEWS = frozenset({"approve", "reject"})


def _event_id(entry: RelayedEntry) -> str:
    return event_id_of(tenant=entry.tenant, epoch=entry.epoch, journal_id=entry.journal_id)


def _order_moved(entry: RelayedEntry) -> None:
    if is_practice(code=entry.tenant):
        return
    facts = entry.facts
    data: dict[str, Any] = {
        "mall": entry.tenant,
        "order_number": facts["order_number"],
        "buyer": facts["unit_name"],
        "total": str(facts["total"]),
        "state": facts["state"],
    }
    queue_event(
        event=_ORDERS[entry.event],
        event_id=_event_id(entry),
        data=data,
        at=entry.at,
        supplier_id=int(facts["supplier_id"]),
    )


for _name in _ORDERS:
    consumer(_name)(_order_moved)


@consumer("products.offer_moved")
def _offer_moved(entry: RelayedEntry) -> None:
    facts = entry.facts
    if facts["action"] not in _REVIEWS:
        return
    queue_event(
        event=told.OFFER_REVIEWED,
        event_id=_event_id(entry),
        data={"product_code": facts["product_code"], "state": facts["state"], "reason": facts["reason"]},
        at=entry.at,
        supplier_code=str(facts["supplier_code"]),
    )

"""Offers of one's own suppliers that end soon, or ended lately and were not offered anew."""

from __future__ import annotations

from datetime import date, timedelta

from kernel.actor import Actor
from shared_apps.listings.rules.parameters import Parameter
from shared_apps.listings.selectors.files import own_suppliers
from shared_apps.listings.selectors.settings import parameters
from shared_apps.products.offered import OfferedPage, ending_offers


def warning_days(*, on: date) -> int:
    """How long before its last day a supplier is told of an offer."""
    return parameters(on=on).whole(Parameter.ENDING_WARNING_DAYS)


def own_endings(*, actor: Actor, on: date, after: int = 0) -> OfferedPage:
    """Three statements; empty for who sells for nobody."""
    ids = [supplier.id for supplier in own_suppliers(actor=actor)]
    if not ids:
        return OfferedPage((), None)
    span = timedelta(days=warning_days(on=on))
    return ending_offers(supplier_ids=ids, since=on - span, until=on + span, after=after)

"""Keeping paid prices in step with the journals, and working out references from them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connections
from django.db.models import Q, Sum

from kernel.clock import local_date
from kernel.locks import advisory_lock_key, advisory_xact_lock, try_advisory_xact_lock
from shared_apps.listings.models import PaidPrice
from shared_apps.listings.rules.parameters import Parameter
from shared_apps.listings.selectors.settings import parameters
from shared_apps.products.refreshing import set_sales
from tenants.database.context import REGION_ALIAS, region_atomic
from tenants.journaling.consumers import RelayedEntry
from tenants.registry.selectors import is_practice

_COUNTING = advisory_lock_key("listings", "price references")


def follow_paid(*, entry: RelayedEntry) -> int:
    """Notes the lines of a paid order; returns how many. Runs in the relay's transaction.

    References are worked out by a sweep, so that two malls' relays never wait for each other's
    products. Nothing of a practice mall is kept; an event of version 1 names no lines.
    """
    if is_practice(code=entry.tenant):
        return 0
    rows = [
        PaidPrice(
            tenant_code=entry.tenant,
            epoch=entry.epoch,
            journal_id=entry.journal_id,
            line=line["position"],
            order_id=int(entry.object_id),
            product_id=line["product_id"],
            supplier_id=entry.facts["supplier_id"],
            area_code=entry.facts["area_code"],
            price=Decimal(line["price"]),
            quantity=line["quantity"],
            paid_at=entry.at,
        )
        for line in entry.facts.get("lines") or ()
        # A gift has no price to compare with.
        if Decimal(line["price"]) > 0
    ]
    PaidPrice.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def follow_returned(*, entry: RelayedEntry) -> int:
    """The money of a paid order came back: its prices before do not count any more; returns how many. One statement.

    An order that is paid again stands there once, with the later payment's rows.
    """
    rows = PaidPrice.objects.filter(tenant_code=entry.tenant, order_id=int(entry.object_id), is_taken_back=False)
    earlier = Q(epoch__lt=entry.epoch) | Q(epoch=entry.epoch, journal_id__lt=entry.journal_id)
    return rows.filter(earlier).update(is_taken_back=True, is_counted=False)


def count_paid(*, now: datetime) -> int:
    """Works out the references of products with new paid prices; returns how many. One sweep at a time."""
    with region_atomic():
        if not try_advisory_xact_lock(REGION_ALIAS, _COUNTING):
            return 0
        with connections[REGION_ALIAS].cursor() as cursor:
            cursor.execute("UPDATE listings_paidprice SET is_counted = true WHERE NOT is_counted RETURNING product_id")
            product_ids = {row[0] for row in cursor.fetchall()}
        if product_ids:
            _work_out(product_ids=product_ids, now=now)
    return len(product_ids)


def slide_window(*, now: datetime) -> int:
    """Works out every reference anew, and what sold best in the same window; prices older than that leave it.

    Returns how many references there are.
    """
    with region_atomic():
        advisory_xact_lock(REGION_ALIAS, _COUNTING)
        set_sales(sold=_pieces(now))
        return _work_out(product_ids=None, now=now)


def _pieces(now: datetime) -> dict[int, int]:
    since = now - timedelta(days=parameters(on=local_date(now)).whole(Parameter.REFERENCE_DAYS))
    rows = (
        PaidPrice.objects.filter(paid_at__gte=since, is_taken_back=False)
        .values("product_id")
        .annotate(pieces=Sum("quantity"))
    )
    return dict(rows.values_list("product_id", "pieces"))


def work_out_again(*, product_ids: Collection[int], now: datetime) -> int:
    """The references of these products from what is there, inside the caller's transaction."""
    advisory_xact_lock(REGION_ALIAS, _COUNTING)
    return _work_out(product_ids=product_ids, now=now)


# Each line counts once: a large order must not decide alone what the usual price is. Of an even number of lines the
# median is the mean of the middle two, taken from both ends: percentile_cont would reckon in floating point.
_FORGET = "DELETE FROM listings_pricereference WHERE %(ids)s::bigint[] IS NULL OR product_id = ANY(%(ids)s::bigint[])"
_WORK_OUT = """
INSERT INTO listings_pricereference (product_id, median, low, high, orders, window_from, window_to)
SELECT product_id,
       round((percentile_disc(0.5) WITHIN GROUP (ORDER BY price)
              + percentile_disc(0.5) WITHIN GROUP (ORDER BY price DESC)) / 2, 2),
       min(price), max(price), count(DISTINCT (tenant_code, order_id)), %(from_day)s, %(to_day)s
  FROM listings_paidprice
 WHERE paid_at >= %(since)s AND NOT is_taken_back AND (%(ids)s::bigint[] IS NULL OR product_id = ANY(%(ids)s::bigint[]))
 GROUP BY product_id
HAVING count(DISTINCT (tenant_code, order_id)) >= %(least)s
"""


def _work_out(*, product_ids: Collection[int] | None, now: datetime) -> int:
    chosen = parameters(on=local_date(now))
    since = now - timedelta(days=chosen.whole(Parameter.REFERENCE_DAYS))
    values = {
        "ids": None if product_ids is None else sorted(product_ids),
        "since": since,
        "least": chosen.whole(Parameter.REFERENCE_ORDERS_MIN),
        "from_day": local_date(since),
        "to_day": local_date(now),
    }
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(_FORGET, values)
        cursor.execute(_WORK_OUT, values)
        return int(cursor.rowcount)

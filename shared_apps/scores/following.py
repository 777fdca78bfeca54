"""Facts of orders from the malls' journals, in the relay's transaction, and after a mall was set back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db import connections
from psycopg2 import sql

from shared_apps.scores.models import OrderOutcome
from tenants.database.context import REGION_ALIAS
from tenants.journaling.consumers import RelayedEntry, consumer
from tenants.journaling.restoring import RestoredJournal, rebuilds
from tenants.journaling.selectors import lost
from tenants.registry.selectors import is_practice

# Which moment of the order an event is. Goods taken in part are taken; those refused stay refused.
STEPS: Final = {
    "orders.approved": "placed_at",
    "orders.accepted": "accepted_at",
    "orders.declined": "declined_at",
    "orders.expired": "expired_at",
    "orders.shipped": "shipped_at",
    "orders.goods_accepted": "received_at",
    "orders.goods_partly_accepted": "received_at",
    "orders.goods_refused": "refused_at",
    "orders.paid": "paid_at",
}
# Facts beside the moments: the buyer's rating of the supplier.
RATED: Final = "evaluations.given"
_ANSWERS: Final = frozenset({"accepted_at", "declined_at", "expired_at"})

# The first moment of a step counts, whatever order the rows come in: the same rows make the same fact.
_UPSERT = """
INSERT INTO scores_orderoutcome AS o
       (tenant_code, order_id, order_number, unit_name, supplier_id, supplier_code, supplier_name, {step}, answered_at,
        epoch, journal_id)
VALUES (%(tenant)s, %(order_id)s, %(order_number)s, %(unit_name)s, %(supplier_id)s, %(supplier_code)s,
        %(supplier_name)s, %(at)s, %(answered_at)s, %(epoch)s, %(journal_id)s)
ON CONFLICT (tenant_code, order_id) DO UPDATE
   SET {step} = least(o.{step}, excluded.{step}),
       answered_at = least(o.answered_at, excluded.answered_at),
       epoch = CASE WHEN (o.epoch, o.journal_id) < (excluded.epoch, excluded.journal_id)
                    THEN excluded.epoch ELSE o.epoch END,
       journal_id = CASE WHEN (o.epoch, o.journal_id) < (excluded.epoch, excluded.journal_id)
                         THEN excluded.journal_id ELSE o.journal_id END
"""


def follow_order(*, entry: RelayedEntry) -> bool:
    """Notes the step of the order, in the relay's transaction; nothing of a practice mall. Two statements."""
    if is_practice(code=entry.tenant):
        return False
    step = STEPS[entry.event]
    facts = entry.facts
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(
            sql.SQL(_UPSERT).format(step=sql.Identifier(step)),
            {
                "tenant": entry.tenant,
                "order_id": int(entry.object_id),
                "order_number": facts["order_number"],
                "unit_name": facts["unit_name"],
                "supplier_id": facts["supplier_id"],
                "supplier_code": facts["supplier_code"],
                "supplier_name": facts["supplier_name"],
                "at": entry.at,
                "answered_at": entry.at if step in _ANSWERS else None,
                "epoch": entry.epoch,
                "journal_id": entry.journal_id,
            },
        )
    if more := _more(entry):
        OrderOutcome.objects.filter(tenant_code=entry.tenant, order_id=int(entry.object_id)).update(**more)
    return True


def _more(entry: RelayedEntry) -> dict[str, Any]:
    """The facts of deliveries that this event has beside its moment."""
    if entry.event == "orders.accepted" and entry.facts.get("promised_on"):
        return {"promised_on": date.fromisoformat(entry.facts["promised_on"])}
    return {"completed_at": entry.at} if entry.event == "orders.goods_accepted" else {}


def follow_rating(*, entry: RelayedEntry) -> bool:
    """Keeps the buyer's mean mark with the order, whose first steps were relayed before. One statement."""
    if entry.facts["side"] != "buyer":
        return False
    outcomes = OrderOutcome.objects.filter(tenant_code=entry.tenant, order_id=int(entry.object_id))
    return bool(outcomes.update(buyer_mark=Decimal(entry.facts["mean"])))


def _follow(entry: RelayedEntry) -> None:
    if entry.event == RATED:
        follow_rating(entry=entry)
    else:
        follow_order(entry=entry)


for _event in (*STEPS, RATED):
    consumer(_event)(_follow)


@rebuilds("scores")
def rebuild(restored: RestoredJournal) -> None:
    """Facts that stand at a lost row are made again from what is left of their order, or vanish with it."""
    facts = OrderOutcome.objects.filter(tenant_code=restored.room)
    orders = {str(key) for key in facts.filter(lost(room=restored.room)).values_list("order_id", flat=True)}
    orders |= restored.regained_of("order")
    facts.filter(order_id__in=[int(key) for key in orders]).delete()
    for entry in restored.seen(events=[*STEPS, RATED], object_type="order", object_ids=orders):
        _follow(entry)

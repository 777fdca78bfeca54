"""One item of a package becomes a budget line or an order of ours, in a savepoint of the piece's transaction."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.problems import DomainError
from tenant_apps.budgets.services import allot, create_line
from tenant_apps.orders.services.taking_over import ArrivingLine, ArrivingOrder, take_over
from tenant_apps.takeover import taken
from tenant_apps.takeover.models import TakenLine, TakenOrder, Takeover, TakeoverItem
from tenant_apps.takeover.rules import DAYS, ItemKind, Outcome
from tenants.database.context import tenant_atomic

_KEPT = ("carrier", "waybill", "certificate_number", "payments", *DAYS)


def store(*, actor: Actor, row: Takeover, item: TakeoverItem, now: datetime) -> tuple[Outcome, str]:
    """What became of the item, and why where it was refused: the database's last word."""
    try:
        with tenant_atomic():
            if item.kind == ItemKind.LINE:
                return _line(actor, row, item.content, now), ""
            return _order(actor, row, item, now), ""
    except DomainError as error:
        return Outcome.REFUSED, f"{error.title} ({error.code})"[:300]


def _line(actor: Actor, row: Takeover, content: dict[str, Any], now: datetime) -> Outcome:
    """The line with its whole total, then what the old mall spent of it on orders that ended there taken off."""
    key = (content["unit_id"], content["fiscal_year"], content["plan_number"])
    there, total, earlier = taken.present_lines([key]).get(key), Decimal(content["total"]), Decimal(content["earlier"])
    if there is not None and there.taken is not None:
        return Outcome.SAME
    filed = content["plan_filed_on"]
    line_id = (
        there.id
        if there is not None
        else create_line(
            actor=actor,
            unit_id=key[0],
            fiscal_year=key[1],
            plan_number=key[2],
            plan_filed_on=date.fromisoformat(filed) if filed else None,
            budget_item=content["budget_item"],
            fund_source=content["fund_source"],
            functional_class=content["functional_class"],
            economic_class=content["economic_class"],
            total=total,
            now=now,
        ).pk
    )
    if earlier:
        reason = _("Spent in the old mall before the takeover")
        allot(actor=actor, line_id=line_id, change=-earlier, reason=reason, now=now)
    TakenLine.objects.create(line_id=line_id, takeover=row, total=total, earlier_spent=earlier, taken_at=now)
    return Outcome.DONE


def _order(actor: Actor, row: Takeover, item: TakeoverItem, now: datetime) -> Outcome:
    """The order, and its old number: the unique constraint stands behind the question."""
    if taken.known_orders([item.key]):
        return Outcome.SAME
    order = take_over(actor=actor, arriving=_arriving(item.content), now=now)
    TakenOrder.objects.create(
        old_number=item.key,
        order_id=order.pk,
        takeover=row,
        fingerprint=item.fingerprint,
        old_state=item.content["old_state"],
        facts={name: item.content[name] for name in _KEPT if item.content.get(name)},
        taken_at=now,
    )
    return Outcome.DONE


def _arriving(content: dict[str, Any]) -> ArrivingOrder:
    sources = [((unit, year, plan), Decimal(amount)) for unit, year, plan, amount in content["fundings"]]
    lines = taken.present_lines([key for key, _amount in sources])
    return ArrivingOrder(
        old_number=content["old_number"],
        state=content["state"],
        unit_id=content["unit_id"],
        unit_name=content["unit_name"],
        organisation_id=content["organisation_id"],
        supplier_id=content["supplier_id"],
        mode=content["mode"],
        clerk_id=content["clerk_id"],
        clerk_name=content["clerk_name"],
        approver_id=content["approver_id"],
        approver_name=content["approver_name"],
        acceptor_id=content["acceptor_id"],
        acceptor_name=content["acceptor_name"],
        days={name: date.fromisoformat(content[name]) for name in DAYS if content.get(name)},
        carrier=content["carrier"],
        waybill=content["waybill"],
        lines=[
            ArrivingLine(one["offer_id"], one["title"], one["quantity"], Decimal(one["price"]), Decimal(one["freight"]))
            for one in content["goods"]
        ],
        funding=[(lines[key].id, amount) for key, amount in sources],
        fiscal_year=sources[0][0][1],
        delivery_address=content["delivery_address"],
        contact_name=content["contact_name"],
        contact_phone=content["contact_phone"],
        note=content["note"],
    )

"""The acceptor's finding on one shipment: accepted whole, in part, or refused. One certificate each.

Where the order stands afterwards follows from the quantities of all its lines, whichever finding was the last.
Source: Government Procurement Law art. 41; Implementing Regulation art. 45.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.posts import Post
from kernel.problems import InvalidInput
from tenant_apps.orders.models import AcceptanceCertificate, Order, Shipment
from tenant_apps.orders.payment_clock import payment_late_from
from tenant_apps.orders.quantities import LineQuantities, QuantityBeyond
from tenant_apps.orders.rules import ORDER_LIFECYCLE
from tenant_apps.orders.services.counting import Lines, counted_lines, shipment_to_inspect, write_counts, wrong_lines
from tenant_apps.orders.services.holding import hold, keep_apart, person_id
from tenant_apps.orders.services.steps import reason_given, take_step
from tenants.database.context import tenant_atomic


@dataclass(frozen=True, slots=True)
class Standards:
    """What was found on each kind of standard. Source: Implementing Regulation art. 45."""

    technical_met: bool
    service_met: bool
    safety_met: bool

    @property
    def missed(self) -> list[str]:
        names = ("technical_met", "service_met", "safety_met")
        return [name for name in names if not getattr(self, name)]


@dataclass(frozen=True, slots=True)
class LineFinding:
    """Of one line of the shipment: how many pieces are taken, how many not and why."""

    line: int
    accepted: int
    refused: int
    reason: str = ""


def accept_goods(
    *,
    actor: Actor,
    order_id: int,
    technical_met: bool,
    service_met: bool,
    safety_met: bool,
    now: datetime,
    shipment_id: int | None = None,
    version: int | None = None,
    remark: str = "",
) -> Order:
    """Everything in the shipment (None: the oldest that waits) is taken.

    Goods that fall short of a standard are refused instead: InvalidInput names the standard. Raises IncompatiblePosts
    and NothingToInspect.
    """
    standards = Standards(technical_met, service_met, safety_met)
    _all_met(standards)
    with tenant_atomic(savepoint=False):
        order, shipment, others, lines = _held(actor, "accept_goods", order_id, shipment_id, version)
        found = [LineFinding(row["line"], row["quantity"], 0) for row in shipment.lines]
        return _written(actor, order, shipment, lines, others, found, standards, remark, now)


def refuse_goods(
    *,
    actor: Actor,
    order_id: int,
    technical_met: bool,
    service_met: bool,
    safety_met: bool,
    reason: str,
    now: datetime,
    shipment_id: int | None = None,
    version: int | None = None,
) -> Order:
    """Nothing in the shipment is taken, and why. The supplier takes it back and may ship again."""
    why = reason_given(reason)
    standards = Standards(technical_met, service_met, safety_met)
    with tenant_atomic(savepoint=False):
        order, shipment, others, lines = _held(actor, "refuse_goods", order_id, shipment_id, version)
        found = [LineFinding(row["line"], 0, row["quantity"], why) for row in shipment.lines]
        return _written(actor, order, shipment, lines, others, found, standards, why, now)


def accept_part(
    *,
    actor: Actor,
    order_id: int,
    technical_met: bool,
    service_met: bool,
    safety_met: bool,
    lines: Sequence[LineFinding],
    now: datetime,
    shipment_id: int | None = None,
    version: int | None = None,
    remark: str = "",
) -> Order:
    """Line by line: every piece of the shipment is taken or refused with the reason; something is taken.

    Raises InvalidInput, IncompatiblePosts and NothingToInspect.
    """
    standards = Standards(technical_met, service_met, safety_met)
    with tenant_atomic(savepoint=False):
        order, shipment, others, counted = _held(actor, "accept_part", order_id, shipment_id, version)
        found = _judged(shipment, counted, lines)
        if not any(row.refused for row in found):
            _all_met(standards)
        return _written(actor, order, shipment, counted, others, found, standards, remark, now)


def _held(
    actor: Actor, action: str, order_id: int, shipment_id: int | None, version: int | None
) -> tuple[Order, Shipment, bool, Lines]:
    order, _step = hold(actor=actor, action=action, order_id=order_id, version=version)
    keep_apart(actor=actor, order=order, post=Post.BUYER_ACCEPTOR)
    shipment, others = shipment_to_inspect(order, shipment_id)
    return order, shipment, others, counted_lines(order)


def _all_met(standards: Standards) -> None:
    if standards.missed:
        text = _("Goods that do not meet this standard cannot be accepted: refuse them and say why.")
        raise InvalidInput(errors={name: [str(text)] for name in standards.missed})


def _judged(shipment: Shipment, counted: Lines, lines: Sequence[LineFinding]) -> list[LineFinding]:
    """The findings in the shipment's order; every piece of it is judged, and a refusal has its reason."""
    given = {row.line: row for row in lines}
    sent = {row["line"]: row["quantity"] for row in shipment.lines}
    if len(given) != len(lines) or set(given) != set(sent):
        raise wrong_lines([str(_("Judge each line of the shipment once."))])
    wrong: list[str] = []
    for position, quantity in sent.items():
        row, title = given[position], counted[position].line.title
        if row.accepted + row.refused != quantity:
            text = _("Of %(title)s %(sent)s pieces came: accepted and refused must add up to that.")
            wrong.append(str(text) % {"title": title, "sent": quantity})
        elif row.refused and not row.reason.strip():
            wrong.append(str(_("Say why %(title)s is refused.")) % {"title": title})
    if not wrong and not any(row.accepted for row in given.values()):
        wrong.append(str(_("Nothing is accepted: refuse the goods instead.")))
    if wrong:
        raise wrong_lines(wrong)
    return [given[position] for position in sent]


def _written(
    actor: Actor,
    order: Order,
    shipment: Shipment,
    lines: Lines,
    others: bool,
    found: Sequence[LineFinding],
    standards: Standards,
    remark: str,
    now: datetime,
) -> Order:
    """Certificate, counts and the order's step."""
    taken, refused = sum(row.accepted for row in found), sum(row.refused for row in found)
    conclusion = "refused" if not taken else "partly_accepted" if refused else "accepted"
    AcceptanceCertificate.objects.create(
        order=order,
        shipment=shipment,
        conclusion=conclusion,
        technical_met=standards.technical_met,
        service_met=standards.service_met,
        safety_met=standards.safety_met,
        quantities=[
            {"line": row.line, "accepted": row.accepted, "refused": row.refused, "reason": row.reason.strip()}
            for row in found
        ],
        remark=remark,
        acceptor_id=person_id(actor),
        acceptor_name=actor.name,
        signed_at=now,
    )
    after = write_counts(lines, _counted(lines, found))
    action = _action({position: row.quantities for position, row in after.items()}, others)
    done = action == "accept_goods"
    more: dict[str, Any] = {"goods_accepted_at": now} if done else {}
    if not refused:
        more["state_reason"] = ""
    why = remark or "；".join(row.reason.strip() for row in found if row.refused)[:300] if refused else None
    return take_step(
        actor=actor,
        order=order,
        transition=ORDER_LIFECYCLE.next(order.state, action),
        event=_event(conclusion, done=done),
        now=now,
        reason=why,
        told_due_at=payment_late_from(
            goods_accepted_at=now, is_sme=order.supplier_is_sme, agreed_days=order.payment_days
        )
        if done
        else None,
        acceptor_id=actor.user_id,
        acceptor_name=actor.name,
        **more,
    )


def _counted(lines: Lines, found: Sequence[LineFinding]) -> dict[int, LineQuantities]:
    try:
        return {row.line: lines[row.line].quantities.judge(accepted=row.accepted, refused=row.refused) for row in found}
    except QuantityBeyond as error:
        raise RuntimeError("a shipment holds more than its lines say was shipped") from error


def _action(after: Mapping[int, LineQuantities], others: bool) -> str:
    """What an inspection amounts to for the order: the table's action."""
    if others:
        return "inspect_shipment"
    if not any(counts.outstanding for counts in after.values()):
        return "accept_goods"
    return "accept_part" if any(counts.accepted for counts in after.values()) else "refuse_goods"


def _event(conclusion: str, *, done: bool) -> str:
    if done:
        return "orders.goods_accepted"
    return "orders.goods_refused" if conclusion == "refused" else "orders.goods_partly_accepted"

"""Rating the other side of a paid order, and deciding what it is rated by.

Lock order: the order, then its evaluations. When both sides have rated, a paid order closes in the same transaction;
when one has not within 15 days of the payment, the order closes by its timer and that rating is not given.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.problems import Conflict, InvalidInput, NotPermitted
from tenant_apps.evaluations.events import given_facts
from tenant_apps.evaluations.models import Evaluation, IndicatorSet
from tenant_apps.evaluations.rules import DECIDERS, INDICATORS_MOST, MARKS, Side, mean
from tenant_apps.evaluations.selectors import indicators
from tenant_apps.journal.services import record
from tenant_apps.orders.permissions import holds_here
from tenant_apps.orders.services import evaluating
from tenant_apps.orders.services.holding import person_id
from tenants.database.context import tenant_atomic


class EvaluationNotOpen(Conflict):
    """The order is not paid yet, or the days to rate are over."""

    code = "evaluation-not-open"
    title = _("This order cannot be rated now")


class EvaluatedAlready(Conflict):
    """Each side rates once."""

    code = "evaluated-already"
    title = _("Your side has rated this order already")


def evaluate(*, actor: Actor, order_id: int, marks: Sequence[int], now: datetime, comment: str = "") -> Evaluation:
    """One side rates the other by the indicators in force. Raises EvaluationNotOpen, EvaluatedAlready, InvalidInput."""
    with tenant_atomic(savepoint=False):
        order = evaluating.hold_for_rating(actor=actor, order_id=order_id)
        side = evaluating.side_of(actor=actor, order=order)
        if not side:
            raise NotPermitted(action="evaluate")
        if not evaluating.is_open(order=order, now=now):
            raise EvaluationNotOpen(order_id=order.pk)
        given = set(Evaluation.objects.filter(order_id=order.pk).values_list("side", flat=True))
        if side in given:
            raise EvaluatedAlready(order_id=order.pk)
        names = indicators(side=Side(side)).names
        if len(marks) != len(names) or any(mark not in MARKS for mark in marks):
            raise InvalidInput(errors={"marks": [str(_("Give each indicator a mark from 1 to 5."))]})
        row = Evaluation.objects.create(
            order_id=order.pk,
            order_number=str(order.number),
            unit_id=order.unit_id,
            unit_name=order.unit_name,
            organisation_id=order.organisation_id,
            supplier_id=order.supplier_id,
            supplier_name=order.supplier_name,
            supplier_organisation_id=order.supplier_organisation_id,
            side=side,
            marks=[{"name": name, "mark": mark} for name, mark in zip(names, marks, strict=True)],
            mean=mean(marks),
            comment=comment.strip(),
            given_by_id=person_id(actor),
            given_by_name=actor.name,
            given_at=now,
        )
        record(
            actor=actor,
            event="evaluations.given",
            object_type="order",
            object_id=order.pk,
            facts=given_facts(row),
            now=now,
        )
        if given:
            evaluating.close_rated(order=order, now=now)
    return row


def decide_indicators(*, actor: Actor, side: str, names: Sequence[str], reason: str, now: datetime) -> IndicatorSet:
    """The bureau says what one side rates the other by from now on. Raises InvalidInput, NotPermitted."""
    if not any(holds_here(actor=actor, post=post) for post in DECIDERS):
        raise NotPermitted(action="decide_indicators")
    wanted = [name.strip() for name in names if name.strip()]
    errors: dict[str, list[str]] = {}
    if not 1 <= len(wanted) <= INDICATORS_MOST or len(set(wanted)) != len(wanted):
        errors["names"] = [str(_("Name between one and six different indicators."))]
    if not reason.strip():
        errors["reason"] = [str(_("Give the reason."))]
    if errors:
        raise InvalidInput(errors=errors)
    with tenant_atomic():
        row = IndicatorSet.objects.create(
            side=Side(side),
            names=wanted,
            reason=reason.strip(),
            decided_by_id=person_id(actor),
            decided_by_name=actor.name,
            decided_at=now,
        )
        record(
            actor=actor,
            event="evaluations.indicators_decided",
            object_type="indicator_set",
            object_id=row.pk,
            facts={"side": str(row.side), "names": wanted, "reason": row.reason},
            now=now,
        )
    return row

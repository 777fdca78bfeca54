"""One decision on many orders: each is a step of its own, taken or refused by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from kernel.actor import Actor
from kernel.problems import DomainError
from tenant_apps.orders.services import approving

if TYPE_CHECKING:
    from tenant_apps.orders.models import Order

PICKED_MAX = 50


class Verdict(StrEnum):
    APPROVE = "approve"
    SEND_BACK = "send_back"
    REJECT = "reject"


@dataclass(frozen=True)
class Outcome:
    """What became of one order: the order after the step, or why not."""

    order_id: int
    order: Order | None
    problem: DomainError | None


def decide_many(
    *, actor: Actor, picked: Sequence[tuple[int, int]], verdict: Verdict, text: str, now: datetime
) -> list[Outcome]:
    """Take the actor's step of each order of `picked` (id, version looked at), one transaction each.

    What is refused does not keep the others: rules are decided order by order, and an earlier one may use up what a
    later one needs. `text` is the comment, or the reason of sending back and rejecting.
    """
    return [_one(actor, order_id, version, verdict, text, now) for order_id, version in picked]


def _one(actor: Actor, order_id: int, version: int, verdict: Verdict, text: str, now: datetime) -> Outcome:
    try:
        if verdict == Verdict.APPROVE:
            order = approving.approve(actor=actor, order_id=order_id, version=version, comment=text, now=now)
        else:
            refuse = approving.send_back if verdict == Verdict.SEND_BACK else approving.reject
            order = refuse(actor=actor, order_id=order_id, version=version, reason=text, now=now)
    except DomainError as problem:
        return Outcome(order_id, None, problem)
    return Outcome(order_id, order, None)

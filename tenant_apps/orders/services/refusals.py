"""What rules said of a purchase, kept: beside the order where they allow it, alone where they refuse.

A refusal is kept for ever, though nothing is ordered: its decisions are written in a transaction of their own, after
the one that wanted to order has been rolled back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import connections
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.problems import Conflict
from shared_apps.rulebook.rules import Decision
from tenant_apps.orders.models import OrderDecision
from tenant_apps.orders.rules import Occasion
from tenant_apps.orders.services.judging import Judgement
from tenants.database.context import TENANT_ALIAS, tenant_atomic
from tenants.database.rows import insert_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Who asked for what, when: what is stored beside the decisions."""

    occasion: Occasion
    order_id: int | None
    unit_id: int
    actor: Actor
    fingerprint: str
    at: datetime


class RuleRefused(Conflict):
    """At least one rule refuses. `facts["decisions"]` holds every rule's answer.

    `kept` says whether the decisions are stored yet: inside somebody else's transaction they cannot be, because that
    one is about to be rolled back. Whoever opened it puts `refusal_kept` around it (see orders.refusing).
    """

    code = "rule-refused"
    title = _("The purchase is refused by rule")

    def __init__(self, judgement: Judgement, refusal: Refusal) -> None:
        super().__init__(
            decisions=[decision.as_json() for decision in judgement.decisions],
            refused=[decision.rule for decision in judgement.decisions if not decision.allowed],
        )
        self.decisions = judgement.decisions
        self.refusal = refusal
        self.kept = False


def require_allowed(judgement: Judgement, refusal: Refusal) -> None:
    """Raises RuleRefused where a rule says no."""
    if not judgement.allowed:
        raise RuleRefused(judgement, refusal)


def store_decisions(*, judgement_decisions: Sequence[Decision], refusal: Refusal) -> None:
    """One row a rule, in one statement, inside the caller's transaction."""
    insert_rows(
        OrderDecision,
        [
            {
                "order_id": refusal.order_id,
                "occasion": refusal.occasion,
                "unit_id": refusal.unit_id,
                "asked_by_id": refusal.actor.user_id or 0,
                "asked_by_name": refusal.actor.name,
                "decided_at": refusal.at,
                "fingerprint": refusal.fingerprint,
                "rule": decision.rule,
                "rule_version": decision.version,
                "allowed": decision.allowed,
                "is_demo": decision.is_demo,
                "content": decision.as_json(),
            }
            for decision in judgement_decisions
        ],
    )


@contextmanager
def refusal_kept() -> Iterator[None]:
    """Around a transaction that rules may end: what they said is stored, once, after it is rolled back.

    Inside somebody else's transaction nothing is done: it is its owner's duty.
    """
    try:
        yield
    except RuleRefused as refused:
        if not refused.kept and not connections[TENANT_ALIAS].in_atomic_block:
            with tenant_atomic():
                store_decisions(judgement_decisions=refused.decisions, refusal=refused.refusal)
            refused.kept = True
        raise

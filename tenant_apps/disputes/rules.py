"""A dispute about an order, mediated by the central purchasing body, and its periods. Pure.

The periods are proposals (domain brief 4.1): no rule was found for them.
"""

from __future__ import annotations

from enum import StrEnum

from kernel.lifecycle import Deadline, Lifecycle, Transition
from kernel.posts import Post


class DisputeState(StrEnum):
    OPEN = "open"
    MEDIATING = "mediating"
    RESOLVED = "resolved"
    WITHDRAWN = "withdrawn"


class Side(StrEnum):
    BUYER = "buyer"
    SUPPLIER = "supplier"
    MEDIATOR = "mediator"


S = DisputeState
SUPPLIER = frozenset({Post.SUPPLIER_ADMIN, Post.SUPPLIER_SALES})
BUYER = frozenset({Post.BUYER_CLERK, Post.BUYER_APPROVER})
MEDIATORS = frozenset({Post.CPB_OPERATOR})
UNSETTLED = frozenset({S.OPEN, S.MEDIATING})

STATEMENT_DEADLINE = Deadline(working_days=3, rule="R-STATEMENT")
MEDIATION_DEADLINE = Deadline(working_days=10, rule="R-MEDIATION")

DISPUTE_LIFECYCLE = Lifecycle(
    "dispute",
    DisputeState,
    S.OPEN,
    (S.RESOLVED, S.WITHDRAWN),
    (
        Transition("take_up", (S.OPEN,), S.MEDIATING, MEDIATORS),
        Transition("state", (S.OPEN,), S.OPEN, BUYER | SUPPLIER | MEDIATORS),
        Transition("state", (S.MEDIATING,), S.MEDIATING, BUYER | SUPPLIER | MEDIATORS),
        Transition("decide", (S.MEDIATING,), S.RESOLVED, MEDIATORS, guards=("reason", "outcome fits the order")),
        Transition(
            "withdraw", (S.OPEN, S.MEDIATING), S.WITHDRAWN, BUYER | SUPPLIER, guards=("by the side that opened it",)
        ),
    ),
)

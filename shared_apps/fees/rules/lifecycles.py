"""What becomes of statements and disputes, and who may do what. Pure."""

from __future__ import annotations

from kernel.lifecycle import Lifecycle, Transition
from kernel.posts import Post
from shared_apps.fees.rules.states import DisputeState, StatementState

REGION = (Post.REGION_SUPERVISOR,)
BUREAU = (Post.TIER_SUPERVISOR,)
_S = StatementState

# `answer` and `withdraw` leave the statement disputed: it is confirmed by the bureau that has its answers.
STATEMENT_LIFECYCLE = Lifecycle(
    "fee_statement",
    _S,
    _S.OPEN,
    (_S.SETTLED,),
    (
        Transition("meter", (_S.OPEN,), _S.METERED, (None, *REGION), guards=("month over and relayed",)),
        Transition("price", (_S.METERED,), _S.PRICED, (None, *REGION)),
        Transition("issue", (_S.PRICED,), _S.ISSUED, REGION, guards=("sealed",)),
        Transition("dispute", (_S.ISSUED, _S.DISPUTED), _S.DISPUTED, BUREAU, guards=("within the period",)),
        Transition("answer", (_S.DISPUTED,), _S.DISPUTED, REGION),
        Transition("withdraw", (_S.DISPUTED,), _S.DISPUTED, BUREAU),
        Transition("confirm", (_S.ISSUED, _S.DISPUTED), _S.CONFIRMED, BUREAU, guards=("no dispute open",)),
        Transition("settle", (_S.CONFIRMED,), _S.SETTLED, (None, *REGION), guards=("every share covered",)),
    ),
)

_D = DisputeState
DISPUTE_LIFECYCLE = Lifecycle(
    "fee_dispute",
    _D,
    _D.FILED,
    (_D.UPHELD, _D.REFUSED, _D.WITHDRAWN),
    (
        Transition("uphold", (_D.FILED,), _D.UPHELD, REGION, guards=("credit within the line",)),
        Transition("refuse", (_D.FILED,), _D.REFUSED, REGION),
        Transition("withdraw", (_D.FILED,), _D.WITHDRAWN, BUREAU),
    ),
)

# Statements that money may arrive for.
PAYABLE = frozenset({_S.ISSUED, _S.DISPUTED, _S.CONFIRMED})
# Sealed: no line and nothing that the seal covers changes any more.
SEALED = frozenset({_S.ISSUED, _S.DISPUTED, _S.CONFIRMED, _S.SETTLED})

"""The life of an agreement between a purchaser and an agency, as far as the region keeps a record of it.

Government Procurement Law arts. 19, 20: the purchaser chooses freely and signs; what is agreed must be named. A ban of
the agency ends agreements that have not begun; begun ones are wound up. Source: Cai Ku [2018] 2 (secondary).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from kernel.lifecycle import Lifecycle, Transition
from kernel.posts import Post


class AgreementState(StrEnum):
    FILED = "filed"
    STARTED = "started"
    WINDING_UP = "winding_up"
    COMPLETED = "completed"
    ENDED = "ended"


S = AgreementState
# The unit itself, or its bureau keeping the record; None: a ban that takes effect.
FILERS: Final = frozenset({Post.TIER_SUPERVISOR, Post.UNIT_ADMINISTRATOR})
_BAN: Final = (None,)

AGREEMENT: Final = Lifecycle(
    name="agency_agreement",
    states=AgreementState,
    initial=S.FILED,
    terminal=(S.COMPLETED, S.ENDED),
    transitions=(
        Transition(
            action="start", sources=(S.FILED,), target=S.STARTED, posts=FILERS, guards=("the agency is not banned",)
        ),
        Transition(action="complete", sources=(S.STARTED, S.WINDING_UP), target=S.COMPLETED, posts=FILERS),
        Transition(
            action="end", sources=(S.FILED, S.STARTED, S.WINDING_UP), target=S.ENDED, posts=FILERS, guards=("reason",)
        ),
        Transition(action="end_by_ban", sources=(S.FILED,), target=S.ENDED, posts=_BAN),
        Transition(action="wind_up", sources=(S.STARTED,), target=S.WINDING_UP, posts=_BAN),
    ),
)
OPEN: Final = (S.FILED, S.STARTED, S.WINDING_UP)
# What an agreement must name. Source: Government Procurement Law art. 20; Cai Ku [2018] 2 (secondary).
CLAUSES: Final = (
    "subject", "scope", "powers", "starts_on", "ends_on", "files_clause", "fee_rule", "ending_clause", "breach_clause",
)  # fmt: skip


def agreement_number(*, day: str, sequence: int) -> str:
    """DL, the day as 20260131, four digits of the day's count."""
    return f"DL{day}{sequence:04}"

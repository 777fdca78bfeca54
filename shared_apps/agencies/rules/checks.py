"""Spot checks of agencies: what is looked at, how chance chooses, and what follows from findings.

Checks are targeted and random; the items follow Cai Ku [2018] 2 as far as secondary material tells it. How chance is
to choose no text at hand says: the order below is a proposal that anybody can compute again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Final

from kernel.lifecycle import Lifecycle, Transition
from kernel.posts import Post
from kernel.sm3 import canonical_json, sm3_hex


class CheckMethod(StrEnum):
    TARGETED = "targeted"
    RANDOM = "random"


class CheckState(StrEnum):
    PLANNED = "planned"
    PASSED = "passed"
    RECTIFYING = "rectifying"
    REPORTED = "reported"
    RECTIFIED = "rectified"
    NOT_RECTIFIED = "not_rectified"
    CANCELLED = "cancelled"


class CheckItem(StrEnum):
    STAFF = "staff"
    OFFICE = "office"
    REVIEW_ROOM = "review_room"
    CHANGES = "changes"
    AGREEMENT = "agreement"
    FREE_CHOICE = "free_choice"
    FEE = "fee"
    RECORDING = "recording"
    FILES = "files"


S = CheckState
CHECKERS: Final = frozenset({Post.REGION_SUPERVISOR, Post.TIER_SUPERVISOR})
CHECK: Final = Lifecycle(
    name="agency_check",
    states=CheckState,
    initial=S.PLANNED,
    terminal=(S.PASSED, S.RECTIFIED, S.NOT_RECTIFIED, S.CANCELLED),
    transitions=(
        Transition(action="pass", sources=(S.PLANNED,), target=S.PASSED, posts=CHECKERS, guards=("no finding",)),
        Transition(
            action="find", sources=(S.PLANNED,), target=S.RECTIFYING, posts=CHECKERS, guards=("findings", "a day")
        ),
        Transition(action="cancel", sources=(S.PLANNED,), target=S.CANCELLED, posts=CHECKERS, guards=("reason",)),
        Transition(
            action="report_rectified", sources=(S.RECTIFYING,), target=S.REPORTED, posts=(Post.AGENCY_MANAGER,)
        ),
        Transition(action="accept", sources=(S.REPORTED,), target=S.RECTIFIED, posts=CHECKERS),
        Transition(
            action="send_back", sources=(S.REPORTED,), target=S.RECTIFYING, posts=CHECKERS, guards=("reason", "a day")
        ),
        Transition(
            action="close_unmended", sources=(S.RECTIFYING,), target=S.NOT_RECTIFIED, posts=CHECKERS,
            guards=("the day has passed", "reason"),
        ),
    ),
)  # fmt: skip
# The agency hears of a check when it has been made; results are public once they stand.
HEARD: Final = frozenset(CheckState) - {S.PLANNED, S.CANCELLED}
PUBLISHED: Final = (S.PASSED, S.RECTIFIED, S.NOT_RECTIFIED)

DRAW_RULE: Final = "sm3-order-1"
DRAW_MAX: Final = 200


def pool_hash(pool: Sequence[str]) -> str:
    """SM3 over the pool as it stood: the codes in their order, as canonical JSON."""
    return sm3_hex(canonical_json(list(pool)))


def draw_order(*, seed: str, pool: Collection[str]) -> list[str]:
    """The pool in the order of SM3(seed, "|", credit code), both as ASCII text; the first ones are drawn.

    The order depends on nothing but seed and codes, and no code's place on who else is in the pool.
    """
    return sorted(pool, key=lambda code: sm3_hex(f"{seed}|{code}".encode("ascii")))

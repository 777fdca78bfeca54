"""The life of a supplier in the region's library."""

from __future__ import annotations

from enum import StrEnum

from kernel.lifecycle import Lifecycle, Transition
from kernel.posts import Post


class Standing(StrEnum):
    UNDER_REVIEW = "under_review"
    ADMITTED = "admitted"
    REFUSED = "refused"
    SUSPENDED = "suspended"
    REMOVED = "removed"


class Size(StrEnum):
    """Size by the ministry's SME standard; the first three are SMEs."""

    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


SME_SIZES = frozenset({Size.MICRO, Size.SMALL, Size.MEDIUM})
LIBRARIANS = frozenset({Post.REGION_SUPERVISOR, Post.PLATFORM_OPERATOR})

S = Standing
# Conditions of admission: Government Procurement Law art. 22, Implementing Regulation art. 17.
# Suspension and removal: Government Procurement Law art. 77, Implementing Regulation art. 72.
SUPPLIER_LIFECYCLE = Lifecycle(
    name="supplier",
    states=Standing,
    initial=S.UNDER_REVIEW,
    terminal=(S.REFUSED, S.REMOVED),
    transitions=(
        Transition(action="admit", sources=(S.UNDER_REVIEW,), target=S.ADMITTED, posts=LIBRARIANS),
        Transition(action="refuse", sources=(S.UNDER_REVIEW,), target=S.REFUSED, posts=LIBRARIANS),
        Transition(action="suspend", sources=(S.ADMITTED,), target=S.SUSPENDED, posts=LIBRARIANS),
        Transition(action="reinstate", sources=(S.SUSPENDED,), target=S.ADMITTED, posts=LIBRARIANS),
        Transition(action="remove", sources=(S.ADMITTED, S.SUSPENDED), target=S.REMOVED, posts=LIBRARIANS),
    ),
)

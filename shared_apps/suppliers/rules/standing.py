"""The standing of a supplier in the region's library."""

from __future__ import annotations

from collections.abc import Collection
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


class HoldCause(StrEnum):
    """Why a supplier may be held. Several may hold it at once."""

    MANUAL = "manual"
    QUALIFICATION_EXPIRED = "qualification_expired"
    NOT_RECONFIRMED = "not_reconfirmed"
    SANCTION = "sanction"


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
        Transition(
            action="reinstate",
            sources=(S.SUSPENDED,),
            target=S.ADMITTED,
            posts=LIBRARIANS,
            guards=("no other cause holds it",),
        ),
        Transition(action="remove", sources=(S.ADMITTED, S.SUSPENDED), target=S.REMOVED, posts=LIBRARIANS),
    ),
)


def standing_with_holds(*, standing: str, open_holds: Collection[object]) -> Standing:
    """The standing that a supplier has with these causes holding it.

    Only admitted and suspended follow the holds: nobody is admitted, and nobody removed comes back, by the end of one.
    """
    if standing in {S.ADMITTED, S.SUSPENDED}:
        return S.SUSPENDED if open_holds else S.ADMITTED
    return Standing(standing)

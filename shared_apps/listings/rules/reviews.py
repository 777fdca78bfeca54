"""The lives of reviews, freezes, appeals and patrols. Pure."""

from __future__ import annotations

from enum import StrEnum

from kernel.lifecycle import Deadline, Lifecycle, Transition
from kernel.posts import Post

_SELLERS = (Post.SUPPLIER_ADMIN, Post.SUPPLIER_SALES)
_REVIEWERS = (Post.CPB_OPERATOR, Post.REGION_SUPERVISOR)
_PATROLLERS = (*_REVIEWERS, Post.TIER_SUPERVISOR)


class ReviewKind(StrEnum):
    """What is looked at: an offer that is new to the shelf, or dearer terms of one on it."""

    LISTING = "listing"
    PRICE = "price"


class ReviewState(StrEnum):
    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    LAPSED = "lapsed"


class FreezeState(StrEnum):
    OPEN = "open"
    CORRECTED = "corrected"
    LIFTED = "lifted"
    ENDED = "ended"


class AppealState(StrEnum):
    FILED = "filed"
    GRANTED = "granted"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"


class PatrolState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class BreachKind(StrEnum):
    """What is wrong with an offer. Source of the first two: the inspection results of other e-malls (domain brief)."""

    PRICE = "price"
    ATTRIBUTE = "attribute"
    PICTURE = "picture"
    OTHER = "other"


class PatrolScope(StrEnum):
    CATEGORY = "category"
    SUPPLIER = "supplier"
    LIBRARY = "library"


class Outcome(StrEnum):
    """What came of looking at one offer."""

    NONE = "none"
    WARNING = "warning"
    FREEZE = "freeze"


REVIEW_LIFECYCLE = Lifecycle(
    name="offer review",
    states=ReviewState,
    initial=ReviewState.OPEN,
    terminal=(ReviewState.APPROVED, ReviewState.REJECTED, ReviewState.LAPSED),
    transitions=(
        Transition(
            action="approve",
            sources=(ReviewState.OPEN,),
            target=ReviewState.APPROVED,
            posts=_REVIEWERS,
            deadline=Deadline(working_days=3, rule="R-LISTING"),
            guards=("nothing blocks", "not of one's own organisation"),
        ),
        Transition(
            action="reject",
            sources=(ReviewState.OPEN,),
            target=ReviewState.REJECTED,
            posts=_REVIEWERS,
            guards=("not of one's own organisation",),
        ),
        # The supplier withdrew it, or something else happened to the offer first.
        Transition(action="lapse", sources=(ReviewState.OPEN,), target=ReviewState.LAPSED, posts=(None, *_SELLERS)),
    ),
)

FREEZE_LIFECYCLE = Lifecycle(
    name="offer freeze",
    states=FreezeState,
    initial=FreezeState.OPEN,
    terminal=(FreezeState.LIFTED, FreezeState.ENDED),
    transitions=(
        Transition(
            action="correct",
            sources=(FreezeState.OPEN, FreezeState.CORRECTED),
            target=FreezeState.CORRECTED,
            posts=_SELLERS,
        ),
        Transition(
            action="lift",
            sources=(FreezeState.OPEN, FreezeState.CORRECTED),
            target=FreezeState.LIFTED,
            posts=_REVIEWERS,
            guards=("not of one's own organisation",),
        ),
        # The offer was taken off for good while it was frozen.
        Transition(
            action="end", sources=(FreezeState.OPEN, FreezeState.CORRECTED), target=FreezeState.ENDED,
            posts=(None, *_SELLERS),
        ),
    ),
)  # fmt: skip

APPEAL_LIFECYCLE = Lifecycle(
    name="listing appeal",
    states=AppealState,
    initial=AppealState.FILED,
    terminal=(AppealState.GRANTED, AppealState.DISMISSED, AppealState.WITHDRAWN),
    transitions=(
        Transition(
            action="grant",
            sources=(AppealState.FILED,),
            target=AppealState.GRANTED,
            posts=_REVIEWERS,
            guards=("not by who decided first", "not of one's own organisation"),
        ),
        Transition(
            action="dismiss",
            sources=(AppealState.FILED,),
            target=AppealState.DISMISSED,
            posts=_REVIEWERS,
            guards=("not by who decided first", "not of one's own organisation"),
        ),
        Transition(
            action="withdraw", sources=(AppealState.FILED,), target=AppealState.WITHDRAWN, posts=(None, *_SELLERS)
        ),
    ),
)

PATROL_LIFECYCLE = Lifecycle(
    name="patrol",
    states=PatrolState,
    initial=PatrolState.OPEN,
    terminal=(PatrolState.CLOSED,),
    transitions=(
        Transition(action="look", sources=(PatrolState.OPEN,), target=PatrolState.OPEN, posts=_PATROLLERS),
        Transition(
            action="close",
            sources=(PatrolState.OPEN,),
            target=PatrolState.CLOSED,
            posts=_PATROLLERS,
            guards=("every offer was looked at",),
        ),
    ),
)

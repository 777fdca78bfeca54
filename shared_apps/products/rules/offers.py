"""The life of an offer. Pure."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from kernel.lifecycle import Deadline, Lifecycle, Transition
from kernel.posts import Post


class OfferState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    MACHINE_CHECKED = "machine_checked"
    LISTED = "listed"
    FROZEN = "frozen"
    SUSPENDED = "suspended"
    REJECTED = "rejected"
    DELISTED = "delisted"
    EXPIRED = "expired"


S = OfferState
_SUPPLIER = (Post.SUPPLIER_ADMIN, Post.SUPPLIER_SALES)
_REVIEWERS = (Post.CPB_OPERATOR, Post.REGION_SUPERVISOR)

OFFER_LIFECYCLE = Lifecycle(
    name="offer",
    states=OfferState,
    initial=S.DRAFT,
    terminal=(S.DELISTED, S.EXPIRED),
    transitions=(
        Transition(action="submit", sources=(S.DRAFT,), target=S.SUBMITTED, posts=_SUPPLIER),
        Transition(action="check", sources=(S.SUBMITTED,), target=S.MACHINE_CHECKED, posts=(None,)),
        Transition(
            action="approve",
            sources=(S.MACHINE_CHECKED,),
            target=S.LISTED,
            posts=_REVIEWERS,
            deadline=Deadline(working_days=3, rule="R-LISTING"),
        ),
        Transition(action="reject", sources=(S.MACHINE_CHECKED,), target=S.REJECTED, posts=_REVIEWERS),
        # What makes an offer dearer waits for a decision while the old price stays on sale; a lower price holds at once
        # and is no move.
        Transition(
            action="ask_price", sources=(S.LISTED,), target=S.LISTED, posts=_SUPPLIER, guards=("something gets dearer",)
        ),
        Transition(
            action="approve_price",
            sources=(S.LISTED,),
            target=S.LISTED,
            posts=_REVIEWERS,
            deadline=Deadline(working_days=3, rule="R-LISTING"),
            guards=("as it was asked for",),
        ),
        Transition(action="reject_price", sources=(S.LISTED,), target=S.LISTED, posts=_REVIEWERS),
        Transition(
            action="withdraw",
            sources=(S.DRAFT, S.SUBMITTED, S.MACHINE_CHECKED),
            target=S.DELISTED,
            posts=_SUPPLIER,
        ),
        # Somebody other than who rejected it decides.
        Transition(
            action="grant_appeal",
            sources=(S.REJECTED,),
            target=S.LISTED,
            posts=_REVIEWERS,
            guards=("an appeal is granted", "not offered anew"),
        ),
        Transition(action="delist", sources=(S.LISTED, S.FROZEN), target=S.DELISTED, posts=_SUPPLIER),
        Transition(
            action="freeze",
            sources=(S.LISTED,),
            target=S.FROZEN,
            posts=_REVIEWERS,
            guards=("breach found",),
        ),
        Transition(action="unfreeze", sources=(S.FROZEN,), target=S.LISTED, posts=_REVIEWERS),
        Transition(action="suspend", sources=(S.LISTED, S.FROZEN), target=S.SUSPENDED, posts=_REVIEWERS),
        Transition(action="resume", sources=(S.SUSPENDED,), target=S.LISTED, posts=_REVIEWERS),
        Transition(action="expire", sources=(S.LISTED, S.FROZEN, S.SUSPENDED), target=S.EXPIRED, posts=(None,)),
    ),
)
# Delivery, stock and last day may change while an offer is on sale or frozen; none makes it dearer.
RENEWABLE_STATES = frozenset({S.LISTED, S.FROZEN})
# What ends with its last day.
EXPIRABLE_STATES = (S.LISTED, S.FROZEN, S.SUSPENDED)
# A supplier offers a product once at a time.
OPEN_STATES = tuple(state for state in OfferState if state not in {S.REJECTED, S.DELISTED, S.EXPIRED})
# Prices are those of an offer that buyers have seen: a draft's may be written anew as often as one likes.
UNSEEN_STATES = frozenset({S.DRAFT, S.SUBMITTED, S.MACHINE_CHECKED})


class PriceChange(StrEnum):
    """How a price on sale came to be another."""

    LOWERED = "lowered"
    RAISED = "raised"


VAT_RATES = tuple(Decimal(rate) for rate in ("0.00", "0.01", "0.03", "0.05", "0.06", "0.09", "0.13"))

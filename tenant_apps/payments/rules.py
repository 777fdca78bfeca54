"""The process of one payment instruction, its number and its timing; agreeing on a longer term; late interest. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

from kernel.lifecycle import Lifecycle, Transition
from kernel.posts import Post
from kernel.retrying import CLAIM, POLL_EVERY, retry_at

__all__ = [
    "CLAIM", "FAILED", "INTEREST_LIFECYCLE", "INTEREST_OPEN", "LIVE", "OPEN", "PAYMENT_LIFECYCLE", "POLL_EVERY",
    "TERM_ANSWERERS", "TERM_ASKERS", "TERM_LIFECYCLE", "TERM_LIVE", "WATCH_EVERY", "WATCH_FOR", "InstructionState",
    "InterestState", "TermState", "masked_account", "number_stem", "retry_at", "watch_at",
]  # fmt: skip


class InstructionState(StrEnum):
    REQUESTED = "requested"
    SENT = "sent"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    RETURNED = "returned"


S = InstructionState
_SYSTEM: frozenset[Post | None] = frozenset({None})

# A returned or refused instruction is over: the payer asks again with a new number, so that a number is paid once at
# most. The payee's bank may send money back after the treasury has confirmed: the budget is frozen again.
PAYMENT_LIFECYCLE = Lifecycle(
    "payment",
    InstructionState,
    S.REQUESTED,
    (S.REFUSED, S.RETURNED),
    (
        Transition("send", (S.REQUESTED,), S.SENT, _SYSTEM, guards=("the treasury has a receipt",)),
        Transition("confirm", (S.SENT,), S.CONFIRMED, _SYSTEM, guards=("budget spent",)),
        Transition("refuse", (S.REQUESTED, S.SENT), S.REFUSED, _SYSTEM, guards=("reason",)),
        Transition("return", (S.SENT,), S.RETURNED, _SYSTEM, guards=("reason",)),
        Transition("return", (S.CONFIRMED,), S.RETURNED, _SYSTEM, guards=("reason", "budget frozen again")),
    ),
)

# How long and how often a confirmed payment is asked about: until its order closes by itself. Ours, no rule says it.
WATCH_FOR = timedelta(days=15)
WATCH_EVERY = timedelta(days=1)


def watch_at(*, confirmed_at: datetime, now: datetime) -> datetime | None:
    """When to ask next whether a confirmed payment came back; None once that is over."""
    following = now + WATCH_EVERY
    return following if following <= confirmed_at + WATCH_FOR else None


# While one of these exists the order has no second instruction: a database constraint says so.
LIVE = frozenset({S.REQUESTED, S.SENT, S.CONFIRMED})
OPEN = frozenset({S.REQUESTED, S.SENT})
FAILED = frozenset({S.REFUSED, S.RETURNED})


class TermState(StrEnum):
    """A longer term of payment: the buyer asks, the supplier answers. Nobody agrees for the supplier (art. 7)."""

    ASKED = "asked"
    AGREED = "agreed"
    REFUSED = "refused"


TERM_LIVE = frozenset({TermState.ASKED, TermState.AGREED})
TERM_ASKERS = frozenset({Post.BUYER_CLERK, Post.BUYER_APPROVER})
TERM_ANSWERERS = frozenset({Post.SUPPLIER_ADMIN, Post.SUPPLIER_SALES})
TERM_LIFECYCLE = Lifecycle(
    "payment term",
    TermState,
    TermState.ASKED,
    (TermState.AGREED, TermState.REFUSED),
    (
        Transition("agree", (TermState.ASKED,), TermState.AGREED, TERM_ANSWERERS, guards=("goods not accepted yet",)),
        Transition("refuse", (TermState.ASKED,), TermState.REFUSED, TERM_ANSWERERS, guards=("reason",)),
    ),
)


class InterestState(StrEnum):
    """Paying the late interest of an order that was paid late. Nobody waives it: the Regulation names no waiver."""

    ASKED = "asked"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    PAYING = "paying"
    FAILED = "failed"
    PAID = "paid"


N = InterestState
INTEREST_OPEN = frozenset({N.ASKED, N.PAYING, N.FAILED})
_PAYER: frozenset[Post | None] = frozenset({Post.BUYER_PAYER})
_APPROVER: frozenset[Post | None] = frozenset({Post.BUYER_APPROVER})
# Source: State Council Order 802 art. 17. Who pays and who approves are those of the order itself.
INTEREST_LIFECYCLE = Lifecycle(
    "late interest",
    InterestState,
    N.ASKED,
    (N.REJECTED, N.WITHDRAWN),
    (
        Transition("approve", (N.ASKED,), N.PAYING, _APPROVER, guards=("not who asked", "budget frozen")),
        Transition("reject", (N.ASKED,), N.REJECTED, _APPROVER, guards=("reason",)),
        Transition("withdraw", (N.ASKED,), N.WITHDRAWN, _PAYER),
        Transition("confirm", (N.PAYING,), N.PAID, _SYSTEM, guards=("budget spent",)),
        Transition("fail", (N.PAYING,), N.FAILED, _SYSTEM, guards=("reason",)),
        Transition("fail", (N.PAID,), N.FAILED, _SYSTEM, guards=("reason", "budget frozen again")),
        Transition("pay_again", (N.FAILED,), N.PAYING, _PAYER),
        Transition("withdraw", (N.FAILED,), N.WITHDRAWN, _PAYER, guards=("budget released",)),
    ),
)


def number_stem(*, tenant_code: str, on: date) -> str:
    """`ZF` + division code + day. The database appends the last six digits of the row's id."""
    return f"ZF{tenant_code}{on:%Y%m%d}"


def masked_account(account: str) -> str:
    """Enough of a bank account to recognise it: the last four digits."""
    return f"**** {account[-4:]}"

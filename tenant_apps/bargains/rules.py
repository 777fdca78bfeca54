"""Bargaining with one supplier: who may say what, and that prices only go down. Pure.

The periods are parameters of rule R-BARGAIN; its values are proposals: no rule was found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from kernel.lifecycle import Deadline, Lifecycle, Transition
from kernel.money import ZERO, line_amount
from kernel.posts import Post


class BargainState(StrEnum):
    PROPOSED = "proposed"
    COUNTERED = "countered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Side(StrEnum):
    BUYER = "buyer"
    SUPPLIER = "supplier"
    SYSTEM = "system"


S = BargainState
SUPPLIER = frozenset({Post.SUPPLIER_ADMIN, Post.SUPPLIER_SALES})
BUYER = frozenset({Post.BUYER_CLERK})
_SYSTEM: frozenset[Post | None] = frozenset({None})
RUNNING = frozenset({S.PROPOSED, S.COUNTERED})
# Ended without an agreement: the goods may go back into the cart.
CAME_TO_NOTHING = frozenset({S.DECLINED, S.EXPIRED, S.WITHDRAWN})
COUNTERS_MAX = 2
LINES_MAX = 50
_DOWN = "no line above the supplier's last price, one below"
ANSWER_DEADLINE = Deadline(working_days=2, rule="R-BARGAIN")

BARGAIN_LIFECYCLE = Lifecycle(
    "bargain",
    BargainState,
    S.PROPOSED,
    (S.ACCEPTED, S.DECLINED, S.EXPIRED, S.WITHDRAWN),
    (
        Transition("accept", (S.PROPOSED,), S.ACCEPTED, SUPPLIER, guards=("at the prices asked",)),
        Transition("accept", (S.COUNTERED,), S.ACCEPTED, BUYER, guards=("at the supplier's last prices",)),
        Transition("counter", (S.PROPOSED,), S.COUNTERED, SUPPLIER, guards=("at most twice", _DOWN)),
        Transition("propose_again", (S.COUNTERED,), S.PROPOSED, BUYER, guards=("a counter is left", _DOWN)),
        Transition("decline", (S.PROPOSED,), S.DECLINED, SUPPLIER, guards=("reason",)),
        Transition("withdraw", (S.PROPOSED, S.COUNTERED), S.WITHDRAWN, BUYER),
        Transition("expire", (S.PROPOSED, S.COUNTERED), S.EXPIRED, _SYSTEM, ANSWER_DEADLINE),
    ),
)  # fmt: skip

NEXT_POST: Mapping[BargainState, Post] = {S.PROPOSED: Post.SUPPLIER_SALES, S.COUNTERED: Post.BUYER_CLERK}


class PriceFault(StrEnum):
    """Why a price is not taken."""

    NOT_OF_THIS = "not_of_this"  # the prices are not of exactly these goods
    ABOVE = "above"  # above what the supplier stands at
    BELOW_ASKED = "below_asked"  # the supplier goes below what was asked: it may accept
    NOTHING_LOWER = "nothing_lower"  # no line is lower than before


class NotDownwards(ValueError):
    """`offers` are the goods whose price is wrong; empty where it is about all of them."""

    def __init__(self, fault: PriceFault, offers: Sequence[int] = ()) -> None:
        super().__init__(fault)
        self.fault, self.offers = fault, tuple(offers)


@dataclass(frozen=True, slots=True)
class LinePrices:
    """Prices of one piece: listed when it began, asked by the buyer, and what the supplier stands at."""

    offer_id: int
    quantity: int
    listed: Decimal
    asked: Decimal
    offered: Decimal


def amount(lines: Sequence[LinePrices], which: str) -> Decimal:
    """What the goods cost at one of the prices, without freight."""
    return sum((line_amount(price=getattr(line, which), quantity=line.quantity) for line in lines), ZERO)


def listed(goods: Sequence[tuple[int, int, Decimal]]) -> tuple[LinePrices, ...]:
    """What a bargain begins with: (offer, quantity, listed price), which is all three prices."""
    return tuple(LinePrices(offer_id, quantity, price, price, price) for offer_id, quantity, price in goods)


def asking(lines: Sequence[LinePrices], prices: Mapping[int, Decimal]) -> tuple[LinePrices, ...]:
    """The buyer asks: no line above what the supplier stands at, at least one below. Raises NotDownwards."""
    _down(lines, prices)
    return tuple(replace(line, asked=prices[line.offer_id]) for line in lines)


def countering(lines: Sequence[LinePrices], prices: Mapping[int, Decimal]) -> tuple[LinePrices, ...]:
    """The supplier goes down, and not below what was asked. Raises NotDownwards."""
    _down(lines, prices)
    if below := [line.offer_id for line in lines if prices[line.offer_id] < line.asked]:
        raise NotDownwards(PriceFault.BELOW_ASKED, below)
    return tuple(replace(line, offered=prices[line.offer_id]) for line in lines)


def agreed(lines: Sequence[LinePrices], *, by: Side) -> tuple[LinePrices, ...]:
    """Both prices are one: the supplier takes those asked, the buyer those offered."""
    if by == Side.SUPPLIER:
        return tuple(replace(line, offered=line.asked) for line in lines)
    return tuple(replace(line, asked=line.offered) for line in lines)


def _down(lines: Sequence[LinePrices], prices: Mapping[int, Decimal]) -> None:
    if set(prices) != {line.offer_id for line in lines}:
        raise NotDownwards(PriceFault.NOT_OF_THIS)
    if above := [line.offer_id for line in lines if prices[line.offer_id] > line.offered]:
        raise NotDownwards(PriceFault.ABOVE, above)
    if all(prices[line.offer_id] == line.offered for line in lines):
        raise NotDownwards(PriceFault.NOTHING_LOWER)


def may_counter(counters: int) -> bool:
    return counters < COUNTERS_MAX


def number_stem(*, tenant_code: str, on: date) -> str:
    """`YJ` + division code + day. The database appends the last six digits of the row's id."""
    return f"YJ{tenant_code}{on:%Y%m%d}"

"""What an order commits, and the life of an exception document. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from kernel.lifecycle import Lifecycle, Transition
from kernel.money import ZERO, split_in_proportion
from kernel.posts import Post
from shared_apps.rulebook.committed import ItemKey


class CommitmentKind(StrEnum):
    """`commit` when an order is submitted; `release` gives back what an order no longer takes."""

    COMMIT = "commit"
    RELEASE = "release"


class ExceptionKind(StrEnum):
    """The two exceptions of Implementing Regulation art. 28."""

    BUDGET_ADJUSTED = "budget_adjusted"  # 项目预算调整
    METHOD_APPROVED = "method_approved"  # 经批准采用公开招标以外方式采购


class ExceptionState(StrEnum):
    FILED = "filed"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


EXCEPTION_LIFECYCLE: Final = Lifecycle(
    name="split_exception",
    states=ExceptionState,
    initial=ExceptionState.FILED,
    terminal=(ExceptionState.REFUSED, ExceptionState.WITHDRAWN, ExceptionState.ENDED),
    transitions=(
        Transition(
            action="accept",
            sources=(ExceptionState.FILED,),
            target=ExceptionState.ACCEPTED,
            posts=(Post.TIER_SUPERVISOR,),
            guards=("not the person who filed it",),
        ),
        Transition(
            action="refuse",
            sources=(ExceptionState.FILED,),
            target=ExceptionState.REFUSED,
            posts=(Post.TIER_SUPERVISOR,),
            guards=("reason",),
        ),
        Transition(
            action="withdraw",
            sources=(ExceptionState.FILED,),
            target=ExceptionState.WITHDRAWN,
            posts=(Post.BUYER_CLERK,),
        ),
        Transition(
            action="end",
            sources=(ExceptionState.ACCEPTED,),
            target=ExceptionState.ENDED,
            posts=(Post.TIER_SUPERVISOR,),
            guards=("reason",),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class LineShare:
    """One order line with what each budget line pays of it."""

    item_code: str
    total: Decimal
    # Must carry the energy-saving label, and does.
    green_due: bool = False
    green: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """What an order takes of one budget item for one item code."""

    budget_item: str
    item_code: str
    amount: Decimal
    green_due: Decimal
    green: Decimal


def parts_of(*, lines: Sequence[LineShare], draws: Iterable[tuple[int, str, Decimal]]) -> tuple[Part, ...]:
    """An order in parts: `draws` are (index of the line, budget item, amount). In the order of their keys."""
    amounts: dict[ItemKey, list[Decimal]] = {}
    for index, budget_item, amount in draws:
        line = lines[index]
        sums = amounts.setdefault((budget_item, line.item_code), [ZERO, ZERO, ZERO])
        sums[0] += amount
        sums[1] += amount if line.green_due else ZERO
        sums[2] += amount if line.green_due and line.green else ZERO
    return tuple(Part(*key, *sums) for key, sums in sorted(amounts.items()))


def asked_by(parts: Iterable[Part]) -> dict[ItemKey, Decimal]:
    return {(part.budget_item, part.item_code): part.amount for part in parts}


def released(held: Sequence[Part], *, given_back: Mapping[ItemKey, Decimal]) -> tuple[Part, ...]:
    """What to give back of the parts an order holds when it takes less, in the order of their keys.

    Green amounts go in proportion, to the cent. ValueError for more than is held.
    """
    own = {(part.budget_item, part.item_code): part for part in held}
    found: list[Part] = []
    for key, amount in sorted(given_back.items()):
        part = own.get(key)
        if amount < 0 or amount > (part.amount if part else ZERO):
            raise ValueError(f"more of {key} is given back than the order holds")
        if part is not None and amount:
            greens = _of(amount, part.green_due, part.amount), _of(amount, part.green, part.amount)
            found.append(Part(*key, amount, *greens))
    return tuple(found)


def _of(share: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    return split_in_proportion(share, [part, whole - part])[0] if part else ZERO

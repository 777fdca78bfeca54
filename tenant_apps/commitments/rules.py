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
    sme: Decimal = ZERO
    small: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the ledger: its grain's key and what it adds. See models.LedgerRow."""

    order_id: int
    month: int
    budget_item: str
    item_code: str
    amount: Decimal
    sme: Decimal
    small: Decimal
    green_due: Decimal
    green: Decimal


def rows_of(parts: Sequence[Part], *, order_id: int, month: int) -> list[Row]:
    """The rows that an order's parts add to, in the order in which every writer takes them: the heads first."""
    heads = {part.budget_item: Row(0, 0, part.budget_item, "", *_added(parts, part.budget_item)) for part in parts}
    items = [Row(0, 0, part.budget_item, part.item_code, *_amounts(part)) for part in parts]
    entries = [Row(order_id, month, part.budget_item, part.item_code, *_amounts(part)) for part in parts]
    whole = Row(0, month, "", "", *_added(parts, None))
    by_key = [(row.budget_item, row.item_code) for row in items]
    if by_key != sorted(set(by_key)):
        raise ValueError("parts are sorted by their keys, and each key comes once")
    return [*(heads[name] for name in sorted(heads)), *items, whole, *entries]


def _amounts(part: Part) -> tuple[Decimal, Decimal, Decimal, Decimal, Decimal]:
    return part.amount, part.sme, part.small, part.green_due, part.green


def _added(parts: Sequence[Part], budget_item: str | None) -> tuple[Decimal, ...]:
    chosen = [_amounts(part) for part in parts if budget_item is None or part.budget_item == budget_item]
    return tuple(sum(column, ZERO) for column in zip(*chosen, strict=True))


def parts_of(
    *,
    lines: Sequence[LineShare],
    draws: Iterable[tuple[int, str, Decimal]],
    is_sme: bool = False,
    is_small: bool = False,
) -> tuple[Part, ...]:
    """An order in parts: `draws` are (index of the line, budget item, amount). In the order of their keys."""
    amounts: dict[ItemKey, list[Decimal]] = {}
    for index, budget_item, amount in draws:
        line = lines[index]
        sums = amounts.setdefault((budget_item, line.item_code), [ZERO, ZERO, ZERO])
        sums[0] += amount
        sums[1] += amount if line.green_due else ZERO
        sums[2] += amount if line.green_due and line.green else ZERO
    return tuple(
        Part(budget_item, code, amount, due, green, amount if is_sme else ZERO, amount if is_small else ZERO)
        for (budget_item, code), (amount, due, green) in sorted(amounts.items())
    )


def asked_by(parts: Iterable[Part]) -> dict[ItemKey, Decimal]:
    return {(part.budget_item, part.item_code): part.amount for part in parts}


def released(held: Sequence[Part], *, given_back: Mapping[ItemKey, Decimal]) -> tuple[Part, ...]:
    """What to give back of the parts an order holds when it takes less, in the order of their keys.

    What is counted of a part goes in proportion, to the cent. ValueError for more than is held.
    """
    held_of = {(part.budget_item, part.item_code): part for part in held}
    found: list[Part] = []
    for key, amount in sorted(given_back.items()):
        part = held_of.get(key)
        if amount < 0 or amount > (part.amount if part else ZERO):
            raise ValueError(f"more of {key} is given back than the order holds")
        if part is not None and amount:
            due, green, sme, small = (
                _of(amount, own, part.amount) for own in (part.green_due, part.green, part.sme, part.small)
            )
            found.append(Part(part.budget_item, part.item_code, amount, due, green, sme, small))
    return tuple(found)


def _of(share: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    return split_in_proportion(share, [part, whole - part])[0] if part else ZERO

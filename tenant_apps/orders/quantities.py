"""How much of each line was shipped, accepted, refused, returned and given up, and what that costs. Pure.

The law of the counts, held by CHECK constraints on `LineProgress` too:
    shipped - refused + cancelled <= ordered   (refused goods may be replaced, so shipped alone may exceed ordered)
    accepted + refused <= shipped
    returned <= refused
What is paid is what was accepted: price x accepted, and the line's freight once anything of it was accepted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from kernel.money import ZERO, line_amount


class QuantityBeyond(ValueError):
    """More than there is to ship, to judge, to return or to give up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineQuantities:
    """The counts of one order line."""

    ordered: int
    shipped: int = 0
    accepted: int = 0
    refused: int = 0
    returned: int = 0
    cancelled: int = 0

    @property
    def waiting(self) -> int:
        """Shipped and not inspected yet."""
        return self.shipped - self.accepted - self.refused

    @property
    def owed(self) -> int:
        """What the supplier may still ship: never shipped, or shipped and refused."""
        return self.ordered - self.cancelled - self.shipped + self.refused

    @property
    def outstanding(self) -> int:
        """What is not accepted yet, wherever it is."""
        return self.ordered - self.cancelled - self.accepted

    @property
    def to_return(self) -> int:
        """Refused and still with the buyer."""
        return self.refused - self.returned

    @property
    def lawful(self) -> bool:
        counts = (self.ordered, self.shipped, self.accepted, self.refused, self.returned, self.cancelled)
        return min(counts) >= 0 and self.waiting >= 0 and self.owed >= 0 and self.to_return >= 0

    def ship(self, quantity: int) -> LineQuantities:
        return self._moved(quantity, self.owed, shipped=self.shipped + quantity)

    def judge(self, *, accepted: int, refused: int) -> LineQuantities:
        """An inspection's finding. Neither number may be negative."""
        if min(accepted, refused) < 0:
            raise QuantityBeyond("a finding is not negative")
        moved = {"accepted": self.accepted + accepted, "refused": self.refused + refused}
        return self._moved(accepted + refused, self.waiting, **moved)

    def take_back(self) -> LineQuantities:
        """Everything refused is with the supplier again."""
        return replace(self, returned=self.refused)

    def give_up_rest(self) -> LineQuantities:
        """What is not accepted is not wanted any more. Nothing may wait for inspection."""
        if self.waiting:
            raise QuantityBeyond("shipped goods are inspected first")
        return replace(self, cancelled=self.cancelled + self.outstanding)

    def _moved(self, quantity: int, most: int, **changes: int) -> LineQuantities:
        if not 0 <= quantity <= most:
            raise QuantityBeyond(f"{quantity} of {most}")
        return replace(self, **changes)


def line_due(*, price: Decimal, freight: Decimal, accepted: int) -> Decimal:
    """What a line costs with `accepted` pieces taken: the freight is charged once, and not for nothing."""
    return line_amount(price=price, quantity=accepted) + freight if accepted else ZERO


def give_back(*, fundings: Sequence[tuple[int, Decimal]], due: Decimal) -> dict[int, Decimal]:
    """What each budget line gets back of a line's fundings when it costs only `due`: the last to pay is first to get.

    `fundings` are (budget line, amount) in their order; they keep exactly `due` together, to the cent.
    """
    kept, back = due, dict[int, Decimal]()
    for line_id, amount in fundings:
        keep = min(amount, kept)
        kept -= keep
        if amount > keep:
            back[line_id] = back.get(line_id, ZERO) + amount - keep
    if kept:
        raise ValueError("a line never costs more than its fundings give")
    return back


def added(parts: Iterable[dict[int, Decimal]]) -> dict[int, Decimal]:
    """Several lines' returns together, by budget line."""
    total: dict[int, Decimal] = {}
    for part in parts:
        for line_id, amount in part.items():
            total[line_id] = total.get(line_id, ZERO) + amount
    return total

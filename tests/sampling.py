"""Fewer cases a route, all cases over the routes: the twin of a whole crawl that every run can afford."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


class Turns:
    """Hands out a few of the cases a turn, the next ones each time, going round: with many turns none is left out.

    `whole` hands out all of them. The order is that of the calls, so a run tries what the run before it tried.
    """

    def __init__(self, each: int, *, whole: bool) -> None:
        self.each, self.whole, self.turn = each, whole, 0

    def of(self, cases: Iterable[T]) -> list[T]:
        found = list(cases)
        if self.whole or len(found) <= self.each:
            return found
        start = self.turn
        self.turn += self.each
        return [found[(start + number) % len(found)] for number in range(self.each)]

"""What a benchmark is asked for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """`size` is each benchmark's own: orders a round for order, products for search, events of a year for metering,
    else tenants. 0: its default.
    """

    size: int = 0
    rounds: int = 3

"""Numbers of the orders that ledger entries name by id: orders lie above budgets and say at start how to look them up.

order_numbers.register("orders", numbers_of)
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from kernel.registry import Registry

Lookup = Callable[[Collection[int]], Mapping[int, str]]

LOOKUPS: Registry[Lookup] = Registry("order numbers")


def register(key: str, lookup: Lookup) -> None:
    """Called at app start. `lookup` answers ids with numbers and leaves out what it does not know."""
    LOOKUPS.register(key, lookup)


def numbers_of(ids: Collection[int]) -> dict[int, str]:
    """Numbers by order id; nothing is asked for no ids."""
    return {found: number for lookup in LOOKUPS.values() if ids for found, number in lookup(ids).items()}

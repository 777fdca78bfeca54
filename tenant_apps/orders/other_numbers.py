"""Numbers that orders had before they came here: apps above say at start how to find orders by them.

other_numbers.register("takeover", found)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet

from kernel.registry import Registry

# The ids of the orders whose other number begins so, as a query of one column: part of the statement of the list.
Lookup = Callable[[str], QuerySet[Any]]

LOOKUPS: Registry[Lookup] = Registry("other numbers of orders")


def register(key: str, lookup: Lookup) -> None:
    """Called at app start."""
    LOOKUPS.register(key, lookup)


def named(search: str) -> Q:
    """Condition of the orders that had a number beginning so."""
    found = Q()
    for lookup in LOOKUPS.values():
        found |= Q(pk__in=lookup(search))
    return found

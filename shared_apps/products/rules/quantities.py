"""How many of an offer can be ordered: at least the supplier's least, and whole packs. Pure."""

from __future__ import annotations

QUANTITY_MAX = 999_999


def least_orderable(*, least: int, pack: int) -> int:
    """The fewest whole packs that reach the supplier's least quantity."""
    return -(-least // pack) * pack


def is_orderable(quantity: int, *, least: int, pack: int) -> bool:
    return least <= quantity <= QUANTITY_MAX and quantity % pack == 0


def nearest_orderable(quantity: int, *, least: int, pack: int) -> tuple[int | None, int | None]:
    """The next orderable quantity at or below, and the next at or above; None where there is none."""
    first, last = least_orderable(least=least, pack=pack), QUANTITY_MAX // pack * pack
    if first > last:
        return None, None
    lower = min(quantity // pack * pack, last)
    higher = max(-(-quantity // pack) * pack, first)
    return (lower if lower >= first else None), (higher if higher <= last else None)

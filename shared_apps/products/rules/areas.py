"""Prices by delivery area. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

REGION_CODE = "650000"


def full_division_code(prefix: str) -> str:
    """The six digits of a prefix: 65 -> 650000, 6531 -> 653100."""
    if re.fullmatch(r"[0-9]{2}(?:[0-9]{2}){0,2}", prefix) is None:
        raise ValueError(f"{prefix!r} is no division prefix")
    return prefix.ljust(6, "0")


def area_ladder(code: str) -> tuple[str, ...]:
    """The division itself, its prefecture and the region, nearest first: in this order its price is looked up.

    653101 -> (653101, 653100, 650000). A code outside the region's own digits still ends at the region.
    """
    steps = (code[:6], code[:4] + "00", REGION_CODE)
    return tuple(dict.fromkeys(steps))


def area_parameters(code: str) -> dict[str, str | None]:
    """The ladder as the three named parameters of the statements; None where it is shorter."""
    ladder = area_ladder(code)
    return {f"area_{n}": ladder[n - 1] if n <= len(ladder) else None for n in (1, 2, 3)}


def area_price(areas: Mapping[str, tuple[Decimal, Decimal]], ladder: Sequence[str]) -> tuple[Decimal, Decimal] | None:
    """(freight, surcharge) of the nearest area that the offer delivers to, or None: it does not deliver there."""
    return next((areas[code] for code in ladder if code in areas), None)

"""Prices by delivery area. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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


def dearer_somewhere(
    before: Mapping[str, tuple[Decimal, Decimal]], after: Mapping[str, tuple[Decimal, Decimal]]
) -> bool:
    """Whether delivery costs more anywhere it was possible; a place not delivered to so far gets nothing dearer.

    Looking at the divisions that either names is enough: every other one is priced by the nearest of them.
    """
    for code in {*before, *after}:
        ladder = area_ladder(code)
        old, new = area_price(before, ladder), area_price(after, ladder)
        if old is not None and new is not None and (new[0] > old[0] or new[1] > old[1]):
            return True
    return False


@dataclass(frozen=True, slots=True)
class Terms:
    """What a buyer pays by: price, the ceiling it is measured with, and (freight, surcharge) by division."""

    price: Decimal
    reference_price: Decimal
    areas: Mapping[str, tuple[Decimal, Decimal]]


def is_dearer(before: Terms, after: Terms) -> bool:
    """Whether anybody would pay more, or might be asked for more later: then a person looks at it first."""
    return (
        after.price > before.price
        or after.reference_price > before.reference_price
        or dearer_somewhere(before.areas, after.areas)
    )

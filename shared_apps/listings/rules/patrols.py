"""Which offers a patrol looks at. Pure, and open to be reckoned again from the seed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from kernel.sm3 import sm3_hex

OFFERS_MAX: Final = 500
SEED_LENGTH: Final = 32


def drawn(*, offer_ids: Collection[int], size: int, seed: str) -> list[int]:
    """`size` of the offers by random draw: those whose SM3 of "seed:id" comes first, in the order of their ids.

    The seed is chosen when the patrol is opened and kept with it: whoever has the seed and the offers of that day
    gets the same draw.
    """
    ordered = sorted(offer_ids, key=lambda offer_id: sm3_hex(f"{seed}:{offer_id}".encode()))
    return sorted(ordered[:size])

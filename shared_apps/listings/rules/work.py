"""What waits for somebody in the listing process, and for whom. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Work(StrEnum):
    """Reviewers' queues of the whole region, one patrol, and what a supplier has to see to."""

    PROPOSALS = "proposals"
    RETURNED = "returned"
    REVIEWS = "reviews"
    APPEALS = "appeals"
    CORRECTIONS = "corrections"
    PATROL = "patrol"
    FROZEN = "frozen"
    REJECTED = "rejected"


# Those whose owner is a supplier; a patrol's is the patrol, the others are the region's.
OF_SUPPLIERS = frozenset({Work.RETURNED, Work.FROZEN, Work.REJECTED})


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something waits, with the first day it is due."""

    due_on: date | None = None


# (kind, owner): 0 owns the region's queues.
Key = tuple[str, int]


def news(*, now: Mapping[Key, Waiting], told: Mapping[Key, Waiting]) -> dict[Key, Waiting | None]:
    """What has begun to wait, is due another day, or waits no more (None), since it was last told."""
    changed: dict[Key, Waiting | None] = {key: one for key, one in now.items() if told.get(key) != one}
    return {**changed, **dict.fromkeys(told.keys() - now.keys())}

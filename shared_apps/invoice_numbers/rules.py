"""When a number counts, and whose is used twice. Pure."""

from __future__ import annotations

from collections.abc import Iterable

# After these the invoice stands; after a refusal or a red-letter invoice it does not.
COUNTING_EVENTS = frozenset({"invoices.recorded", "invoices.verified"})
# A purchase has a few invoices: nobody asks about hundreds of numbers at once.
ASKED_MOST = 200


def is_doubled(counting: Iterable[bool]) -> bool:
    """Whether more than one mall counts on the same number."""
    return sum(counting) > 1

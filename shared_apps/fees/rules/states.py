"""The states of tariffs, statements and disputes. Source of the statement's: the founding design, fee period."""

from __future__ import annotations

from enum import StrEnum


class TariffState(StrEnum):
    """Read off the row's moments: nothing else says it."""

    ENTERED = "entered"
    VERIFIED = "verified"
    # A later version was published for the same first day before this one began.
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    DEMO = "demo"


class StatementState(StrEnum):
    """OPEN has no row: the month runs, or nobody has metered it yet."""

    OPEN = "open"
    METERED = "metered"
    PRICED = "priced"
    ISSUED = "issued"
    DISPUTED = "disputed"
    CONFIRMED = "confirmed"
    SETTLED = "settled"


class LineKind(StrEnum):
    """What a statement's line is: a month's use, what its tariff adds or takes, or a change of an earlier month."""

    USE = "use"
    BUNDLE = "bundle"
    DISCOUNT = "discount"
    MINIMUM = "minimum"
    CAP = "cap"
    CORRECTION = "correction"
    CREDIT = "credit"


class DisputeState(StrEnum):
    FILED = "filed"
    UPHELD = "upheld"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

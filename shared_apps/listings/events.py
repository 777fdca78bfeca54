"""What the region's journal says of reviews, freezes, appeals, patrols and settings."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from kernel.events import EventType, declare

_OFFER = {"offer_id": int, "product_code": str, "supplier_code": str}

# One row a batch: an import of many offers is checked together.
declare(EventType("listings.offers_checked", 1, {"kind": str, "reviews": list, "offers": list}))
declare(EventType("listings.reviews_lapsed", 1, {"reviews": list}))
declare(
    EventType(
        "listings.review_decided",
        1,
        {**_OFFER, "kind": str, "decision": str, "price": Decimal, "severity": str, "reason": str},
    )
)
declare(EventType("listings.offer_frozen", 1, {**_OFFER, "kind": str, "reason": str, "patrol_item": int | None}))
declare(EventType("listings.correction_reported", 1, {**_OFFER, "freeze": int, "correction": str}))
declare(EventType("listings.freeze_ended", 1, {**_OFFER, "freeze": int, "state": str, "reason": str}))
declare(EventType("listings.appeal_filed", 1, {**_OFFER, "against": str, "reason": str}))
declare(EventType("listings.appeal_decided", 1, {**_OFFER, "against": str, "state": str, "decision": str}))
declare(EventType("listings.appeal_withdrawn", 1, {**_OFFER, "against": str}))
declare(
    EventType(
        "listings.patrol_opened",
        1,
        {"title": str, "scope": str, "scope_code": str, "population": int, "sample": int, "seed": str, "due_on": date},
    )
)
declare(EventType("listings.offer_patrolled", 1, {**_OFFER, "patrol": int, "outcome": str, "kind": str, "note": str}))
declare(EventType("listings.patrol_closed", 1, {"title": str, "summary": str}))
# What a supplier is told of its offers that end soon; 0 where none does any more.
declare(
    EventType(
        "listings.offers_ending",
        1,
        {"supplier_code": str, "name": str, "organisation_id": int | None, "offers": int, "first_on": date | None},
    )
)
declare(
    EventType(
        "listings.work_told",
        1,
        {
            "kind": str, "owner": int, "waits": bool, "due_on": date | None, "code": str, "name": str,
            "organisation_id": int | None, "level": str,
        },
    )
)  # fmt: skip
declare(EventType("listings.parameter_entered", 1, {"name": str, "value": Decimal, "valid_from": date, "source": str}))
declare(EventType("listings.word_changed", 1, {"word": str, "is_listed": bool, "source": str}))

"""What the tenant's journal tells of posts."""

from __future__ import annotations

from datetime import date

from kernel.events import EventType, declare, optional

_HOLDING = {"user_id": optional(int), "name": str, "organisation_id": int, "unit_id": int, "post": str}

declare(EventType("access.post_granted", 1, _HOLDING, security=True))
declare(EventType("access.post_ended", 1, _HOLDING, security=True))
declare(
    EventType(
        "access.post_handed_over", 1, {**_HOLDING, "from_user_id": optional(int), "from_name": str}, security=True
    )
)
declare(
    EventType(
        "access.post_lent", 1, {**_HOLDING, "deputy_for": int, "deputy_for_name": str, "last_day": date}, security=True
    )
)
# The relay's consumer in accounts makes the invitation of it and sends the letter: it carries what that needs.
declare(
    EventType(
        "access.person_invited",
        1,
        {"invitation_key": str, "name": str, "email": str, "organisation_id": int, "unit_id": int, "posts": list},
    )
)
declare(EventType("access.posts_claimed", 1, {"user_id": int, "name": str, "invitation_key": str, "holdings": list}))
declare(EventType("access.pairs_changed", 1, {"pairs": list, "reason": str}, security=True))

"""What the region's journal tells of people and organisations. Sign-ins stand in the security log."""

from __future__ import annotations

from kernel.events import EventType, declare, optional

_ORGANISATION = {"organisation_id": int, "organisation_name": str, "tenant_code": optional(str)}

declare(EventType("accounts.organisation_created", 1, {**_ORGANISATION, "kind": str, "code": str}))
declare(EventType("accounts.organisation_renamed", 1, _ORGANISATION))
declare(EventType("accounts.mall_visited", 1, {"tenant_code": str, "posts": list}, security=True))
declare(
    EventType(
        "accounts.records_purged",
        1,
        {"security_events": int, "mall_sessions": int, "hand_offs": int, "web_sessions": int, "log_since": str},
    )
)
declare(EventType("accounts.user_created", 1, {"user_id": int}, security=True))
declare(EventType("accounts.member_added", 1, {**_ORGANISATION, "user_id": int, "posts": list}, security=True))
declare(EventType("accounts.member_ended", 1, {**_ORGANISATION, "user_id": int, "posts": list}, security=True))
declare(EventType("accounts.member_posts_changed", 1, {**_ORGANISATION, "user_id": int, "posts": list}, security=True))
declare(EventType("accounts.person_invited", 1, {**_ORGANISATION, "invitation_key": str, "posts": list}, security=True))
declare(EventType("accounts.invitation_withdrawn", 1, {**_ORGANISATION, "invitation_key": str}))
declare(
    EventType(
        "accounts.invitation_accepted", 1, {**_ORGANISATION, "invitation_key": str, "user_id": int, "posts": list}
    )
)

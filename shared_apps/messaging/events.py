"""What the region's journal tells of messages: what people decide. Addresses only as keyed hashes."""

from __future__ import annotations

from kernel.events import EventType, declare

_CONTACT = {"channel": str, "address_hash": str, "provider": str}

declare(EventType("messaging.contact_verified", 1, _CONTACT))
declare(EventType("messaging.contact_removed", 1, _CONTACT))
declare(EventType("messaging.code_asked", 1, _CONTACT))
declare(EventType("messaging.choices_changed", 1, {"wanted": list, "quiet_from": str, "quiet_until": str}))
declare(
    EventType(
        "messaging.delivery_given_up",
        1,
        {"number": str, "channel": str, "reason": str, "attempts": int, "tenant_code": str},
    )
)
declare(EventType("messaging.delivery_retried", 1, {"number": str, "channel": str, "reason": str, "tenant_code": str}))
# A carrier has taken a mall's message; what a person asks for himself belongs to no mall and is not told.
declare(EventType("messaging.delivery_sent", 1, {"number": str, "channel": str, "tenant_code": str}))
declare(EventType("messaging.cap_set", 1, {"channel": str, "per_person": int, "altogether": int, "reason": str}))

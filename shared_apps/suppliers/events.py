"""What the region's journal says of suppliers."""

from kernel.events import EventType, declare

_SUPPLIER = {"uscc": str, "name": str, "standing": str}

REGISTERED = declare(EventType("suppliers.registered", 1, _SUPPLIER))
STANDING_CHANGED = declare(EventType("suppliers.standing_changed", 1, {**_SUPPLIER, "action": str, "reason": str}))
HELD = declare(
    EventType("suppliers.held", 1, {**_SUPPLIER, "cause": str, "reference": str, "reason": str, "until": str})
)
RELEASED = declare(EventType("suppliers.released", 1, {**_SUPPLIER, "cause": str, "reference": str}))
LINKED = declare(EventType("suppliers.organisation_linked", 1, {**_SUPPLIER, "organisation_id": int}))
LOADED = declare(EventType("suppliers.loaded", 1, {"count": int, "is_demo": bool}))

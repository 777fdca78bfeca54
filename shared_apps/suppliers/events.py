"""What the region's journal says of suppliers. People stand in it by their ids, contacts not at all."""

from kernel.events import EventType, declare, optional

_SUPPLIER = {"uscc": str, "name": str, "standing": str}
# The party is named so that its people can be told.
_CAUSE = {**_SUPPLIER, "cause": str, "reference": str, "organisation_id": optional(int)}
_APPLICATION = {
    "number": str, "kind": str, "state": str, "uscc": str, "name": str, "collecting_code": str, "version": int,
    "organisation_id": optional(int), "due_on": str,
}  # fmt: skip

REGISTERED = declare(EventType("suppliers.registered", 1, _SUPPLIER))
STANDING_CHANGED = declare(EventType("suppliers.standing_changed", 1, {**_SUPPLIER, "action": str, "reason": str}))
HELD = declare(EventType("suppliers.held", 1, {**_CAUSE, "reason": str, "until": str}))
RELEASED = declare(EventType("suppliers.released", 1, _CAUSE))
LINKED = declare(EventType("suppliers.organisation_linked", 1, {**_SUPPLIER, "organisation_id": int}))
LOADED = declare(EventType("suppliers.loaded", 1, {"count": int, "is_demo": bool}))
CHANGED = declare(EventType("suppliers.changed", 1, {**_SUPPLIER, "number": str, "fields": list, "ended": list}))
PHONE_CHANGED = declare(EventType("suppliers.phone_changed", 1, _SUPPLIER))
CONFIRMED = declare(
    EventType("suppliers.confirmed", 1, {**_SUPPLIER, "confirmed_on": str, "organisation_id": optional(int)})
)
WARNED = declare(EventType("suppliers.warned", 1, {**_CAUSE, "level": int, "due_on": str}))
TERMS_ENTERED = declare(EventType("suppliers.terms_entered", 1, {"valid_from": str, "basis": str}))

# An application's events all carry the same facts and differ by name.
for _name in ("begun", "opened", "edited", "submitted", "withdrawn", "passed", "approved", "lapsed"):
    declare(EventType(f"suppliers.application_{_name}", 1, _APPLICATION))
for _name in ("returned", "refused"):
    declare(EventType(f"suppliers.application_{_name}", 1, {**_APPLICATION, "reason": str, "fields": list}))
for _name in ("added", "removed"):
    declare(EventType(f"suppliers.document_{_name}", 1, {**_APPLICATION, "document_kind": str, "file_key": str}))
STORED = declare(EventType("suppliers.stored", 1, {"created": list, "admitted": list, "changed": list}))

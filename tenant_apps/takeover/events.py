"""What packages tell the journal. Names of people and goods are not told; codes of the mapping are."""

from __future__ import annotations

from typing import Any

from kernel.events import EventType, declare

_COUNTS: dict[str, Any] = {"lines": int, "orders": int, "same": int, "wrong": int, "unmapped": int, "matches": bool}

_FIELDS: dict[str, dict[str, Any]] = {
    "received": {"file_key": str},
    "checked": _COUNTS,
    "unreadable": {"reason": str},
    "judged_again": {},
    "proposed": _COUNTS,
    "sent_back": {"reason": str},
    "confirmed": {"proposed_by_id": int},
    "finished": {"stored": int, "refused": int},
    "cancelled": {"reason": str},
}
for _name, _fields in _FIELDS.items():
    declare(EventType(f"takeover.package_{_name}", 1, _fields))

declare(EventType("takeover.code_mapped", 1, {"kind": str, "old_code": str, "our_code": str, "before": str | None}))
declare(EventType("takeover.codes_mapped", 1, {"codes": list}))

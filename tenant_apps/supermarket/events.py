"""What the address book and the notes tell the journal: that they changed, not what people wrote."""

from __future__ import annotations

from kernel.events import EventType, declare

for _name in ("added", "changed", "removed"):
    declare(EventType(f"supermarket.address_{_name}", 1, {"unit_id": int, "is_default": bool, "version": int}))

declare(EventType("supermarket.papers_attached", 1, {"order_number": str, "paper_keys": list}))
declare(EventType("supermarket.note_added", 1, {"order_number": str, "paper_sm3": str | None}))

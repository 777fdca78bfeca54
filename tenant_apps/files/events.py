"""What files tell the journal. The name is a person's text and is not told."""

from __future__ import annotations

from kernel.events import EventType, declare

FILE_STORED = declare(
    EventType("files.stored", 1, {"key": str, "kind": str, "size_bytes": int, "sm3": str, "purpose": str})
)

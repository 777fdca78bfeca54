"""What upkeep writes into the region's journal."""

from __future__ import annotations

from datetime import datetime

from kernel.events import EventType, declare

declare(EventType("upkeep.tenant_dumped", 1, {"tenant": str, "epoch": int, "rows": int, "files": int}, security=True))
declare(
    EventType(
        "upkeep.tenant_restored",
        1,
        {"tenant": str, "epoch": int, "taken_at": datetime, "rows": int, "files": int, "lost": int, "regained": int},
    )
)
declare(EventType("upkeep.logins_rotated", 1, {"logins": int}, security=True))
declare(EventType("upkeep.tenant_exported", 1, {"tenant": str, "rows": int, "files": int}, security=True))
declare(EventType("upkeep.tenant_put_away", 1, {"tenant": str, "rows": int, "sm3": str, "dropped": bool}))

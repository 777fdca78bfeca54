"""What the region's journal tells of imports."""

from __future__ import annotations

from datetime import datetime

from kernel.events import EventType, declare

_IMPORT = {"kind": str, "supplier_id": int | None}
_COUNTS = {"rows": int, "new": int, "changed": int, "unchanged": int, "wrong": int}
_STORED = {"created": int, "updated": int, "for_review": int, "refused": int}

declare(EventType("exchange.import_received", 1, {**_IMPORT, "file_key": str}))
declare(EventType("exchange.import_unreadable", 1, {**_IMPORT, "reason": str}))
declare(EventType("exchange.import_checked", 1, {**_IMPORT, **_COUNTS}))
declare(EventType("exchange.import_confirmed", 1, {**_IMPORT, **_COUNTS}))
declare(EventType("exchange.import_cancelled", 1, {**_IMPORT, "stored_to": int}))
declare(EventType("exchange.import_finished", 1, {**_IMPORT, **_STORED}))

_TOKEN = {"supplier_id": int, "prefix": str, "scopes": list, "expires_at": datetime}
declare(EventType("exchange.token_made", 1, _TOKEN, security=True))
declare(EventType("exchange.token_revoked", 1, _TOKEN, security=True))

_WEBHOOK = {"supplier_id": int, "url": str, "events": list}
for _name in ("made", "removed", "disabled", "enabled"):
    declare(EventType(f"exchange.webhook_{_name}", 1, _WEBHOOK))
declare(EventType("exchange.delivery_replayed", 1, {"supplier_id": int, "event": str, "event_id": str}))

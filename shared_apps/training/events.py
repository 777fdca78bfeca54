"""What the region's journal is told of practice malls. Exercises are told by the practice malls' own journals."""

from __future__ import annotations

from kernel.events import EventType, declare

_MALL = {"tenant_code": str, "code": str}

MALL_ASKED = declare(EventType("training.mall_asked", 1, {**_MALL, "action": str}, security=True))
MALL_READY = declare(EventType("training.mall_ready", 1, {**_MALL, "times_made": int}))
MALL_REMOVED = declare(EventType("training.mall_removed", 1, _MALL, security=True))
MALL_FAILED = declare(EventType("training.mall_failed", 1, {**_MALL, "state": str, "error": str}))

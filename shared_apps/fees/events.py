"""What the region's journal tells of tariffs."""

from __future__ import annotations

from datetime import date, datetime

from kernel.events import EventType, declare

_TARIFF = {"version": int, "valid_from": date, "document_number": str}

declare(EventType("fees.tariff_added", 1, {**_TARIFF, "is_demo": bool, "prices": list}))
declare(EventType("fees.tariff_verified", 1, _TARIFF))
declare(EventType("fees.tariff_withdrawn", 1, {"version": int, "reason": str}))
# Calls of programs in one hour of one mall; `hour` is its beginning. Told when the hour is over.
declare(EventType("fees.api_hour_told", 1, {"tenant_code": str, "hour": datetime, "calls": int}))

_SHARES = {"tenant": str, "valid_from": date}
declare(EventType("fees.share_rule_entered", 1, {**_SHARES, "document_number": str, "parts": list}))
declare(EventType("fees.share_rule_withdrawn", 1, {**_SHARES, "reason": str}))

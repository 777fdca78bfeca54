"""What the region's journal tells of tariffs."""

from __future__ import annotations

from datetime import date

from kernel.events import EventType, declare

_TARIFF = {"version": int, "valid_from": date, "document_number": str}

declare(EventType("fees.tariff_added", 1, {**_TARIFF, "is_demo": bool, "prices": list}))
declare(EventType("fees.tariff_verified", 1, _TARIFF))
declare(EventType("fees.tariff_withdrawn", 1, {"version": int, "reason": str}))

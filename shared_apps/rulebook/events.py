"""What the rulebook tells the region's journal."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from kernel.events import EventType, declare

_SCOPE = {"code": str, "version": int, "module": str, "level": str, "kind": str}
_VERSION = {
    **_SCOPE,
    "amount": Decimal | None,
    "document_number": str,
    "document_on": date | None,
    "valid_from": date,
}

VERSION_ENTERED = declare(EventType("rulebook.version_entered", 1, _VERSION))
# What a rule says from that day on, beside its amount.
PARAMETERS_ENTERED = declare(
    EventType("rulebook.parameters_entered", 1, {**_VERSION, "parameters": dict, "severity": str})
)
# `ended` is the number of the version that ends where this one begins.
VERSION_VERIFIED = declare(EventType("rulebook.version_verified", 1, {**_VERSION, "ended": int | None}))
PARAMETERS_VERIFIED = declare(EventType("rulebook.parameters_verified", 1, {**_VERSION, "ended": int | None}))
VERSION_WITHDRAWN = declare(EventType("rulebook.version_withdrawn", 1, {**_SCOPE, "reason": str}))
SHIPPED_LOADED = declare(
    EventType("rulebook.shipped_loaded", 1, {"rules": int, "days": int, "years": list, "articles": int})
)

"""What the region's journal tells of scores: people's decisions. A score itself is computed from facts, not told."""

from __future__ import annotations

from datetime import date

from kernel.events import EventType, declare

_FORMULA = {"version": int, "valid_from": date, "document_number": str}
_APPEAL = {
    "supplier_id": int,
    "supplier_name": str,
    "tenant_code": str,
    "order_id": int,
    "order_number": str,
    "state": str,
}

declare(
    EventType(
        "scores.formula_entered",
        1,
        {**_FORMULA, "weights": dict, "orders_min": int, "window_days": int, "appeal_days": int, "decide_days": int},
    )
)
declare(EventType("scores.formula_verified", 1, _FORMULA))
declare(EventType("scores.formula_withdrawn", 1, {"version": int, "reason": str}))
declare(EventType("scores.appeal_filed", 1, {**_APPEAL, "due_on": date, "file": str}))
declare(EventType("scores.appeal_decided", 1, {**_APPEAL, "reason": str}))
declare(EventType("scores.appeal_withdrawn", 1, _APPEAL))

"""What the journal tells of flows. The steps themselves are told by the order (`orders.step_approved` and so on)."""

from __future__ import annotations

from kernel.events import EventType, declare, optional

_FLOW = {"unit_id": optional(int), "unit_name": str, "flow": list}

declare(EventType("approvals.flow_set", 1, {**_FLOW, "before": list, "reason": str}))
declare(EventType("approvals.flow_ended", 1, _FLOW))

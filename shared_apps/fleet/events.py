"""What the fleet tells the region's journal. Object is the mall, by its code, which never changes."""

from __future__ import annotations

from datetime import date

from kernel.events import EventType, declare

_STATE = {"name": str, "before": str, "after": str, "reason": str}

TENANT_SUSPENDED = declare(EventType("fleet.tenant_suspended", 1, _STATE, security=True))
TENANT_RESUMED = declare(EventType("fleet.tenant_resumed", 1, _STATE, security=True))
TENANT_ARCHIVED = declare(EventType("fleet.tenant_archived", 1, _STATE, security=True))
TENANT_RENAMED = declare(EventType("fleet.tenant_renamed", 1, {"before": str, "after": str, "document_number": str}))
HOST_MOVED = declare(EventType("fleet.host_moved", 1, {"before": str, "after": str}))
# Codes of finance levels; `before` is empty for one that answered to nobody.
SUPERVISOR_SET = declare(
    EventType(
        "fleet.supervisor_set",
        1,
        {"before": str, "after": str, "valid_from": date, "document_number": str},
        security=True,
    )
)
# Object is the division, by its new code.
DIVISION_RECODED = declare(
    EventType(
        "fleet.division_recoded",
        1,
        {
            "before": str,
            "after": str,
            "name_before": str,
            "name_after": str,
            "valid_from": date,
            "document_number": str,
            "tenants": list,
            "hosts": list,
        },
    )
)
JOB_ORDERED = declare(EventType("fleet.job_ordered", 1, {"action": str, "reason": str, "tenants": list}))

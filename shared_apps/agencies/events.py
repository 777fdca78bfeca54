"""What the region's journal tells of agencies. People only as ids or numbers, contacts not at all."""

from __future__ import annotations

from datetime import date

from kernel.events import EventType, declare, optional

_AGENCY = {"uscc": str, "name": str, "organisation_id": int, "state": str, "version": int}

declare(EventType("agencies.registration_opened", 1, {**_AGENCY, "again": bool}))
declare(EventType("agencies.content_saved", 1, {**_AGENCY, "fields": list}))
declare(EventType("agencies.staff_changed", 1, {**_AGENCY, "staff": int}))
declare(EventType("agencies.file_added", 1, {**_AGENCY, "kind": str, "key": str}))
declare(EventType("agencies.registration_submitted", 1, _AGENCY))
declare(EventType("agencies.registration_withdrawn", 1, _AGENCY))
declare(EventType("agencies.registration_reopened", 1, _AGENCY))
declare(EventType("agencies.registration_returned", 1, {**_AGENCY, "fields": list}))
declare(EventType("agencies.published", 1, _AGENCY))
declare(EventType("agencies.deregistered", 1, _AGENCY))
declare(
    EventType(
        "agencies.change_reported",
        1,
        {
            **_AGENCY,
            "fields": list,
            "happened_on": date,
            "due_on": date,
            "is_late": bool,
            "staff": int,
            "few_staff": bool,
        },
    )
)

_AGREEMENT = {
    "number": str, "agency_id": int, "uscc": str, "agency_name": str, "tenant_code": str, "purchaser_id": int,
    "state": str,
}  # fmt: skip

declare(EventType("agencies.agreement_filed", 1, {**_AGREEMENT, "subject": str, "starts_on": date, "ends_on": date}))
declare(EventType("agencies.agreement_started", 1, _AGREEMENT))
declare(EventType("agencies.agreement_completed", 1, {**_AGREEMENT, "suppliers": int, "evaluation_due_on": date}))
declare(EventType("agencies.agreement_ended", 1, {**_AGREEMENT, "reason": str, "evaluation_due_on": optional(date)}))
declare(EventType("agencies.agreement_ended_by_ban", 1, {**_AGREEMENT, "reference": str}))
declare(EventType("agencies.agreement_to_wind_up", 1, {**_AGREEMENT, "reference": str}))

_EVALUATION = {
    "agreement": str, "agreement_id": int, "tenant_code": str, "agency_id": int, "agency_name": str, "role": str,
    "organisation_id": int, "score": int, "state": str,
}  # fmt: skip

declare(EventType("agencies.evaluated", 1, _EVALUATION))
declare(EventType("agencies.evaluation_answered", 1, _EVALUATION))
declare(EventType("agencies.evaluation_appealed", 1, _EVALUATION))
declare(EventType("agencies.evaluation_appeal_decided", 1, _EVALUATION))

declare(EventType("agencies.held", 1, {**_AGENCY, "reference": str, "until": date}))
declare(EventType("agencies.released", 1, {**_AGENCY, "reference": str}))

_PLAN = {"plan": int, "year": int, "owner_code": str}
_CHECK = {
    **_PLAN, "agency_id": int, "uscc": str, "name": str, "organisation_id": int, "method": str, "state": str,
}  # fmt: skip

declare(EventType("agencies.check_planned", 1, {**_PLAN, "title": str}))
declare(
    EventType(
        "agencies.checks_drawn",
        1,
        {**_PLAN, "number": int, "rule": str, "pool_hash": str, "pool_size": int, "seed": str, "drawn": list},
    )
)
declare(EventType("agencies.check_ordered", 1, {**_CHECK, "reason": str}))
declare(EventType("agencies.checked", 1, {**_CHECK, "findings": list, "due_on": optional(date)}))
declare(EventType("agencies.rectification_reported", 1, _CHECK))
declare(EventType("agencies.check_decided", 1, {**_CHECK, "decision": str, "due_on": optional(date)}))

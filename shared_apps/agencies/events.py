"""What the region's journal tells of agencies. People only as ids or numbers, contacts not at all."""

from __future__ import annotations

from datetime import date

from kernel.events import EventType, declare

_AGENCY = {"uscc": str, "name": str, "state": str, "version": int}

declare(EventType("agencies.registration_opened", 1, {**_AGENCY, "organisation_id": int, "again": bool}))
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
        {**_AGENCY, "fields": list, "happened_on": date, "due_on": date, "is_late": bool, "staff": int},
    )
)

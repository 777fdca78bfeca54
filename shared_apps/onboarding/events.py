"""What the region's journal tells of applications. People only as ids, contacts not at all."""

from __future__ import annotations

from decimal import Decimal

from kernel.events import EventType, declare

_APPLICATION = {"number": str, "division_code": str, "bureau_name": str}

declare(EventType("onboarding.applied", 1, {**_APPLICATION, "modules": list, "fee_year": int, "fee_budget": Decimal}))
declare(
    EventType(
        "onboarding.amended",
        1,
        {**_APPLICATION, "version": int, "modules": list, "fee_year": int, "fee_budget": Decimal},
    )
)
declare(EventType("onboarding.withdrawn", 1, _APPLICATION))
declare(EventType("onboarding.approved", 1, {**_APPLICATION, "version": int}))
declare(EventType("onboarding.refused", 1, {**_APPLICATION, "version": int, "reason": str}))
declare(EventType("onboarding.provisioning_started", 1, {**_APPLICATION, "run": int}))
declare(EventType("onboarding.provisioning_failed", 1, {**_APPLICATION, "run": int, "error": str}))
declare(EventType("onboarding.provisioning_asked_again", 1, _APPLICATION))
declare(
    EventType(
        "onboarding.provisioned", 1, {**_APPLICATION, "tenant_code": str, "organisation_id": int, "was_there": bool}
    )
)

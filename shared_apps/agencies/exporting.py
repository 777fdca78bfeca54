"""What a mall takes along of the agency library: the agreements of its purchasers and how the work was evaluated."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shared_apps.agencies.models import Agreement, Evaluation
from tenants.upkeep.region_parts import every_field, region_part

_AGREEMENTS, _EVALUATIONS = every_field(Agreement), every_field(Evaluation)


@region_part("agency_agreements", about="Agreements of this mall's purchasers with agencies", columns=_AGREEMENTS)
def agency_agreements(code: str) -> Iterator[tuple[Any, ...]]:
    yield from Agreement.objects.filter(tenant_code=code).order_by("id").values_list(*_AGREEMENTS).iterator()


@region_part("agency_evaluations", about="Evaluations under those agreements", columns=_EVALUATIONS)
def agency_evaluations(code: str) -> Iterator[tuple[Any, ...]]:
    rows = Evaluation.objects.filter(agreement__tenant_code=code).order_by("id")
    yield from rows.values_list(*_EVALUATIONS).iterator()

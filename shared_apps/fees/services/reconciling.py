"""Comparing journals, uses and statements of every mall, and keeping what was found."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from kernel.actor import SYSTEM, Actor
from kernel.clock import database_now
from kernel.problems import NotFound, NotPermitted
from shared_apps.fees.models import FeeDifference, FeeReconciliation
from shared_apps.fees.rules.differences import Difference
from shared_apps.fees.selectors.journals import compare_journals
from shared_apps.fees.selectors.reach import SEES_ALL
from shared_apps.fees.selectors.reconciliation import compare_statements, metered_malls
from shared_apps.region_journal.services import record
from tenants.database.context import REGION_ALIAS, region_atomic
from tenants.journaling.consumers import REGION_ROOM
from tenants.journaling.relay import schemas_by_room

MALLS_A_CHUNK = 20
# Beyond this nobody reads them one by one; the count is whole.
KEPT_MAX = 5000


@dataclass(frozen=True, slots=True)
class Step:
    """What one part of a comparison looked at and found."""

    malls: int
    rows: int
    uses: int
    statements: int
    differences: tuple[Difference, ...]


def steps(*, codes: Collection[str] | None = None) -> Iterator[Step]:
    """Compares everything of the malls named, or of all, a few malls at a time; changes nothing. Raises NotFound."""
    metered = metered_malls()
    if codes is not None and (strangers := set(codes) - set(metered)):
        raise NotFound(tenant=", ".join(sorted(strangers)))
    wanted = [code for code in metered if codes is None or code in codes]
    schemas = schemas_by_room()
    in_region = compare_journals(rooms=[(REGION_ROOM, schemas[REGION_ROOM])], codes=wanted)
    yield Step(0, in_region.rows, in_region.uses, 0, in_region.differences)
    for start in range(0, len(wanted), MALLS_A_CHUNK):
        part = wanted[start : start + MALLS_A_CHUNK]
        counted = compare_journals(rooms=[(code, schemas[code]) for code in part])
        statements, differences = compare_statements(codes=part)
        yield Step(len(part), counted.rows, counted.uses, statements, counted.differences + differences)


def order_reconciliation(*, actor: Actor, now: datetime) -> int:
    """Begins a comparison of all malls, which the worker makes; returns its number. Raises NotPermitted."""
    if not actor.is_system and not actor.posts & SEES_ALL:
        raise NotPermitted
    with region_atomic():
        row = FeeReconciliation.objects.create(started_at=now, started_by_name="" if actor.is_system else actor.name)
        _tell(actor, "fees.reconciliation_ordered", row, now)
    return row.pk


def make_reconciliation(*, run_id: int, codes: Collection[str] | None = None) -> int:
    """Makes a comparison that was begun and keeps what it finds; returns how many differences there are.

    Each part is kept as soon as it is compared, so that the page shows how far it is. Raises NotFound.
    """
    row = FeeReconciliation.objects.filter(pk=run_id, finished_at=None).first()
    if row is None:
        raise NotFound(reconciliation=run_id)
    for step in steps(codes=codes):
        kept = step.differences[: max(0, KEPT_MAX - row.differences)]
        row.malls += step.malls
        row.journal_rows += step.rows
        row.uses += step.uses
        row.statements += step.statements
        row.differences += len(step.differences)
        with region_atomic():
            row.save()
            FeeDifference.objects.bulk_create(
                FeeDifference(
                    reconciliation=row, tenant_code=one.tenant_code, kind=one.kind, meter=one.meter[:40],
                    reference=one.reference[:120], expected=one.expected[:120], found=one.found[:120],
                )
                for one in kept
            )  # fmt: skip
    row.finished_at = database_now(REGION_ALIAS)
    with region_atomic():
        row.save(update_fields=["finished_at"])
        figures = ("malls", "journal_rows", "uses", "statements", "differences")
        facts = {name: getattr(row, name) for name in figures}
        _tell(SYSTEM, "fees.reconciled", row, row.finished_at, **facts)
    return row.differences


def _tell(actor: Actor, event: str, row: FeeReconciliation, now: datetime, **facts: int) -> None:
    record(actor=actor, event=event, object_type="fee_reconciliation", object_id=row.pk, facts=facts, now=now)

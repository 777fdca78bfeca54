"""Scores from facts: set-based, the same number of statements for one supplier and for all."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, time
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q

from kernel.clock import SHANGHAI, local_date
from kernel.locks import advisory_lock_key, advisory_xact_lock
from shared_apps.scores.formulas import formula_on
from shared_apps.scores.models import OrderOutcome, ScoreAppeal, SupplierScore
from shared_apps.scores.rules import AppealState, Counts, Formula, score, window_from
from shared_apps.suppliers.selectors import suppliers_by_id
from tenants.database.context import REGION_ALIAS, region_atomic

_CHUNK_ROWS = 5_000
_FIELDS = [
    "supplier_code", "supplier_name", "formula_version", "window_from", "answered", "declined", "expired", "judged",
    "refused", "score", "computed_at",
]  # fmt: skip


def recompute(*, now: datetime, supplier_ids: Collection[int] | None = None) -> int:
    """Computes the scores of these suppliers, or of all, from the facts; returns how many have counted orders.

    The last run's result stands alone: running twice, or for some suppliers and then for all, gives the same. A
    computed figure is no decision, so nothing is told to the journal.
    """
    with region_atomic():
        # Two runs side by side could leave the older one's figures.
        advisory_xact_lock(REGION_ALIAS, advisory_lock_key("scores", "recompute"))
        formula = formula_on(day=local_date(now))
        found = _counted(formula, now, supplier_ids)
        names = suppliers_by_id(ids=[row["supplier_id"] for row in found]) if found else {}
        rows = [_row(row, names.get(row["supplier_id"]), formula, now) for row in found]
        SupplierScore.objects.bulk_create(
            rows, batch_size=_CHUNK_ROWS, update_conflicts=True, unique_fields=["supplier_id"], update_fields=_FIELDS
        )
        gone = SupplierScore.objects.exclude(supplier_id__in=[row.supplier_id for row in rows])
        if supplier_ids is not None:
            gone = gone.filter(supplier_id__in=supplier_ids)
        gone.delete()
    return len(rows)


def _counted(formula: Formula, now: datetime, supplier_ids: Collection[int] | None) -> list[Mapping[str, Any]]:
    """One row a supplier with answered orders of the window; orders of accepted appeals are left out."""
    accepted = ScoreAppeal.objects.filter(
        tenant_code=OuterRef("tenant_code"),
        order_id=OuterRef("order_id"),
        # That order alone, whatever becomes of keys.
        order_number=OuterRef("order_number"),
        state=AppealState.ACCEPTED,
    )
    since = datetime.combine(window_from(formula=formula, now=now), time.min, tzinfo=SHANGHAI)
    facts = OrderOutcome.objects.filter(~Exists(accepted), answered_at__gte=since)
    if supplier_ids is not None:
        facts = facts.filter(supplier_id__in=supplier_ids)
    judged = Q(received_at__isnull=False) | Q(refused_at__isnull=False)
    return list(
        facts.order_by()
        .values("supplier_id")
        .annotate(
            answered=Count("id"),
            declined=Count("id", filter=Q(declined_at__isnull=False)),
            expired=Count("id", filter=Q(expired_at__isnull=False)),
            judged=Count("id", filter=judged),
            refused=Count("id", filter=Q(refused_at__isnull=False)),
            code=Max("supplier_code"),
            name=Max("supplier_name"),
        )
    )


def _row(row: Mapping[str, Any], known: Any, formula: Formula, now: datetime) -> SupplierScore:
    counts = Counts(row["answered"], row["declined"], row["expired"], row["judged"], row["refused"])
    return SupplierScore(
        supplier_id=row["supplier_id"],
        supplier_code=known.uscc if known else row["code"],
        supplier_name=known.name if known else row["name"],
        formula_version=formula.version,
        window_from=window_from(formula=formula, now=now),
        answered=counts.answered,
        declined=counts.declined,
        expired=counts.expired,
        judged=counts.judged,
        refused=counts.refused,
        score=score(counts=counts, formula=formula),
        computed_at=now,
    )

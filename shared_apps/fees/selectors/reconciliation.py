"""Comparing what journals hold with what was metered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count

from kernel.meters import METERS
from shared_apps.fees.selectors.usage import counted


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Journal rows of metered events against uses written, for one meter."""

    meter: str
    journal_rows: int
    uses: int

    @property
    def difference(self) -> int:
        return self.journal_rows - self.uses


def reconcile(*, tenant_code: str, epoch: int, journal_counts: Mapping[str, int]) -> list[Reconciliation]:
    """Compares what a tenant's journal holds (event name -> rows) with what was metered: the difference is 0.

    The caller counts the journal in the tenant's room; the two rooms share no transaction, so relay first.
    """
    uses = dict(
        counted()
        .filter(tenant_code=tenant_code, epoch=epoch)
        .order_by()
        .values_list("meter")
        .annotate(events=Count("id"))
    )
    return [
        Reconciliation(
            meter.code,
            sum(journal_counts.get(source.event, 0) for source in meter.sources),
            uses.get(meter.code, 0),
        )
        for meter in METERS.values()
    ]

"""What a mall takes along of fees: its uses one by one, its statements, its budgets and who bears them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kernel.actor import Actor, HeldPost
from kernel.clock import local_date, utc_now
from kernel.posts import Post
from shared_apps.fees.models import CostShare, FeeBudget, UsageEvent
from shared_apps.fees.rules.months import next_month
from shared_apps.fees.selectors.statements import statement
from tenants.registry.selectors import is_practice
from tenants.upkeep.region_parts import every_field, region_part

_USES = every_field(UsageEvent)
# Whoever exports has the owner's shell; a statement is read as the region's office reads it.
_READER = Actor(None, "export", held=(HeldPost(Post.REGION_SUPERVISOR, 0),))


@region_part(
    "usage_events", about="Metered uses one by one; those that a restore took back are among them", columns=_USES
)
def usage_events(code: str) -> Iterator[tuple[Any, ...]]:
    yield from UsageEvent.objects.filter(tenant_code=code).order_by("id").values_list(*_USES).iterator()


@region_part(
    "statements",
    about="Statements: each month since the first use, one line a meter, as computed now",
    columns={
        "month": "date", "is_open": "boolean", "tariff_version": "integer", "meter": "text", "events": "bigint",
        "quantity": "numeric", "free": "numeric", "billable": "numeric", "amount": "numeric(18,2)",
        "total_of_month": "numeric(18,2)",
    },
)  # fmt: skip
def statements(code: str) -> Iterator[tuple[Any, ...]]:
    first = UsageEvent.objects.filter(tenant_code=code).order_by("at").values_list("at", flat=True).first()
    if first is None or is_practice(code=code):
        return
    now = utc_now()
    month = local_date(first).replace(day=1)
    while month <= local_date(now):
        found = statement(actor=_READER, tenant_code=code, month=month, now=now, events_max=0)
        for line in found.lines:
            yield (
                month, found.is_open, found.tariff.version if found.tariff else None, line.meter.code,
                line.event_count, line.charge.quantity, line.charge.free, line.charge.billable, line.charge.amount,
                found.total if found.tariff else None,
            )  # fmt: skip
        month = next_month(month)


_BUDGETS = every_field(FeeBudget)


@region_part("fee_budgets", about="Fee budgets of the bureau, every version", columns=_BUDGETS)
def fee_budgets(code: str) -> Iterator[tuple[Any, ...]]:
    yield from FeeBudget.objects.filter(tenant_code=code).order_by("year", "version").values_list(*_BUDGETS)


@region_part(
    "cost_shares",
    about="Who bears the fees from which month on, one line a payer; rules that were taken back are among them",
    columns={
        "rule_id": "bigint", "valid_from": "date", "document_number": "text", "payer_code": "text",
        "percent": "numeric(6,3)", "withdrawn_at": "timestamp with time zone",
    },
)  # fmt: skip
def cost_shares(code: str) -> Iterator[tuple[Any, ...]]:
    rows = CostShare.objects.filter(rule__tenant_code=code).order_by("rule_id", "payer_code")
    yield from rows.values_list(
        "rule_id", "rule__valid_from", "rule__document_number", "payer_code", "percent", "rule__withdrawn_at"
    )

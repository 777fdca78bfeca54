"""Reading statements: a month's uses and what they cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, F, QuerySet, Sum, Window
from django.db.models.functions import RowNumber

from kernel.actor import Actor
from kernel.clock import local_date, month_bounds
from kernel.meters import METERS, Meter
from shared_apps.fees.models import UsageEvent
from shared_apps.fees.rules.months import next_month, previous_month
from shared_apps.fees.rules.pricing import Charge, charge, total
from shared_apps.fees.selectors.reach import readable_codes, readable_tenant
from shared_apps.fees.selectors.tariffs import TariffView, current_tariff
from shared_apps.fees.selectors.usage import month_uses
from tenants.registry.selectors import tenant_names

EVENTS_SHOWN_MAX = 100


@dataclass(frozen=True, slots=True)
class UseView:
    """One event that a statement's line sums."""

    journal_id: int
    epoch: int
    meter: str
    at: datetime
    quantity: Decimal
    object_type: str
    object_id: str
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A charge with its events; `events` may be cut at EVENTS_SHOWN_MAX, `event_count` never is."""

    meter: Meter
    charge: Charge
    event_count: int
    events: tuple[UseView, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A tenant's uses of one month and what they cost. `is_open`: the month is not over, more may come."""

    tenant_code: str
    tenant_name: str
    is_demo_tenant: bool
    month: date
    starts_at: datetime
    ends_at: datetime
    is_open: bool
    tariff: TariffView | None
    lines: tuple[StatementLine, ...]
    total: Decimal
    previous: date
    following: date | None

    @property
    def is_empty(self) -> bool:
        return not any(line.event_count for line in self.lines)


@dataclass(frozen=True, slots=True)
class MonthOfTenant:
    """One row of the list of statements."""

    tenant_code: str
    tenant_name: str
    charges: tuple[Charge, ...]
    total: Decimal | None


def statement(
    *, actor: Actor, tenant_code: str, month: date, now: datetime, events_max: int | None = EVENTS_SHOWN_MAX
) -> Statement:
    """The statement of a tenant's month, computed from its events. Five statements.

    `month` is its first day. `events_max=None` brings every event. Raises NotFound for a stranger's tenant.
    """
    tenant = readable_tenant(actor, tenant_code)
    tariff = current_tariff(on=month)
    uses = month_uses(month).filter(tenant_code=tenant_code)
    sums = {
        row["meter"]: (row["quantity"], row["events"])
        for row in uses.values("meter").annotate(quantity=Sum("quantity"), events=Count("id"))
    }
    shown = _shown(uses, events_max) if sums else {}
    lines = []
    for meter in METERS.values():
        quantity, count = sums.get(meter.code, (Decimal(0), 0))
        price = tariff.price_of(meter.code) if tariff else None
        found = charge(meter=meter.code, quantities=[quantity], price=price)
        lines.append(StatementLine(meter, found, count, tuple(shown.get(meter.code, ()))))
    start, end = month_bounds(month.year, month.month)
    return Statement(
        tenant_code=tenant_code,
        tenant_name=tenant.name,
        is_demo_tenant=tenant.is_demo,
        month=month,
        starts_at=start,
        ends_at=end,
        is_open=now < end,
        tariff=tariff,
        lines=tuple(lines),
        total=total([line.charge for line in lines]),
        previous=previous_month(month),
        following=next_month(month) if next_month(month) <= local_date(now) else None,
    )


def _shown(uses: QuerySet[UsageEvent], events_max: int | None) -> dict[str, list[UseView]]:
    ordered = uses.order_by("meter", "at", "id")
    if events_max is not None:
        place = Window(RowNumber(), partition_by=[F("meter")], order_by=["at", "id"])
        ordered = ordered.annotate(place=place).filter(place__lte=events_max)
    found: dict[str, list[UseView]] = {}
    for use in ordered:
        found.setdefault(use.meter, []).append(
            UseView(
                use.journal_id,
                use.epoch,
                use.meter,
                use.at,
                use.quantity,
                use.object_type,
                use.object_id,
                use.facts,
            )
        )
    return found


def month_of_all(*, actor: Actor, month: date) -> tuple[TariffView | None, list[MonthOfTenant]]:
    """Every readable tenant with its uses of the month, those with most to pay first. Four statements."""
    codes = readable_codes(actor=actor)
    names = tenant_names(codes=codes)
    tariff = current_tariff(on=month)
    uses = month_uses(month) if codes is None else month_uses(month).filter(tenant_code__in=codes)
    sums: dict[str, dict[str, Decimal]] = {}
    for code, meter, quantity in uses.order_by().values_list("tenant_code", "meter").annotate(quantity=Sum("quantity")):
        sums.setdefault(code, {})[meter] = quantity
    rows = []
    for code, name in names.items():
        if name.is_practice:
            continue
        charges = tuple(
            charge(
                meter=meter.code,
                quantities=[sums.get(code, {}).get(meter.code, Decimal(0))],
                price=tariff.price_of(meter.code) if tariff else None,
            )
            for meter in METERS.values()
        )
        rows.append(MonthOfTenant(code, name.name, charges, total(charges) if tariff else None))
    rows.sort(key=lambda row: (-(row.total or 0), -row.charges[0].quantity, row.tenant_code))
    return tariff, rows


def month_totals(*, month: date) -> dict[str, Decimal]:
    """What every tenant with uses owes for the month, by code; empty without a tariff. Three statements.

    For region staff's lists: the caller has asked who may read them.
    """
    tariff = current_tariff(on=month)
    if tariff is None:
        return {}
    sums: dict[str, list[Charge]] = {}
    uses = month_uses(month).order_by().values_list("tenant_code", "meter").annotate(quantity=Sum("quantity"))
    for code, meter, quantity in uses:
        found = charge(meter=meter, quantities=[quantity], price=tariff.price_of(meter))
        sums.setdefault(code, []).append(found)
    return {code: total(charges) for code, charges in sums.items()}

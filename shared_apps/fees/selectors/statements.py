"""Reading statements: a month's uses and what they cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from kernel.actor import Actor
from kernel.clock import local_date, month_bounds
from kernel.meters import METERS, Meter
from shared_apps.fees.models import UsageEvent
from shared_apps.fees.rules.months import next_month, previous_month
from shared_apps.fees.rules.pricing import Adjustment, Bill, Charge, charge, price_month
from shared_apps.fees.selectors.reach import readable_codes, readable_tenant
from shared_apps.fees.selectors.tariffs import TariffView, current_tariff
from shared_apps.fees.selectors.usage import MonthQuantity, month_quantities, month_uses
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

    @property
    def is_used(self) -> bool:
        """A level may stand without an event in the month, and a minimum be owed without use."""
        return bool(self.event_count or self.charge.quantity or self.charge.amount)


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
    adjustments: tuple[Adjustment, ...]
    total: Decimal
    previous: date
    following: date | None

    @property
    def is_empty(self) -> bool:
        return not any(line.is_used for line in self.lines)


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
    """The statement of a tenant's month, computed from its events. Eight statements.

    `month` is its first day. `events_max=None` brings every event. Raises NotFound for a stranger's tenant.
    """
    tenant = readable_tenant(actor, tenant_code)
    tariff = current_tariff(on=month)
    quantities = month_quantities(codes=[tenant_code], first=month, last=month).get((tenant_code, month), {})
    bill = _bill(quantities, tariff, tenant.level)
    charges = {line.meter: line for line in bill.charges}
    shown = _shown(month_uses(month).filter(tenant_code=tenant_code), events_max) if quantities else {}
    lines = tuple(
        StatementLine(
            meter,
            charges.get(meter.code) or charge(meter=meter.code, quantities=(), price=None),
            quantities[meter.code].event_count if meter.code in quantities else 0,
            tuple(shown.get(meter.code, ())),
        )
        for meter in METERS.values()
    )
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
        lines=lines,
        adjustments=bill.adjustments,
        total=bill.total,
        previous=previous_month(month),
        following=next_month(month) if next_month(month) <= local_date(now) else None,
    )


def _bill(quantities: Mapping[str, MonthQuantity], tariff: TariffView | None, level: str) -> Bill:
    used = {meter: one.quantity for meter, one in quantities.items()}
    return price_month(quantities=used, tariff=tariff.terms if tariff else None, level=level)


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
    """Every readable tenant with its uses of the month, those with most to pay first. Seven statements."""
    codes = readable_codes(actor=actor)
    names = tenant_names(codes=codes)
    tariff = current_tariff(on=month)
    quantities = month_quantities(codes=codes, first=month, last=month)
    rows = []
    for code, name in names.items():
        if name.is_practice:
            continue
        bill = _bill(quantities.get((code, month), {}), tariff, name.level)
        charges = {line.meter: line for line in bill.charges}
        every = tuple(charges.get(meter) or charge(meter=meter, quantities=(), price=None) for meter in METERS)
        rows.append(MonthOfTenant(code, name.name, every, bill.total if tariff else None))
    rows.sort(key=lambda row: (-(row.total or 0), -row.charges[0].quantity, row.tenant_code))
    return tariff, rows


def month_totals(*, month: date) -> dict[str, Decimal]:
    """What every tenant with uses owes for the month, by code; empty without a tariff. Seven statements.

    For region staff's lists: the caller has asked who may read them.
    """
    tariff = current_tariff(on=month)
    if tariff is None:
        return {}
    names = tenant_names()
    return {
        code: _bill(found, tariff, names[code].level).total
        for (code, _month), found in month_quantities(codes=None, first=month, last=month).items()
        if code in names
    }

"""Reading tariffs, uses and statements. Reach starts from the actor: a stranger's statement is not found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, F, Prefetch, Q, QuerySet, Sum, Window
from django.db.models.functions import RowNumber

from kernel.actor import Actor
from kernel.clock import local_date, month_bounds
from kernel.posts import Post
from kernel.problems import NotFound
from shared_apps.fees.meters import METERS
from shared_apps.fees.models import TariffLine, TariffVersion, UsageEvent
from shared_apps.fees.rules import (
    Charge,
    Meter,
    Price,
    PriceKind,
    TariffState,
    charge,
    next_month,
    previous_month,
    total,
)
from tenants.journaling.selectors import lost
from tenants.registry.selectors import TenantName, tenant_names

SEES_ALL = frozenset({Post.REGION_SUPERVISOR, Post.PLATFORM_OPERATOR, Post.AUDITOR})
SETS_TARIFFS = frozenset({Post.REGION_SUPERVISOR})
READERS = SEES_ALL | {Post.TIER_SUPERVISOR}
EVENTS_SHOWN_MAX = 100


@dataclass(frozen=True, slots=True)
class TariffView:
    """A tariff as it may be shown to everybody."""

    version: int
    name: str
    valid_from: date
    document_number: str
    is_demo: bool
    is_verified: bool
    lines: tuple[Price, ...]

    def price_of(self, meter: str) -> Price | None:
        return next((price for price in self.lines if price.meter == meter), None)


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


def readable_codes(*, actor: Actor) -> frozenset[str] | None:
    """The tenants whose statements the actor may read; None for all of them.

    A bureau reads its own: who pays sees what for, who supervises sees it in the region's offices.
    """
    if actor.posts & SEES_ALL:
        return None
    bureaus = actor.organisations(Post.TIER_SUPERVISOR)
    return frozenset(
        place.tenant_code for place in actor.belongs if place.tenant_code and place.organisation_id in bureaus
    )


def _tenant(actor: Actor, code: str) -> TenantName:
    codes = readable_codes(actor=actor)
    found = tenant_names(codes=[code]) if codes is None or code in codes else {}
    if code not in found:
        raise NotFound(tenant=code)
    return found[code]


def _in_force(on: date) -> TariffVersion | None:
    """The version that applies on a day: the latest that has begun, verified or a demonstration's."""
    return (
        TariffVersion.objects.only("id", "version", "name", "valid_from", "document_number", "is_demo", "verified_at")
        .filter(Q(is_demo=True) | Q(verified_at__isnull=False), valid_from__lte=on)
        .order_by("-valid_from")
        .first()
    )


def current_tariff_version(*, on: date) -> int | None:
    """The number of the tariff that applies on a day; one statement."""
    found = _in_force(on)
    return found.version if found else None


def current_tariff(*, on: date) -> TariffView | None:
    """The tariff that applies on a day. An entry that waits for verification charges nothing.

    Readable in a mall too; two statements.
    """
    found = _in_force(on)
    if found is None:
        return None
    lines = TariffLine.objects.filter(tariff_id=found.pk).order_by("id")
    return TariffView(
        found.version,
        found.name,
        found.valid_from,
        found.document_number,
        found.is_demo,
        found.verified_at is not None,
        tuple(Price(line.meter, PriceKind(line.kind), line.unit_price, line.allowance) for line in lines),
    )


@dataclass(frozen=True, slots=True)
class TariffRow:
    """A version of the tariff with its history, for region staff. `state`: entered, verified, withdrawn or demo."""

    version: int
    name: str
    valid_from: date
    document_number: str
    state: str
    created_at: datetime
    verified_by_name: str
    verified_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_reason: str
    lines: tuple[Price, ...]


def tariffs() -> list[TariffRow]:
    """Every version, the latest number first; two statements."""
    ordered = Prefetch("lines", TariffLine.objects.order_by("id"))
    return [_tariff_row(row) for row in TariffVersion.objects.order_by("-version").prefetch_related(ordered)]


def tariff(*, version: int) -> TariffRow:
    """Raises NotFound."""
    found = next((row for row in tariffs() if row.version == version), None)
    if found is None:
        raise NotFound(tariff=version)
    return found


def _tariff_row(row: TariffVersion) -> TariffRow:
    state = TariffState.ENTERED
    if row.is_demo:
        state = TariffState.DEMO
    elif row.withdrawn_at:
        state = TariffState.WITHDRAWN
    elif row.verified_at:
        state = TariffState.VERIFIED
    return TariffRow(
        row.version,
        row.name,
        row.valid_from,
        row.document_number,
        state,
        row.created_at,
        row.verified_by_name,
        row.verified_at,
        row.withdrawn_at,
        row.withdrawn_reason,
        tuple(Price(line.meter, PriceKind(line.kind), line.unit_price, line.allowance) for line in row.lines.all()),
    )


def _counted() -> QuerySet[UsageEvent]:
    """The uses that count: what a restore of a mall took back is kept, and owed by nobody."""
    return UsageEvent.objects.exclude(lost())


def _month_events(month: date) -> QuerySet[UsageEvent]:
    start, end = month_bounds(month.year, month.month)
    return _counted().filter(at__gte=start, at__lt=end)


def statement(
    *, actor: Actor, tenant_code: str, month: date, now: datetime, events_max: int | None = EVENTS_SHOWN_MAX
) -> Statement:
    """The statement of a tenant's month, computed from its events. Five statements.

    `month` is its first day. `events_max=None` brings every event. Raises NotFound for a stranger's tenant.
    """
    tenant = _tenant(actor, tenant_code)
    tariff = current_tariff(on=month)
    uses = _month_events(month).filter(tenant_code=tenant_code)
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
    uses = _month_events(month) if codes is None else _month_events(month).filter(tenant_code__in=codes)
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
    uses = _month_events(month).order_by().values_list("tenant_code", "meter").annotate(quantity=Sum("quantity"))
    for code, meter, quantity in uses:
        found = charge(meter=meter, quantities=[quantity], price=tariff.price_of(meter))
        sums.setdefault(code, []).append(found)
    return {code: total(charges) for code, charges in sums.items()}


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
    counted = dict(
        _counted()
        .filter(tenant_code=tenant_code, epoch=epoch)
        .order_by()
        .values_list("meter")
        .annotate(events=Count("id"))
    )
    return [
        Reconciliation(meter.code, journal_counts.get(meter.event, 0), counted.get(meter.code, 0))
        for meter in METERS.values()
    ]

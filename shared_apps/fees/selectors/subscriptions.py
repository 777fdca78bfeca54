"""What a mall subscribes to in a year: modules with their days, the tariff it accepted, who bears its fees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from kernel.actor import Actor
from kernel.clock import local_date
from kernel.meters import METERS, Counting, Meter
from shared_apps.fees.models import AcceptedTariff
from shared_apps.fees.rules.forecast import months_of
from shared_apps.fees.rules.shares import Part
from shared_apps.fees.rules.subscriptions import Standing, days_in, days_on, standings
from shared_apps.fees.rules.terms import MALL_LIVE
from shared_apps.fees.selectors.budgets import cost_shares
from shared_apps.fees.selectors.reach import readable_tenant
from shared_apps.fees.selectors.terms import charging
from shared_apps.fees.selectors.usage import counted
from shared_apps.fees.selectors.years import require_year
from tenants.journaling.selectors import lost
from tenants.registry.selectors import TenantName


@dataclass(frozen=True, slots=True)
class Switched:
    """Something that is on or off: the mall itself or a module, with its days in each month of the year."""

    meter: Meter
    periods: tuple[Standing, ...]
    days: tuple[tuple[date, int], ...]
    is_on: bool

    @property
    def broken(self) -> tuple[tuple[date, int, int], ...]:
        """Months in which it stood for a part only: the month, its days on, all its days."""
        return tuple((month, days, days_in(month)) for month, days in self.days if 0 < days < days_in(month))


@dataclass(frozen=True, slots=True)
class Accepted:
    version: int
    accepted_at: datetime
    accepted_by_name: str


@dataclass(frozen=True, slots=True)
class TariffName:
    version: int
    name: str
    valid_from: date
    is_demo: bool


@dataclass(frozen=True, slots=True)
class Subscription:
    """A mall's subscription of a fiscal year, as its journal tells."""

    tenant: TenantName
    year: int
    mall: Switched | None
    modules: tuple[Switched, ...]
    accepted: tuple[Accepted, ...]
    in_force: TariffName | None
    coming: tuple[TariffName, ...]
    shares: tuple[Part, ...]

    @property
    def is_accepted(self) -> bool:
        """Whether the bureau accepted the tariff in force; without one there is nothing to accept."""
        return self.in_force is None or any(one.version == self.in_force.version for one in self.accepted)


def subscription(*, actor: Actor, tenant_code: str, year: int, now: datetime) -> Subscription:
    """A mall's year; eight statements at most. Raises NotFound for a stranger's mall and a year too far away."""
    tenant = readable_tenant(actor, tenant_code)
    today = local_date(now)
    require_year(year, today)
    switched = _switched(tenant_code, year, today)
    published = [
        TariffName(*row)
        for row in charging().order_by("valid_from").values_list("version", "name", "valid_from", "is_demo")
    ]
    begun = [one for one in published if one.valid_from <= today]
    return Subscription(
        tenant=tenant,
        year=year,
        mall=next((one for one in switched if one.meter.code == MALL_LIVE), None),
        modules=tuple(one for one in switched if one.meter.code != MALL_LIVE),
        accepted=tuple(accepted_tariffs(tenant_code=tenant_code)),
        in_force=begun[-1] if begun else None,
        coming=tuple(one for one in published if one.valid_from > today),
        shares=cost_shares(tenant_code=tenant_code, month=today.replace(day=1)),
    )


def accepted_tariffs(*, tenant_code: str) -> list[Accepted]:
    """Tariff versions that the mall's bureau accepted, the latest first, without what a restore took back."""
    rows = AcceptedTariff.objects.filter(tenant_code=tenant_code).exclude(lost()).order_by("-accepted_at", "-id")
    return [Accepted(*row) for row in rows.values_list("version", "accepted_at", "accepted_by_name")]


def _switched(tenant_code: str, year: int, today: date) -> list[Switched]:
    """In the order of the registry; what never stood is left out. One statement."""
    meters = [meter for meter in METERS.values() if meter.counting == Counting.LEVEL and meter.by_day]
    changes: dict[str, list[tuple[date, Decimal]]] = {}
    rows = counted().filter(
        tenant_code=tenant_code, meter__in=[meter.code for meter in meters], month__lte=date(year, 12, 1)
    )
    for meter, at, quantity in rows.order_by("at", "id").values_list("meter", "at", "quantity"):
        changes.setdefault(meter, []).append((local_date(at), quantity))
    found = [(meter, standings(changes.get(meter.code, ()))) for meter in meters]
    return [_of(meter, periods, year, today) for meter, periods in found if periods]


def _of(meter: Meter, periods: tuple[Standing, ...], year: int, today: date) -> Switched:
    """Days of months that have begun: what is on today may be off tomorrow."""
    months: Iterable[date] = (month for month in months_of(year) if month <= today)
    within = tuple(one for one in periods if one.until is None or one.until > date(year, 1, 1))
    days = tuple((month, days_on(periods, month)) for month in months)
    is_on = any(one.first <= today and (one.until is None or today < one.until) for one in periods)
    return Switched(meter, within, days, is_on)

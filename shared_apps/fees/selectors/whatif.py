"""What past use would cost under another tariff: a draft before it is published, or any two versions side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from kernel.actor import Actor
from kernel.clock import local_date
from kernel.problems import NotFound
from shared_apps.fees.rules.comparing import LAST_12, Comparison, compare, months_of
from shared_apps.fees.rules.terms import Tariff
from shared_apps.fees.selectors.reach import readable_codes
from shared_apps.fees.selectors.tariffs import TariffRow, tariffs
from shared_apps.fees.selectors.terms import tariff_terms
from shared_apps.fees.selectors.usage import month_quantities
from tenants.registry.selectors import tenant_names

YEARS_BACK = 5


@dataclass(frozen=True, slots=True)
class WhatIf:
    """`old` None: each month by the tariff that was in force in it. `versions` are those that may be chosen."""

    old: TariffRow | None
    new: TariffRow
    period: str
    periods: tuple[str, ...]
    versions: tuple[TariffRow, ...]
    found: Comparison


def periods(*, today: date) -> tuple[str, ...]:
    """What may be priced again: the last twelve months that are over, this fiscal year and those before it."""
    return (LAST_12, *(str(today.year - back) for back in range(YEARS_BACK + 1)))


def what_if(
    *, actor: Actor, old: int | None, new: int, period: str = LAST_12, level: str = "", now: datetime
) -> WhatIf:
    """Prices the use of a period under version `new` and under `old`, or what was in force. Nine statements.

    A bureau sees its own mall and published versions. Practice malls have no fees. Raises NotFound.
    """
    today = local_date(now)
    if period not in periods(today=today):
        raise NotFound
    versions = tuple(tariffs(actor=actor))
    by_version = {row.version: row for row in versions}
    if new not in by_version or (old is not None and old not in by_version):
        raise NotFound(tariff=new)
    months = months_of(period, today=today)
    names = tenant_names(codes=readable_codes(actor=actor))
    malls = {
        code: (name.name, name.level)
        for code, name in names.items()
        if not name.is_practice and level in ("", name.level)
    }
    quantities = month_quantities(codes=list(malls), first=months[0], last=months[-1]) if months else {}
    found = compare(
        quantities={key: {meter: one.quantity for meter, one in meters.items()} for key, meters in quantities.items()},
        malls=malls,
        months=months,
        before=_fixed(by_version[old].terms) if old is not None else tariff_terms(months=months).of_month,
        after=_fixed(by_version[new].terms),
    )
    chosen = by_version[old] if old is not None else None
    return WhatIf(chosen, by_version[new], period, periods(today=today), versions, found)


def _fixed(terms: Tariff) -> Callable[[date], Tariff | None]:
    return lambda _month: terms

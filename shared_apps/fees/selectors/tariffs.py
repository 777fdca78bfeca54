"""Reading tariffs: the one in force, and every version for region staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, Q

from kernel.posts import Post
from kernel.problems import NotFound
from shared_apps.fees.models import TariffLine, TariffVersion
from shared_apps.fees.rules.pricing import Price, PriceKind
from shared_apps.fees.rules.states import TariffState

SETS_TARIFFS = frozenset({Post.REGION_SUPERVISOR})


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

"""Reading tariffs: the one in force, those of months, and every version for those who may see them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from kernel.actor import Actor
from kernel.posts import Post
from kernel.problems import NotFound
from shared_apps.fees.models import TariffVersion
from shared_apps.fees.rules.states import TariffState
from shared_apps.fees.rules.terms import Price, Tariff
from shared_apps.fees.selectors.reach import SEES_ALL
from shared_apps.fees.selectors.terms import charging, in_force_in, terms_of, with_terms

SETS_TARIFFS = frozenset({Post.REGION_SUPERVISOR})
# What everybody may read, in a mall too: whoever entered, verified or took back a version is for region staff.
_SHOWN = (
    "id", "version", "name", "valid_from", "document_number", "is_demo", "verified_at", "notice_days",
    "monthly_minimum", "monthly_cap",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TariffView:
    """A tariff as it may be shown to everybody."""

    version: int
    name: str
    valid_from: date
    document_number: str
    is_demo: bool
    is_verified: bool
    notice_days: int
    terms: Tariff

    @property
    def lines(self) -> tuple[Price, ...]:
        return self.terms.prices

    def price_of(self, meter: str) -> Price | None:
        return self.terms.price_of(meter)


@dataclass(frozen=True, slots=True)
class TariffRow:
    """A version of the tariff with its history. `state`: entered, verified, superseded, withdrawn or demo."""

    version: int
    name: str
    valid_from: date
    document_number: str
    notice_days: int
    state: str
    created_at: datetime
    verified_by_name: str
    verified_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_reason: str
    superseded_by: int | None
    terms: Tariff

    @property
    def lines(self) -> tuple[Price, ...]:
        return self.terms.prices


def current_tariff_version(*, on: date) -> int | None:
    """The number of the tariff that applies on a day; one statement."""
    return charging().filter(valid_from__lte=on).order_by("-valid_from").values_list("version", flat=True).first()


def current_tariff(*, on: date) -> TariffView | None:
    """The tariff that applies on a day. An entry that waits for verification charges nothing.

    Readable in a mall too; two statements.
    """
    rows = charging().only(*_SHOWN).filter(valid_from__lte=on).order_by("-valid_from")
    found = with_terms(rows).first()
    return None if found is None else _view(found)


def tariffs_of_months(*, months: Collection[date]) -> dict[date, TariffView]:
    """The tariff in force on the first day of each month; a month without one is left out. Three statements."""
    by_month = in_force_in(months)
    rows = with_terms(charging().only(*_SHOWN).filter(pk__in={key for key in by_month.values() if key}))
    views = {row.pk: _view(row) for row in rows}
    return {month: views[key] for month, key in by_month.items() if key is not None}


def tariffs(*, actor: Actor) -> list[TariffRow]:
    """Every version that the actor may read, the latest number first: a bureau the published ones. Two statements."""
    return [_tariff_row(row) for row in with_terms(_readable(actor).order_by("-version"))]


def tariff(*, actor: Actor, version: int) -> TariffRow:
    """Raises NotFound. Two statements."""
    row = with_terms(_readable(actor).filter(version=version)).first()
    if row is None:
        raise NotFound(tariff=version)
    return _tariff_row(row)


def _readable(actor: Actor) -> QuerySet[TariffVersion]:
    rows = TariffVersion.objects.select_related("superseded_by")
    if actor.posts & SEES_ALL:
        return rows
    return rows.filter(Q(is_demo=True) | Q(verified_at__isnull=False))


def _view(row: TariffVersion) -> TariffView:
    return TariffView(
        row.version, row.name, row.valid_from, row.document_number, row.is_demo, row.verified_at is not None,
        row.notice_days, terms_of(row),
    )  # fmt: skip


def _tariff_row(row: TariffVersion) -> TariffRow:
    return TariffRow(
        version=row.version,
        name=row.name,
        valid_from=row.valid_from,
        document_number=row.document_number,
        notice_days=row.notice_days,
        state=_state(row),
        created_at=row.created_at,
        verified_by_name=row.verified_by_name,
        verified_at=row.verified_at,
        withdrawn_at=row.withdrawn_at,
        withdrawn_reason=row.withdrawn_reason,
        superseded_by=row.superseded_by.version if row.superseded_by else None,
        terms=terms_of(row),
    )


def _state(row: TariffVersion) -> TariffState:
    if row.is_demo:
        return TariffState.DEMO
    if row.withdrawn_at:
        return TariffState.WITHDRAWN
    if row.superseded_by_id:
        return TariffState.SUPERSEDED
    return TariffState.VERIFIED if row.verified_at else TariffState.ENTERED

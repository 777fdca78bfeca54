"""Reading bans: the public list, a party's own, and the drafts of those who keep them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from kernel.actor import Actor
from kernel.posts import Post
from kernel.problems import NotFound
from shared_apps.sanctions.causes import CAUSES, citation
from shared_apps.sanctions.models import Sanction
from shared_apps.sanctions.reach import REGION, keeps, levels_of
from shared_apps.sanctions.rules import Cause, Period, SanctionState, fine_range, reference_of
from tenants.divisions.models import Division

PAGE_SIZE = 50
EXPORT_ROWS_MAX = 20_000


@dataclass(frozen=True, slots=True)
class SanctionView:
    """One ban as everybody may see it. `last_on` is its last day, `returns_on` the first day after it."""

    id: int
    reference: str
    party_kind: str
    party_code: str
    party_name: str
    level: str
    cause: Cause
    citation: str
    scope: str
    scope_divisions: tuple[str, ...]
    purchase_amount: Decimal | None
    fine_amount: Decimal | None
    decision_number: str
    decided_on: date
    decided_by: str
    decision_file: str
    decision_file_name: str
    starts_on: date
    last_on: date
    returns_on: date
    state: str
    put_in_force_at: datetime | None
    ended_at: datetime | None
    lift_ground: str
    lift_number: str
    lift_decided_on: date | None
    lift_decided_by: str
    lift_file: str
    lift_file_name: str
    lifted_at: datetime | None
    annulled_reason: str
    annulled_at: datetime | None

    @property
    def cause_code(self) -> str:
        return self.cause.code

    @property
    def words(self) -> str:
        return self.cause.words

    @property
    def fine_bounds_known(self) -> bool:
        return fine_range(cause=self.cause, purchase_amount=self.purchase_amount) is not None

    def holds_on(self, day: date) -> bool:
        return self.state == SanctionState.IN_FORCE and day in Period(self.starts_on, self.returns_on)


@dataclass(frozen=True, slots=True)
class SanctionWork:
    """A ban as those who keep it see it: with the people who entered it and put it in force."""

    sanction: SanctionView
    entered_by: int
    entered_by_name: str
    entered_at: datetime
    put_in_force_by_name: str
    lifted_by_name: str
    annulled_by_name: str


@dataclass(frozen=True, slots=True)
class SanctionList:
    rows: tuple[SanctionView, ...]
    total: int
    page: int
    pages: int


def _view(row: Sanction) -> SanctionView:
    cause = CAUSES[row.cause]
    return SanctionView(
        id=row.pk,
        reference=reference_of(row.pk),
        cause=cause,
        citation=citation(cause),
        scope_divisions=tuple(row.scope_divisions),
        last_on=row.returns_on - timedelta(days=1),
        **{
            name: getattr(row, name)
            for name in SanctionView.__slots__
            if name not in {"id", "reference", "cause", "citation", "scope_divisions", "last_on"}
        },
    )


def _found(rows: QuerySet[Sanction], *, text: str, state: str, kind: str) -> QuerySet[Sanction]:
    if text:
        rows = rows.filter(Q(party_name__icontains=text) | Q(party_code=text.upper()) | Q(decision_number=text))
    if state:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(party_kind=kind)
    first = Case(
        When(state=SanctionState.DRAFTED, then=Value(0)),
        When(state=SanctionState.IN_FORCE, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return rows.order_by(first, "-starts_on", "-id")


def _public() -> QuerySet[Sanction]:
    """Everything that was ever in force. How long it stays public is not fixed in the texts at hand: always."""
    return Sanction.objects.filter(put_in_force_at__isnull=False)


def _page(rows: QuerySet[Sanction], page: int) -> tuple[list[Sanction], int, int]:
    total = rows.count()
    start = (page - 1) * PAGE_SIZE
    return list(rows[start : start + PAGE_SIZE]), total, max(1, -(-total // PAGE_SIZE))


def public_sanctions(*, text: str = "", state: str = "", kind: str = "", page: int = 1) -> SanctionList:
    """The public list, bans in force first, the newest of them first. Two statements."""
    rows, total, pages = _page(_found(_public(), text=text, state=state, kind=kind), page)
    return SanctionList(tuple(_view(row) for row in rows), total, page, pages)


def public_rows(*, text: str = "", state: str = "", kind: str = "") -> Iterator[SanctionView]:
    """The same, whole, for the table to download. One statement."""
    for row in _found(_public(), text=text, state=state, kind=kind)[:EXPORT_ROWS_MAX]:
        yield _view(row)


def public_sanction(*, sanction_id: int) -> SanctionView:
    """Raises NotFound, also for what was never in force."""
    row = _public().filter(pk=sanction_id).first()
    if row is None:
        raise NotFound(sanction=sanction_id)
    return _view(row)


def sanctions_of(*, kind: str, code: str) -> tuple[SanctionView, ...]:
    """What the public list has on one party, bans in force first. One statement."""
    return tuple(_view(row) for row in _found(_public().filter(party_code=code), text="", state="", kind=kind))


def kept_sanctions(*, actor: Actor, text: str = "", state: str = "", page: int = 1) -> tuple[SanctionWork, ...]:
    """The bans that the actor keeps, drafts first."""
    rows = Sanction.objects.all()
    if not actor.has(Post.REGION_SUPERVISOR):
        rows = rows.filter(level__in=levels_of(actor) - {REGION})
    start = (page - 1) * PAGE_SIZE
    return tuple(_work(row) for row in _found(rows, text=text, state=state, kind="")[start : start + PAGE_SIZE])


def kept_sanction(*, actor: Actor, sanction_id: int) -> SanctionWork:
    """Raises NotFound, also for another level's."""
    row = Sanction.objects.filter(pk=sanction_id).first()
    if row is None or not keeps(actor, row.level):
        raise NotFound(sanction=sanction_id)
    return _work(row)


def _work(row: Sanction) -> SanctionWork:
    return SanctionWork(
        _view(row),
        row.entered_by,
        row.entered_by_name,
        row.entered_at,
        row.put_in_force_by_name,
        row.lifted_by_name,
        row.annulled_by_name,
    )


def division_names(*, codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(Division.objects.filter(code__in=codes).order_by("code").values_list("name", flat=True))


def all_divisions() -> tuple[tuple[str, str], ...]:
    """Code and name of every division of today."""
    return tuple(Division.objects.filter(valid_to=None).order_by("code").values_list("code", "name"))

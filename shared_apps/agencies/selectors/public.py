"""What everybody may read: the name list and the page of one agency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Avg, Count, Exists, F, FloatField, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from kernel.problems import NotFound
from shared_apps.agencies.models import Agency, AgencyCheck, AgencyHold, AgencyStaff, Evaluation, ReportedChange
from shared_apps.agencies.parties import AGENCY
from shared_apps.agencies.rules.content import REGION_CODE, Content
from shared_apps.agencies.rules.evaluations import COUNTED, EvaluatorRole
from shared_apps.agencies.rules.registration import SHOWN, AgencyState
from shared_apps.agencies.selectors.checks import published_checks
from shared_apps.sanctions.selectors import SanctionView, sanctions_of

PAGE_SIZE = 50
CHANGES_SHOWN = 50


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """A line of the name list."""

    id: int
    uscc: str
    name: str
    state: str
    home_province: str
    division_code: str
    staff_count: int
    published_at: datetime | None
    is_demo: bool
    is_banned: bool
    score: float | None
    score_count: int


@dataclass(frozen=True, slots=True)
class AgencyList:
    rows: tuple[AgencyRow, ...]
    total: int
    next_page: int | None


def _staff() -> Coalesce:
    counted = (
        AgencyStaff.objects.filter(agency=OuterRef("pk"), left_on=None)
        .order_by()
        .values("agency")
        .annotate(n=Count("*"))
    )
    return Coalesce(Subquery(counted.values("n"), output_field=IntegerField()), 0)


def _banned() -> Exists:
    return Exists(AgencyHold.objects.filter(agency=OuterRef("pk"), released_at=None))


def _scores() -> dict[str, Any]:
    """The average of all evaluations that count, and how many they are."""
    counted = Evaluation.objects.filter(agency=OuterRef("pk"), state__in=COUNTED).order_by().values("agency")
    return {
        "score": Subquery(counted.annotate(a=Avg("score")).values("a"), output_field=FloatField()),
        "score_count": Coalesce(Subquery(counted.annotate(n=Count("*")).values("n"), output_field=IntegerField()), 0),
    }


def _listed(*, q: str, division: str, home: str) -> QuerySet[Agency]:
    rows = Agency.objects.filter(state=AgencyState.PUBLISHED)
    if q:
        rows = rows.filter(Q(name__icontains=q) | Q(uscc=q.upper()))
    if division:
        # A prefecture means its counties too: 653100 and 6531xx; the region means all.
        prefix = division.rstrip("0") if len(division.rstrip("0")) % 2 == 0 else division.rstrip("0") + "0"
        rows = rows.filter(division_code__startswith=prefix)
    if home:
        here = Q(home_province=REGION_CODE)
        rows = rows.filter(here if home == "here" else ~here)
    return rows


_ORDER: dict[str, tuple[Any, ...]] = {
    "name": ("name", "pk"),
    "newest": ("-published_at", "-pk"),
    "staff": ("-staff_count", "name", "pk"),
    "score": (F("score").desc(nulls_last=True), "-score_count", "name", "pk"),
}
_COLUMNS = (
    "id", "uscc", "name", "state", "home_province", "division_code", "staff_count", "published_at", "is_demo",
    "is_banned", "score", "score_count",
)  # fmt: skip


def name_list(
    *, q: str = "", division: str = "", home: str = "", sort: str = "name", page: int = 1, rows_max: int = PAGE_SIZE
) -> AgencyList:
    """The agencies on the public list, a page at a time; two statements."""
    found = _listed(q=q, division=division, home=home)
    total = found.count()
    start = (page - 1) * rows_max
    known = found.annotate(staff_count=_staff(), is_banned=_banned(), **_scores())
    rows = known.order_by(*_ORDER[sort]).values(*_COLUMNS)[start : start + rows_max]
    shown = tuple(AgencyRow(**row) for row in rows)
    return AgencyList(shown, total, page + 1 if total > start + rows_max else None)


@dataclass(frozen=True, slots=True)
class Average:
    """What one kind of evaluators thinks: the average of one to five, and how many they are."""

    role: str
    score: float
    count: int


@dataclass(frozen=True, slots=True)
class AgencyPage:
    """What the public page of an agency says."""

    id: int
    uscc: str
    state: str
    is_demo: bool
    content: Content
    staff_count: int
    published_at: datetime | None
    deregistered_at: datetime | None
    hand_over: str
    is_banned: bool
    averages: tuple[Average, ...]
    checks: tuple[AgencyCheck, ...]
    bans: tuple[SanctionView, ...]
    changes: tuple[ReportedChange, ...]


def _averages(agency: Agency) -> tuple[Average, ...]:
    """By role, in the roles' order; a role without evaluations is left out."""
    rows = (
        Evaluation.objects.filter(agency=agency, state__in=COUNTED)
        .values("role")
        .annotate(a=Avg("score"), n=Count("*"))
    )
    found = {row["role"]: Average(row["role"], round(row["a"], 1), row["n"]) for row in rows.order_by("role")}
    return tuple(found[role] for role in EvaluatorRole if role in found)


def agency_page(*, agency_id: int) -> AgencyPage:
    """One that is or was on the list. Raises NotFound for every other."""
    rows = Agency.objects.filter(pk=agency_id, state__in=SHOWN)
    row: Any = rows.annotate(staff_count=_staff(), is_banned=_banned()).first()
    if row is None:
        raise NotFound(agency=agency_id)
    return AgencyPage(
        id=row.pk, uscc=row.uscc, state=row.state, is_demo=row.is_demo, content=row.content,
        staff_count=row.staff_count, published_at=row.published_at, deregistered_at=row.deregistered_at,
        hand_over=row.hand_over, is_banned=row.is_banned, averages=_averages(row),
        checks=tuple(published_checks(agency_id=row.pk)),
        bans=sanctions_of(kind=AGENCY, code=row.uscc),
        changes=tuple(row.changes.order_by("-reported_at", "-pk")[:CHANGES_SHOWN]),
    )  # fmt: skip

"""What everybody may read: the name list and the page of one agency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from kernel.problems import NotFound
from shared_apps.agencies.models import Agency, AgencyStaff, ReportedChange
from shared_apps.agencies.rules.content import REGION_CODE, Content
from shared_apps.agencies.rules.registration import SHOWN, AgencyState

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


_ORDER: dict[str, tuple[str, ...]] = {
    "name": ("name", "pk"),
    "newest": ("-published_at", "-pk"),
    "staff": ("-staff_count", "name", "pk"),
}
_COLUMNS = ("id", "uscc", "name", "state", "home_province", "division_code", "staff_count", "published_at", "is_demo")


def name_list(
    *, q: str = "", division: str = "", home: str = "", sort: str = "name", page: int = 1, rows_max: int = PAGE_SIZE
) -> AgencyList:
    """The agencies on the public list, a page at a time; two statements."""
    found = _listed(q=q, division=division, home=home)
    total = found.count()
    start = (page - 1) * rows_max
    rows = found.annotate(staff_count=_staff()).order_by(*_ORDER[sort]).values(*_COLUMNS)[start : start + rows_max]
    shown = tuple(AgencyRow(**row) for row in rows)
    return AgencyList(shown, total, page + 1 if total > start + rows_max else None)


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
    changes: tuple[ReportedChange, ...]


def agency_page(*, agency_id: int) -> AgencyPage:
    """One that is or was on the list. Raises NotFound for every other."""
    row: Any = Agency.objects.filter(pk=agency_id, state__in=SHOWN).annotate(staff_count=_staff()).first()
    if row is None:
        raise NotFound(agency=agency_id)
    return AgencyPage(
        id=row.pk, uscc=row.uscc, state=row.state, is_demo=row.is_demo, content=row.content,
        staff_count=row.staff_count, published_at=row.published_at, deregistered_at=row.deregistered_at,
        hand_over=row.hand_over, changes=tuple(row.changes.order_by("-reported_at", "-pk")[:CHANGES_SHOWN]),
    )  # fmt: skip

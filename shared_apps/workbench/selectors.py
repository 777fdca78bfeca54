"""A supplier's work in all malls, starting from the actor: the organisations it acts for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, F, Func, IntegerField, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from kernel.actor import Actor
from kernel.clock import SHANGHAI
from kernel.money import ZERO
from shared_apps.workbench.models import SupplierOrder
from shared_apps.workbench.rules import STATES, SUPPLIER_POSTS, WINDOW_DAYS, Lateness, Tab, lateness, percent
from tenants.registry.selectors import tenant_names

PAGE_SIZE = 20
EXPORT_ROWS_MAX = 10_000


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One order that waits for the supplier, or for its money."""

    tenant_code: str
    tenant_name: str
    order_id: int
    order_number: str
    unit_name: str
    state: str
    total: Decimal
    answer_due_at: datetime | None
    promised_on: date | None
    late_from: datetime | None
    late: Lateness
    paid_at: datetime | None = None
    interest_paid: Decimal = ZERO

    @property
    def interest_left(self) -> Decimal:
        return max(ZERO, self.late.interest - self.interest_paid)


@dataclass(frozen=True, slots=True)
class TabSum:
    orders: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Deliveries with a promised day, of one mall or of all, within the last `WINDOW_DAYS` days."""

    tenant_name: str
    delivered: int
    on_time: int
    late_days: Decimal | None

    @property
    def late(self) -> int:
        return self.delivered - self.on_time

    @property
    def percent_on_time(self) -> Decimal | None:
        return percent(self.on_time, self.delivered)


@dataclass(frozen=True, slots=True)
class Work:
    """One page of a tab, the oldest first; sums of every tab; deliveries by mall."""

    rows: Sequence[WorkRow]
    sums: dict[str, TabSum]
    deliveries: Sequence[Deliveries]
    all_deliveries: Deliveries
    malls: Sequence[tuple[str, str]]
    next_after: int | None


def work(
    *, actor: Actor, tab: str, now: datetime, tenant: str = "", search: str = "", after: int | None = None
) -> Work:
    """Four statements, whatever the number of malls and orders."""
    mine = _of(actor)
    begin = after or 0
    found = list(_listed(mine, tab, now, tenant, search)[begin : begin + PAGE_SIZE + 1])
    deliveries = _deliveries(mine, now)
    sums = _sums(mine, now)
    names = {code: name.name for code, name in tenant_names().items()}
    whole = Deliveries(
        "",
        sum(row["delivered"] for row in deliveries),
        sum(row["on_time"] for row in deliveries),
        None,
    )
    here = sorted({row["tenant_code"] for row in deliveries} | {row.tenant_code for row in found} | {tenant} - {""})
    return Work(
        rows=[_row(row, names, now) for row in found[:PAGE_SIZE]],
        sums=sums,
        deliveries=[
            Deliveries(names.get(row["tenant_code"], ""), row["delivered"], row["on_time"], row["late_days"])
            for row in deliveries
        ],
        all_deliveries=whole,
        malls=[(code, names[code]) for code in here if code in names],
        next_after=begin + PAGE_SIZE if len(found) > PAGE_SIZE else None,
    )


def work_to_export(*, actor: Actor, tab: str, now: datetime, tenant: str = "", search: str = "") -> Iterator[WorkRow]:
    """The same list whole, at most EXPORT_ROWS_MAX rows."""
    names = {code: name.name for code, name in tenant_names().items()}
    rows = _listed(_of(actor), tab, now, tenant, search)[:EXPORT_ROWS_MAX]
    return (_row(row, names, now) for row in rows)


def _of(actor: Actor) -> QuerySet[SupplierOrder]:
    organisations = {key for post in SUPPLIER_POSTS for key in actor.organisations(post)}
    return SupplierOrder.objects.filter(supplier_organisation_id__in=organisations)


def _in(tab: Tab, now: datetime) -> Q:
    which = Q(state__in=STATES[tab])
    if tab == Tab.PAID_LATE:
        return which & Q(paid_at__gte=F("late_from"))
    return which & Q(late_from__lte=now) if tab == Tab.OVERDUE else which


def _listed(
    mine: QuerySet[SupplierOrder], tab: str, now: datetime, tenant: str, search: str
) -> QuerySet[SupplierOrder]:
    rows = mine.filter(_in(Tab(tab), now))
    if tenant:
        rows = rows.filter(tenant_code=tenant)
    if search:
        rows = rows.filter(Q(order_number__startswith=search.upper()) | Q(unit_name__icontains=search))
    first = {
        Tab.TO_ACCEPT: F("answer_due_at").asc(nulls_last=True),
        Tab.TO_SHIP: F("promised_on").asc(nulls_last=True),
    }.get(Tab(tab), F("late_from").asc(nulls_last=True))
    return rows.order_by(first, "id")


def _sums(mine: QuerySet[SupplierOrder], now: datetime) -> dict[str, TabSum]:
    asked: dict[str, Any] = {}
    for tab in Tab:
        asked[f"{tab}_orders"] = Count("id", filter=_in(tab, now))
        asked[f"{tab}_amount"] = Sum("total", filter=_in(tab, now))
    found = mine.aggregate(**asked)
    return {tab.value: TabSum(found[f"{tab}_orders"], found[f"{tab}_amount"] or ZERO) for tab in Tab}


def _deliveries(mine: QuerySet[SupplierOrder], now: datetime) -> list[dict[str, Any]]:
    day = TruncDate("delivered_at", tzinfo=SHANGHAI)
    late = Func(day, F("promised_on"), template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField())
    counted = mine.filter(promised_on__isnull=False, delivered_at__gte=now - timedelta(days=WINDOW_DAYS))
    rows = (
        counted.annotate(late=late)
        .order_by()
        .values("tenant_code")
        .annotate(
            delivered=Count("id"),
            on_time=Count("id", filter=Q(late__lte=0)),
            late_days=Avg("late", filter=Q(late__gt=0)),
        )
        .order_by("tenant_code")
    )
    return [dict(row) for row in rows]


def _row(row: SupplierOrder, names: dict[str, str], now: datetime) -> WorkRow:
    return WorkRow(
        tenant_code=row.tenant_code,
        tenant_name=names.get(row.tenant_code, ""),
        order_id=row.order_id,
        order_number=row.order_number,
        unit_name=row.unit_name,
        state=row.state,
        total=row.total,
        answer_due_at=row.answer_due_at,
        promised_on=row.promised_on,
        late_from=row.late_from,
        late=lateness(late_from=row.late_from, amount=row.total, now=row.paid_at or now),
        paid_at=row.paid_at,
        interest_paid=row.interest_paid,
    )

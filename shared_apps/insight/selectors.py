"""Figures for supervision, over the tenants that the actor supervises."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Sum

from kernel.actor import Actor
from kernel.money import ZERO
from kernel.posts import Post
from kernel.problems import NotFound
from shared_apps.insight.models import OrderFact
from shared_apps.insight.rules import Stage, stage_of
from tenants.divisions.selectors import supervised_codes
from tenants.registry.selectors import TenantName, tenant_names

SEES_ALL = frozenset({Post.REGION_SUPERVISOR, Post.AUDITOR})
READERS = SEES_ALL | {Post.TIER_SUPERVISOR}


@dataclass(slots=True)
class Figures:
    """Number and value of orders."""

    orders: int = 0
    value: Decimal = ZERO

    def add(self, orders: int, value: Decimal) -> None:
        self.orders += orders
        self.value += value


@dataclass(slots=True)
class TenantFigures:
    """One tenant's orders by stage, and by state."""

    code: str
    name: str
    state: str
    is_demo: bool
    by_stage: dict[str, Figures] = field(default_factory=lambda: {stage.value: Figures() for stage in Stage})
    by_order_state: dict[str, Figures] = field(default_factory=dict)
    total: Figures = field(default_factory=Figures)

    @property
    def stages(self) -> list[Figures]:
        return [self.by_stage[stage.value] for stage in Stage]


@dataclass(frozen=True, slots=True)
class Supervision:
    """What a supervisor sees of one budget year."""

    fiscal_year: int
    years: tuple[int, ...]
    tenants: tuple[TenantFigures, ...]
    by_stage: dict[str, Figures]
    total: Figures
    tenants_with_orders: int


def _tenants(actor: Actor) -> dict[str, TenantName]:
    """Every tenant for region staff and auditors; what a bureau supervises, by the supervision tree, for a bureau."""
    if actor.posts & SEES_ALL:
        return tenant_names()
    bureaus = actor.organisations(Post.TIER_SUPERVISOR)
    codes: set[str] = set()
    own = {place.tenant_code for place in actor.belongs if place.organisation_id in bureaus and place.tenant_code}
    if not own:
        raise NotFound
    for code in own:
        codes |= supervised_codes(supervisor_code=code)
    return {code: name for code, name in tenant_names().items() if code in codes}


def supervision(*, actor: Actor, fiscal_year: int) -> Supervision:
    """Orders and their value by tenant, stage and state. Practice tenants are left out.

    Three statements, and one for each bureau of the actor.
    """
    tenants = {code: name for code, name in _tenants(actor).items() if not name.is_practice}
    rows = {code: TenantFigures(code, name.name, name.state, name.is_demo) for code, name in tenants.items()}
    facts = OrderFact.objects.filter(tenant_code__in=rows)
    years = sorted({fiscal_year, *facts.order_by().values_list("fiscal_year", flat=True).distinct()}, reverse=True)
    by_stage = {stage.value: Figures() for stage in Stage}
    total = Figures()
    grouped = (
        facts.filter(fiscal_year=fiscal_year)
        .order_by()
        .values_list("tenant_code", "state")
        .annotate(orders=Count("id"), value=Sum("total"))
    )
    for code, state, orders, value in grouped:
        row = rows[code]
        stage = stage_of(state).value
        row.by_order_state.setdefault(state, Figures()).add(orders, value)
        for figures in (row.by_stage[stage], row.total, by_stage[stage], total):
            figures.add(orders, value)
    ordered = sorted(rows.values(), key=lambda row: (-row.total.value, row.code))
    return Supervision(
        fiscal_year,
        tuple(years),
        tuple(ordered),
        by_stage,
        total,
        sum(1 for row in ordered if row.total.orders),
    )

"""Reading applications and the malls' progress."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet

from kernel.actor import Actor
from kernel.posts import Post
from kernel.problems import NotFound
from shared_apps.onboarding.models import Application, MallProgress, ProvisioningStep
from shared_apps.onboarding.permissions import READERS
from shared_apps.onboarding.rules import APPLICATION_LIFECYCLE, OPEN_STATES, WAKE_UP, ApplicationState
from tenants.divisions.selectors import Place, places
from tenants.registry.rules import TenantState
from tenants.registry.selectors import TenantName, tenant_names

ROWS_MAX = 200  # of an answer to a program; pages show all, a part at a time


# -- which divisions may apply ----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Choice:
    """A division of today, and whether an application for it may be filed."""

    code: str
    name: str
    level: str
    prefecture_code: str
    prefecture_name: str
    mall_state: str
    has_application: bool

    @property
    def is_free(self) -> bool:
        """No application on its way, and no mall but one that nobody was given yet."""
        return not self.has_application and self.mall_state in {"", TenantState.CONFIGURING}


def choices(*, text: str = "") -> list[Choice]:
    """Every division of today whose name or code fits, by code; three statements."""
    return [one for one in _choices() if not text or text in one.name or one.code.startswith(text)]


def _choices() -> Iterator[Choice]:
    by_code = places()
    malls = {mall.division_code: mall for mall in tenant_names().values() if not mall.is_practice}
    taken = set(_holding().values_list("division_code", flat=True))
    for place in by_code.values():
        yield _choice(place, by_code, malls.get(place.code), place.code in taken)


def _choice(place: Place, by_code: dict[str, Place], mall: TenantName | None, has_application: bool) -> Choice:
    above = by_code.get(place.prefecture_code)
    within = above if above is not None and above.code != place.code else None
    return Choice(
        code=place.code,
        name=place.name,
        level=place.level,
        prefecture_code=place.prefecture_code,
        prefecture_name=within.name if within else "",
        mall_state=mall.state if mall else "",
        has_application=has_application,
    )


def _holding() -> Any:
    """Applications that keep others away: the open ones, and those whose mall stands."""
    standing = [mall.division_code for mall in tenant_names().values() if not mall.is_practice]
    return Application.objects.filter(
        Q(state__in=OPEN_STATES) | Q(state=ApplicationState.PROVISIONED, division_code__in=standing)
    )


def choosable(*, division_code: str) -> Choice:
    """Raises NotFound for what is no division of today."""
    for one in choices(text=division_code):
        if one.code == division_code:
            return one
    raise NotFound(division=division_code)


def mall_of(*, division_code: str) -> TenantName | None:
    """The division's own mall, whatever code it goes by."""
    for mall in tenant_names().values():
        if mall.division_code == division_code and not mall.is_practice:
            return mall
    return None


# -- applications -----------------------------------------------------------------------------------------------------
def applications(*, actor: Actor, q: str = "", state: str = "") -> QuerySet[Application]:
    """Newest first, for region staff and auditors; nobody else sees any. The caller takes the part it shows."""
    if not actor.posts & READERS:
        return Application.objects.none()
    rows = Application.objects.order_by("-applied_at", "-pk")
    if state:
        rows = rows.filter(state=state)
    if q:
        rows = rows.filter(
            Q(number__startswith=q) | Q(division_code__startswith=q) | Q(division_name__contains=q)
            | Q(bureau_name__contains=q)
        )  # fmt: skip
    return rows


def counts_by_state() -> dict[str, int]:
    found = dict.fromkeys(ApplicationState, 0)
    for state, count in Application.objects.order_by().values_list("state").annotate(Count("pk")):
        found[ApplicationState(state)] = count
    return {str(state): count for state, count in found.items()}


def waiting_count(*, actor: Actor) -> int:
    """Applications that wait for the region's decision or failed to be set up."""
    if not actor.posts & READERS:
        return 0
    return Application.objects.filter(
        Q(state=ApplicationState.APPLIED) | (Q(state=ApplicationState.APPROVED) & ~Q(error=""))
    ).count()


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """An application with its steps; `mall_code` once there is a mall of the division."""

    row: Application
    steps: tuple[ProvisioningStep, ...]
    mall_code: str
    mall_state: str
    progress: ProgressView | None

    @property
    def is_moving(self) -> bool:
        """The worker is at it or about to be: the page looks again."""
        return self.row.state == ApplicationState.PROVISIONING or (
            self.row.state == ApplicationState.APPROVED and not self.row.error
        )


def view_of(row: Application) -> ApplicationView:
    mall = mall_of(division_code=row.division_code)
    told = progress(codes=[mall.code]).get(mall.code) if mall and row.state == ApplicationState.PROVISIONED else None
    return ApplicationView(
        row=row,
        steps=tuple(ProvisioningStep.objects.filter(application=row).order_by("position")),
        mall_code=mall.code if mall else "",
        mall_state=mall.state if mall else "",
        progress=told if told and told.told_at else None,
    )


def application(*, actor: Actor, application_id: int) -> ApplicationView:
    """Raises NotFound, for those who may not read it as well."""
    row = Application.objects.filter(pk=application_id).first() if actor.posts & READERS else None
    if row is None:
        raise NotFound(application=application_id)
    return view_of(row)


def possible_actions(row: Application, posts: Collection[Post]) -> frozenset[str]:
    """What holders of these posts may do with it now; the buttons of the page."""
    names = {move.action for move in APPLICATION_LIFECYCLE.actions(row.state, posts)}
    if not row.error:
        names.discard("retry")
    names.discard("adopt")
    return frozenset(names)


def due_applications(*, now: datetime) -> list[int]:
    """Approved ones whose wake-up was lost, and those whose worker is dead."""
    return list(
        Application.objects.filter(
            Q(state=ApplicationState.APPROVED, error="", asked_at__lte=now - WAKE_UP)
            | Q(state=ApplicationState.PROVISIONING, lease_until__lte=now)
        )
        .order_by("asked_at")
        .values_list("pk", flat=True)
    )


def application_states(*, codes: Collection[str] | None = None) -> dict[str, str]:
    """The state of each division's newest application, by division code; for lists that show it beside the mall's."""
    rows = Application.objects.order_by("division_code", "-applied_at", "-pk").distinct("division_code")
    if codes is not None:
        rows = rows.filter(division_code__in=list(codes))
    return dict(rows.values_list("division_code", "state"))


@dataclass(frozen=True, slots=True)
class Asked:
    """What lists show of a division's newest application. `fee_budget` counts for `fee_year`, once it is approved."""

    state: str
    fee_year: int
    fee_budget: Decimal
    is_approved: bool


def newest_applications() -> dict[str, Asked]:
    """By division code; one statement. For region staff's lists: the caller has asked who may read them."""
    rows = Application.objects.order_by("division_code", "-applied_at", "-pk").distinct("division_code")
    approved = {ApplicationState.APPROVED, ApplicationState.PROVISIONING, ApplicationState.PROVISIONED}
    return {
        division: Asked(state, year, budget, state in approved)
        for division, state, year, budget in rows.values_list("division_code", "state", "fee_year", "fee_budget")
    }


# -- progress of malls ------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ProgressView:
    """How far a mall's go-live checklist is. `told_at` is empty while the mall has told nothing."""

    tenant_code: str
    done: int
    total: int
    missing: tuple[str, ...]
    told_at: datetime | None


def progress(*, codes: Collection[str] | None = None) -> dict[str, ProgressView]:
    """By tenant code, of those at work; one statement."""
    rows = MallProgress.objects.order_by("tenant_code")
    if codes is not None:
        rows = rows.filter(tenant_code__in=list(codes))
    return {
        row.tenant_code: ProgressView(row.tenant_code, row.done, row.total, tuple(row.missing), row.told_at)
        for row in rows
    }


def malls_at_work() -> list[str]:
    """Malls being configured whose bureau has begun, by code."""
    begun = list(MallProgress.objects.order_by("tenant_code").values_list("tenant_code", flat=True))
    found = tenant_names(codes=begun)
    return [
        code
        for code in begun
        if code in found and found[code].state == TenantState.CONFIGURING and not found[code].is_practice
    ]

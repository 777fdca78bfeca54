"""Reading plans and checks: for their keepers, for the agency that was checked, and what is public."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from kernel.actor import Actor
from kernel.posts import Post
from kernel.problems import NotFound
from shared_apps.agencies.models import Agency, AgencyCheck, Agreement, CheckDraw, CheckPlan
from shared_apps.agencies.permissions import CHECK_READERS, own_organisations
from shared_apps.agencies.rules.checks import CHECK, HEARD, PUBLISHED, draw_order, pool_hash
from shared_apps.agencies.rules.registration import AgencyState
from shared_apps.agencies.selectors.agreements import bureau_codes
from tenants.divisions.selectors import supervised_codes
from tenants.registry.selectors import tenant_names

PLANS_MAX = 200


def owners(*, actor: Actor) -> list[tuple[str, str]]:
    """For whom the actor may plan: code and name; the region has no code."""
    found: list[tuple[str, str]] = []
    offices = {place.organisation_id: place for place in actor.belongs}
    for key in sorted(actor.organisations(Post.REGION_SUPERVISOR)):
        found = found or [("", offices[key].organisation_name)]
    for key in sorted(actor.organisations(Post.TIER_SUPERVISOR)):
        place = offices[key]
        if place.tenant_code:
            found.append((place.tenant_code, place.organisation_name))
    return found


def keeps(*, actor: Actor, plan: CheckPlan) -> bool:
    """Its own level's supervisors; the region's look after the region's own plans."""
    return plan.owner_code in dict(owners(actor=actor))


def pool_of(*, plan: CheckPlan) -> dict[str, int]:
    """Agencies that the plan may check and does not hold yet, id by credit code: all of the list for the region; for a
    level those whose office stands in its divisions, and those that its purchasers have commissioned.
    """
    rows = Agency.objects.filter(state=AgencyState.PUBLISHED).exclude(checks__plan=plan)
    if plan.owner_code:
        mall = tenant_names(codes=[plan.owner_code])[plan.owner_code]
        below = supervised_codes(supervisor_code=mall.division_code)
        commissioned = Agreement.objects.filter(tenant_code=plan.owner_code).values("agency_id")
        rows = rows.filter(Q(division_code__in=below) | Q(pk__in=commissioned))
    return dict(rows.values_list("uscc", "id"))


def plans(*, actor: Actor) -> list[CheckPlan]:
    """The region's staff and auditors read all, a bureau its own; newest first."""
    if not actor.posts & CHECK_READERS:
        return []
    rows = CheckPlan.objects.annotate(checks_count=Count("checks"))
    if not actor.posts & {Post.REGION_SUPERVISOR, Post.AUDITOR}:
        rows = rows.filter(owner_code__in=bureau_codes(actor))
    return list(rows.order_by("-year", "-pk")[:PLANS_MAX])


@dataclass(frozen=True, slots=True)
class PlanView:
    row: CheckPlan
    checks: tuple[AgencyCheck, ...]
    draws: tuple[CheckDraw, ...]
    pool_size: int
    is_kept: bool

    @property
    def id(self) -> int:
        return int(self.row.pk)


def plan(*, actor: Actor, plan_id: int) -> PlanView:
    """Raises NotFound for strangers."""
    row = CheckPlan.objects.filter(pk=plan_id).first()
    kept = row is not None and keeps(actor=actor, plan=row)
    if row is None or not (kept or actor.posts & {Post.REGION_SUPERVISOR, Post.AUDITOR}):
        raise NotFound(plan=plan_id)
    return PlanView(
        row=row, checks=tuple(row.checks.select_related("agency", "draw").order_by("pk")),
        draws=tuple(row.draws.order_by("number")), pool_size=len(pool_of(plan=row)), is_kept=kept,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class CheckView:
    row: AgencyCheck
    may: frozenset[str]
    is_keeper: bool

    @property
    def id(self) -> int:
        return int(self.row.pk)


def check(*, actor: Actor, check_id: int) -> CheckView:
    """For the plan's readers, and for the agency once the check was made. Raises NotFound for strangers."""
    row = AgencyCheck.objects.select_related("plan", "agency", "draw").filter(pk=check_id).first()
    if row is None:
        raise NotFound(check=check_id)
    kept = keeps(actor=actor, plan=row.plan)
    own = row.agency.organisation_id in own_organisations(actor) and row.state in HEARD
    if not (kept or own or actor.posts & {Post.REGION_SUPERVISOR, Post.AUDITOR}):
        raise NotFound(check=check_id)
    posts = {Post.TIER_SUPERVISOR} if kept else set()
    if own and row.agency.organisation_id in own_organisations(actor, {Post.AGENCY_MANAGER}):
        posts.add(Post.AGENCY_MANAGER)
    return CheckView(row, frozenset(move.action for move in CHECK.actions(row.state, posts)), kept)


def checks_of_own(*, actor: Actor) -> list[AgencyCheck]:
    """Checks of the agency that the actor acts for, once they were made."""
    rows = AgencyCheck.objects.filter(agency__organisation_id__in=own_organisations(actor), state__in=list(HEARD))
    return list(rows.select_related("plan").order_by("-checked_at", "-pk")[:100])


def published_checks(*, agency_id: int) -> list[AgencyCheck]:
    """Results that stand: passed, mended, or not mended in time."""
    rows = AgencyCheck.objects.filter(agency_id=agency_id, state__in=PUBLISHED)
    return list(rows.select_related("plan", "draw").order_by("-closed_at", "-pk")[:50])


@dataclass(frozen=True, slots=True)
class DrawView:
    """A draw as everybody may check it. `is_right`: computed again now, it gives the same."""

    row: CheckDraw
    order: tuple[str, ...]
    names: dict[str, str]
    is_right: bool

    @property
    def id(self) -> int:
        return int(self.row.pk)


def draw(*, draw_id: int) -> DrawView:
    """Raises NotFound."""
    row = CheckDraw.objects.select_related("plan").filter(pk=draw_id).first()
    if row is None:
        raise NotFound(draw=draw_id)
    order = draw_order(seed=row.seed, pool=row.pool)
    right = order[: row.wanted] == row.drawn and pool_hash(row.pool) == row.pool_hash
    names = dict(Agency.objects.filter(uscc__in=row.pool).values_list("uscc", "name"))
    return DrawView(row, tuple(order), names, right)

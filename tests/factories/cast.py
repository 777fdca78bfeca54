"""One person for every post, in one tenant: for the authorisation matrix, axe and the Latin check."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.actor import SYSTEM
from kernel.clock import utc_now
from kernel.posts import DERIVED_POSTS, TENANT_POSTS, Post
from shared_apps.accounts.models import Organisation, User
from shared_apps.accounts.rules import OrganisationKind as Kind
from tenant_apps.budgets.services import create_unit
from tenants.database.context import tenant_atomic, tenant_selected
from tests.factories.people import grant, join, make_organisation, make_user

KIND_OF_POST = {
    Post.PLATFORM_OPERATOR: Kind.PLATFORM,
    Post.REGION_SUPERVISOR: Kind.REGION_FINANCE,
    Post.TIER_SUPERVISOR: Kind.FINANCE_BUREAU,
    Post.CPB_OPERATOR: Kind.CENTRAL_PURCHASING_BODY,
    Post.SUPPLIER_ADMIN: Kind.SUPPLIER,
    Post.SUPPLIER_SALES: Kind.SUPPLIER,
    Post.AGENCY_MANAGER: Kind.AGENCY,
    Post.AGENCY_CLERK: Kind.AGENCY,
    Post.EXPERT: Kind.EXPERT,
    Post.AUDITOR: Kind.AUDIT,
}
# Posts that somebody may be given; the others come with where a person stands.
GRANTED_POSTS = tuple(post for post in Post if post not in DERIVED_POSTS)
LOCAL_KINDS = frozenset({Kind.FINANCE_BUREAU, Kind.CENTRAL_PURCHASING_BODY, Kind.BUDGET_UNIT})


@dataclass(frozen=True)
class Cast:
    """The people by post, the unit's organisation, and the unit's id in the tenant."""

    tenant: str
    people: dict[Post, User]
    unit_organisation: Organisation
    unit_id: int


def make_colleague(user: User) -> User:
    """Another person with the same posts of the region: what one enters, the other verifies."""
    place = user.memberships.get()
    other = make_user(name="测试同事")
    join(other, place.organisation, [Post(post) for post in place.posts])
    return other


def build_cast(tenant: str) -> Cast:
    """Makes fifteen people through the services."""
    organisations: dict[Kind, Organisation] = {}
    people: dict[Post, User] = {}
    unit_organisation = make_organisation(Kind.BUDGET_UNIT, f"U{tenant}", "第一中学（测试）", tenant)
    with tenant_selected(tenant), tenant_atomic():
        unit = create_unit(
            actor=SYSTEM, code="001001", name="第一中学（测试）", organisation_id=unit_organisation.pk, now=utc_now()
        )
    for post in GRANTED_POSTS:
        user = make_user(name=f"测试{list(Post).index(post) + 1:02}")
        people[post] = user
        if post in TENANT_POSTS:
            join(user, unit_organisation)
            grant(tenant, user, unit.id, unit_organisation.pk, post)
            continue
        kind = KIND_OF_POST[post]
        if kind not in organisations:
            organisations[kind] = make_organisation(
                kind, f"{kind}-{tenant}"[:40], "测试机构", tenant if kind in LOCAL_KINDS else None
            )
        join(user, organisations[kind], [post])
    return Cast(tenant, people, unit_organisation, unit.id)

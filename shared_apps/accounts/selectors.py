"""Reading people: who stands behind a session, and who belongs where."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connections
from django.db.models import Q

from kernel.actor import Actor, Belonging, HeldPost
from kernel.posts import Post
from kernel.problems import NotFound, SignInRequired
from shared_apps.accounts.models import Invitation, MallSession, Membership, Organisation, SecurityEvent, User
from shared_apps.accounts.permissions import may_manage_people, supervises
from shared_apps.accounts.rules import IN_EVERY_PRACTICE_MALL, POSTS_OF_KIND, OrganisationKind
from shared_apps.accounts.words import KIND_LABELS, SHOWN_KINDS
from tenants.database.context import REGION_ALIAS
from tenants.divisions.selectors import codes_above
from tenants.registry.practice import home_of
from tenants.registry.selectors import tenant_names


@dataclass(frozen=True, slots=True)
class Seat:
    """An open membership as the tenant's room needs it: since when, and which invitations were accepted since."""

    organisation_id: int
    member_since: datetime
    invitation_keys: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in person: the actor with the posts of the region, and the seats to which a tenant adds its own."""

    actor: Actor
    seats: tuple[Seat, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    organisation_id: int
    organisation_name: str
    organisation_kind: str
    organisation_code: str
    tenant_code: str | None
    posts: list[str]
    invitation_keys: frozenset[UUID]
    member_since: datetime


def _visitor(user_id: int, name: str, tenant: str | None, rows: Iterable[_Row]) -> Visitor:
    belongs: list[Belonging] = []
    held: list[HeldPost] = []
    seats: list[Seat] = []
    for row in rows:
        belongs.append(
            Belonging(
                row.organisation_id,
                row.organisation_name,
                row.organisation_kind,
                row.organisation_code,
                row.tenant_code,
            )
        )
        if tenant is not None and row.tenant_code not in {None, tenant}:
            # A bureau that this mall's level answers to: it looks, and nothing is ever granted to it here.
            held.append(HeldPost(Post.HIGHER_SUPERVISOR, row.organisation_id))
            continue
        allowed = POSTS_OF_KIND[OrganisationKind(row.organisation_kind)]
        held += [HeldPost(Post(post), row.organisation_id) for post in row.posts if post in allowed]
        seats.append(Seat(row.organisation_id, row.member_since, row.invitation_keys))
    return Visitor(Actor(user_id, name, tenant, tuple(belongs), tuple(held)), tuple(seats))


def _rows_of(memberships: Iterable[Membership], accepted: Iterable[Invitation] = ()) -> list[_Row]:
    return [
        _Row(
            membership.organisation_id,
            membership.organisation.name,
            membership.organisation.kind,
            membership.organisation.code,
            membership.organisation.tenant_code,
            membership.posts,
            frozenset(
                invitation.key
                for invitation in accepted
                if invitation.organisation_id == membership.organisation_id
                and invitation.accepted_at is not None
                and invitation.accepted_at >= membership.created_at
            ),
            membership.created_at,
        )
        for membership in memberships
    ]


def open_memberships(*, user_id: int) -> list[Membership]:
    """The person's open memberships in active organisations, oldest first; one statement."""
    return list(
        Membership.objects.filter(user_id=user_id, ended_at=None, organisation__is_active=True)
        .select_related("organisation")
        .order_by("id")
    )


def visitor_of(*, user: User, tenant: str | None = None) -> Visitor:
    """The person on the region's host (one statement), or as a tenant sees them. Needs the region's login."""
    memberships = open_memberships(user_id=user.pk)
    if tenant is None:
        return _visitor(user.pk, user.name, None, _rows_of(memberships))
    above = codes_above(tenant_code=tenant)
    here = [m for m in memberships if _counts_in(tenant, m.organisation) or _looks_down_on(above, m)]
    accepted = Invitation.objects.filter(accepted_by=user.pk)
    rows = [
        replace(row, tenant_code=tenant) if row.tenant_code == home_of(tenant) else row
        for row in _rows_of(here, accepted)
    ]
    return _visitor(user.pk, user.name, tenant, rows)


def _counts_in(tenant: str, organisation: Organisation) -> bool:
    """As the function of migration 0004: a practice mall is its county's own, closed to suppliers and agencies."""
    if organisation.tenant_code is None:
        return home_of(tenant) == tenant or organisation.kind in IN_EVERY_PRACTICE_MALL
    return organisation.tenant_code == home_of(tenant)


def _looks_down_on(above: Collection[str], membership: Membership) -> bool:
    """As the function of migration 0004: a supervisor of a bureau that the mall's level answers to."""
    bureau = membership.organisation
    return (
        bureau.kind == OrganisationKind.FINANCE_BUREAU
        and bureau.tenant_code in above
        and Post.TIER_SUPERVISOR in membership.posts
    )


def mall_visitor(*, session_hash: str, tenant: str) -> Visitor | None:
    """Who a mall session belongs to, with the memberships that count in this tenant; None when it is not valid.

    One statement, as yz_mall: a function that asks for the secret's hash (migration 0002).
    """
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_mall_visitor(%s, %s)", [session_hash, tenant])
        found = cursor.fetchall()
    if not found:
        return None
    rows = [
        _Row(row[2], row[3], row[4], row[5], row[6], _json(row[7]), frozenset(map(UUID, row[8])), row[9])
        for row in found
        if row[2] is not None
    ]
    return _visitor(found[0][0], found[0][1], tenant, rows)


def _json(value: Any) -> Any:
    # A raw cursor gives jsonb as text: Django decodes it in its model field.
    return json.loads(value) if isinstance(value, str) else value


def user_by_id(*, user_id: int) -> User | None:
    return User.objects.filter(pk=user_id, is_active=True).first()


def organisation_by_code(*, kind: OrganisationKind, code: str, tenant_code: str | None = None) -> Organisation:
    """Raises NotFound."""
    found = Organisation.objects.filter(kind=kind, code=code, tenant_code=tenant_code).first()
    if found is None:
        raise NotFound(organisation=code)
    return found


def organisations_of_tenant(*, tenant_code: str, kind: OrganisationKind) -> list[Organisation]:
    """Active organisations of one tenant by code; readable inside a mall too."""
    return list(Organisation.objects.filter(tenant_code=tenant_code, kind=kind, is_active=True).order_by("code"))


def unusable_unit_organisations(*, tenant_code: str, codes: Collection[str]) -> dict[str, str]:
    """Credit codes that no new organisation of this level may have: "closed" here, or "elsewhere" in use.

    A budget unit belongs to the budget of one level. One statement; readable inside a mall.
    """
    rows = Organisation.objects.filter(kind=OrganisationKind.BUDGET_UNIT, code__in=list(codes))
    found: dict[str, str] = {}
    for code, tenant, is_active in rows.values_list("code", "tenant_code", "is_active"):
        if tenant == tenant_code:
            if not is_active:
                found[code] = "closed"
        elif is_active:
            found.setdefault(code, "elsewhere")
    return found


@dataclass(frozen=True, slots=True)
class TenantPerson:
    """A member of a tenant's organisation; of one of them, where there are several."""

    tenant_code: str
    user_id: int
    name: str
    organisation: str


def people_of_tenants(*, codes: Collection[str]) -> list[TenantPerson]:
    """Members of the organisations of these tenants, each once a tenant; for their bureaus. One statement."""
    rows = (
        Membership.objects.filter(
            ended_at=None, organisation__is_active=True, organisation__tenant_code__in=codes, user__is_active=True
        )
        .order_by("id")
        .values_list("organisation__tenant_code", "user_id", "user__name", "organisation__name")
    )
    found: dict[tuple[str, int], TenantPerson] = {}
    for code, user_id, name, organisation in rows:
        found.setdefault((str(code), user_id), TenantPerson(str(code), user_id, name, organisation))
    return list(found.values())


@dataclass(frozen=True, slots=True)
class MembershipView:
    """A line of the account page. `mall` is the tenant to enter, where the organisation belongs to one."""

    organisation: str
    kind: str
    posts: tuple[str, ...]
    tenant_code: str | None
    tenant_name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class SessionView:
    tenant_code: str
    tenant_name: str
    opened_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class AccountPage:
    person: User
    memberships: tuple[MembershipView, ...]
    sessions: tuple[SessionView, ...]
    events: tuple[SecurityEvent, ...]


def account_page(*, actor: Actor, now: datetime) -> AccountPage:
    """Everything of one's own account; five statements. Raises SignInRequired."""
    user = None if actor.user_id is None else user_by_id(user_id=actor.user_id)
    if user is None:
        raise SignInRequired
    memberships = open_memberships(user_id=user.pk)
    sessions = list(
        MallSession.objects.filter(user=user, ended_at=None, expires_at__gt=now).order_by("-created_at")[:20]
    )
    codes = {m.organisation.tenant_code for m in memberships} | {s.tenant_code for s in sessions}
    names = {code: found.name for code, found in tenant_names(codes=[code for code in codes if code]).items()}
    return AccountPage(
        person=user,
        memberships=tuple(
            MembershipView(
                m.organisation.name,
                str(KIND_LABELS[OrganisationKind(m.organisation.kind)]),
                tuple(Post(post).label for post in m.posts),
                m.organisation.tenant_code,
                names.get(m.organisation.tenant_code or "", ""),
                m.created_at,
            )
            for m in memberships
        ),
        sessions=tuple(
            SessionView(s.tenant_code, names.get(s.tenant_code, ""), s.created_at, s.expires_at) for s in sessions
        ),
        events=tuple(SecurityEvent.objects.filter(user_id=user.pk, kind__in=SHOWN_KINDS).order_by("-at")[:10]),
    )


def managed_organisations(*, actor: Actor) -> list[Organisation]:
    """Active organisations whose people the actor looks after, by kind and name; one statement."""
    rows = Organisation.objects.filter(is_active=True)
    if not (actor.is_system or actor.has(Post.PLATFORM_OPERATOR)):
        own = [place.organisation_id for place in actor.belongs]
        mine = [code for place in actor.belongs if (code := place.tenant_code) and supervises(actor, code)]
        rows = rows.filter(Q(pk__in=own) | Q(kind=OrganisationKind.BUDGET_UNIT, tenant_code__in=mine))
    return [row for row in rows.order_by("kind", "tenant_code", "name", "id") if may_manage_people(actor, row)]


def managed_organisation(*, actor: Actor, organisation_id: int) -> Organisation:
    """Raises NotFound for strangers."""
    row = Organisation.objects.filter(pk=organisation_id, is_active=True).first()
    if row is None or not may_manage_people(actor, row):
        raise NotFound(organisation=organisation_id)
    return row


def members_of(*, actor: Actor, organisation_id: int) -> list[Membership]:
    """Open memberships of an organisation the actor looks after, by name; two statements. Raises NotFound."""
    organisation = managed_organisation(actor=actor, organisation_id=organisation_id)
    return list(
        Membership.objects.filter(organisation=organisation, ended_at=None)
        .select_related("user", "organisation")
        .order_by("user__name", "id")
    )


def colleagues(*, organisation_id: int, posts: Collection[Post]) -> list[tuple[int, str]]:
    """(id, name) of those in an organisation who hold one of the posts on the region's host, by name; one statement.

    For assigning work to one's own people: the caller asks for its actor's own organisation.
    """
    rows = Membership.objects.filter(organisation_id=organisation_id, ended_at=None, user__is_active=True)
    named = rows.order_by("user__name", "user_id").values_list("user_id", "user__name", "posts")
    wanted = {post.value for post in posts}
    return [(user_id, name) for user_id, name, held in named if wanted & set(held)]


def holders_of(
    *, posts: Collection[Post], organisation_id: int | None = None, tenant_code: str | None = None
) -> list[tuple[int, int]]:
    """(person, organisation) of those who hold one of the region's posts, of one organisation or one level where it is
    named. One statement; for telling people, not for deciding what they may do.
    """
    rows = Membership.objects.filter(ended_at=None, organisation__is_active=True, user__is_active=True)
    held = Q(pk__in=[])
    for post in posts:
        held |= Q(posts__contains=[post.value])
    if organisation_id is not None:
        rows = rows.filter(organisation_id=organisation_id)
    if tenant_code is not None:
        rows = rows.filter(organisation__tenant_code=tenant_code)
    return list(rows.filter(held).order_by("id").values_list("user_id", "organisation_id"))


def members_among(*, user_ids: Collection[int], organisation_ids: Collection[int]) -> set[tuple[int, int]]:
    """Which of these people belong to which of these organisations now. One statement."""
    rows = Membership.objects.filter(
        user_id__in=list(user_ids),
        organisation_id__in=list(organisation_ids),
        ended_at=None,
        organisation__is_active=True,
        user__is_active=True,
    )
    return set(rows.values_list("user_id", "organisation_id"))


def open_invitations(*, actor: Actor, organisation_id: int) -> list[Invitation]:
    """Invitations neither accepted nor withdrawn, newest first. Raises NotFound."""
    organisation = managed_organisation(actor=actor, organisation_id=organisation_id)
    rows = Invitation.objects.filter(organisation=organisation, accepted_at=None, withdrawn_at=None)
    return list(rows.select_related("organisation").order_by("-created_at")[:200])


def user_ids(*, usernames: Iterable[str]) -> dict[str, int]:
    """Ids by sign-in name, of those that exist; for the demonstration's loaders, with the region's login."""
    return dict(User.objects.filter(username__in=list(usernames)).values_list("username", "id"))


def accepted_by(*, keys: Collection[str]) -> dict[str, int]:
    """Who accepted which of the invitations named by their keys; one statement."""
    rows = Invitation.objects.filter(key__in=list(keys), accepted_by__isnull=False)
    return {str(key): int(user_id) for key, user_id in rows.values_list("key", "accepted_by") if user_id is not None}

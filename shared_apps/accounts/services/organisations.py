"""Organisations and who belongs to them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.posts import Post
from kernel.problems import Conflict, InvalidInput, NotFound
from shared_apps.accounts.models import Membership, Organisation, User
from shared_apps.accounts.permissions import (
    OWN_ADMINISTRATOR,
    SELF_MANAGED,
    may_create_organisation,
    may_manage_people,
    require,
)
from shared_apps.accounts.rules import POSTS_OF_KIND, TENANT_KINDS, OrganisationKind
from shared_apps.region_journal.services import record
from tenants.database.context import region_atomic


class OrganisationExists(Conflict):
    code = "organisation-exists"
    title = _("There is an organisation of this kind with this code already")


class LastAdministrator(Conflict):
    """Without one nobody could look after the organisation's people any more."""

    code = "last-administrator"
    title = _("This person is the organisation's last administrator")


class AlreadyMember(Conflict):
    code = "already-member"
    title = _("This person belongs to the organisation already")


def organisation_facts(organisation: Organisation) -> dict[str, Any]:
    return {
        "organisation_id": organisation.pk,
        "organisation_name": organisation.name,
        "tenant_code": organisation.tenant_code,
    }


def check_posts(kind: str, posts: Collection[str]) -> list[str]:
    """The posts sorted. Raises InvalidInput for one that this kind of organisation does not have."""
    allowed = POSTS_OF_KIND[OrganisationKind(kind)]
    if any(post not in allowed for post in posts):
        raise InvalidInput(errors={"posts": [str(_("This kind of organisation does not have that post."))]})
    return sorted({str(Post(post)) for post in posts})


def create_organisation(
    *, actor: Actor, kind: OrganisationKind, code: str, name: str, tenant_code: str | None, now: datetime
) -> Organisation:
    """Raises OrganisationExists, NotPermitted, and InvalidInput when kind and tenant do not fit together."""
    kind = OrganisationKind(kind)
    require(may_create_organisation(actor, kind=kind, tenant_code=tenant_code))
    if (kind in TENANT_KINDS) != (tenant_code is not None):
        raise InvalidInput(
            errors={"tenant_code": [str(_("Only bureaus, purchasing bodies and units belong to a finance level."))]}
        )
    try:
        with region_atomic():
            organisation = Organisation.objects.create(
                kind=kind, code=code, name=name, tenant_code=tenant_code, created_at=now
            )
            record(
                actor=actor,
                event="accounts.organisation_created",
                object_type="organisation",
                object_id=organisation.pk,
                facts={**organisation_facts(organisation), "kind": str(kind), "code": code},
                now=now,
            )
    except IntegrityError as error:
        raise OrganisationExists(organisation=code) from error
    return organisation


def rename_organisation(*, actor: Actor, organisation_id: int, name: str, now: datetime) -> Organisation:
    """The party goes by another name, as a library of the region says. Raises NotFound, NotPermitted."""
    require(actor.is_system or actor.has(Post.PLATFORM_OPERATOR))
    with region_atomic():
        organisation = Organisation.objects.select_for_update().filter(pk=organisation_id).first()
        if organisation is None:
            raise NotFound(organisation=organisation_id)
        organisation.name = name
        organisation.save(update_fields=["name"])
        record(
            actor=actor,
            event="accounts.organisation_renamed",
            object_type="organisation",
            object_id=organisation.pk,
            facts=organisation_facts(organisation),
            now=now,
        )
    return organisation


def add_membership(
    *, actor: Actor, user_id: int, organisation_id: int, posts: Collection[Post | str], now: datetime
) -> Membership:
    """Raises AlreadyMember, NotFound, InvalidInput."""
    organisation = Organisation.objects.filter(pk=organisation_id, is_active=True).first()
    if organisation is None or not may_manage_people(actor, organisation):
        raise NotFound(organisation=organisation_id)
    if not User.objects.filter(pk=user_id, is_active=True).exists():
        raise NotFound(user=user_id)
    wanted = check_posts(organisation.kind, posts)
    try:
        with region_atomic():
            membership = Membership.objects.create(
                user_id=user_id, organisation=organisation, posts=wanted, created_at=now
            )
            _tell(actor, "accounts.member_added", membership, now)
    except IntegrityError as error:
        raise AlreadyMember(organisation=organisation.name) from error
    return membership


def change_posts(*, actor: Actor, membership_id: int, posts: Collection[Post | str], now: datetime) -> Membership:
    """Gives an open membership other posts of its organisation's kind.

    Raises NotFound, InvalidInput, LastAdministrator.
    """
    with region_atomic():
        membership = _locked(actor, membership_id)
        wanted = check_posts(membership.organisation.kind, posts)
        _keep_an_administrator(membership, wanted)
        membership.posts = wanted
        membership.save(update_fields=["posts"])
        _tell(actor, "accounts.member_posts_changed", membership, now)
    return membership


def end_membership(*, actor: Actor, membership_id: int, now: datetime) -> Membership:
    """Ends it: the person's posts there are gone with the next request, in every room.

    Raises NotFound, LastAdministrator.
    """
    with region_atomic():
        membership = _locked(actor, membership_id)
        _keep_an_administrator(membership, [])
        membership.ended_at = now
        membership.save(update_fields=["ended_at"])
        _tell(actor, "accounts.member_ended", membership, now)
    return membership


def _locked(actor: Actor, membership_id: int) -> Membership:
    """The open membership, locked. Raises NotFound, for one the actor does not look after as well."""
    membership = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("organisation", "user")
        .filter(pk=membership_id, ended_at=None)
        .first()
    )
    if membership is None or not may_manage_people(actor, membership.organisation):
        raise NotFound(membership=membership_id)
    return membership


def _keep_an_administrator(membership: Membership, wanted: list[str]) -> None:
    """A supplier and an agency look after their own people: one administrator stays. Raises LastAdministrator.

    The organisation's row is locked, so that two administrators who remove each other are not both obeyed.
    """
    kind = OrganisationKind(membership.organisation.kind)
    if kind not in SELF_MANAGED:
        return
    post = OWN_ADMINISTRATOR[kind]
    if post not in membership.posts or post in wanted:
        return
    Organisation.objects.select_for_update().get(pk=membership.organisation_id)
    others = Membership.objects.filter(
        organisation_id=membership.organisation_id, ended_at=None, posts__contains=[str(post)]
    ).exclude(pk=membership.pk)
    if not others.exists():
        raise LastAdministrator(organisation=membership.organisation.name)


def _tell(actor: Actor, event: str, membership: Membership, now: datetime) -> None:
    record(
        actor=actor,
        event=event,
        object_type="membership",
        object_id=membership.pk,
        facts={
            **organisation_facts(membership.organisation),
            "user_id": membership.user_id,
            "posts": membership.posts,
        },
        now=now,
    )

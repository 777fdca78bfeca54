"""Invitations: an offer to join an organisation, by e-mail. The link carries the secret, the row its hash."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.posts import Post
from kernel.problems import DomainError, NotFound, SignInRequired
from shared_apps.accounts import mail
from shared_apps.accounts.models import Invitation, Membership, Organisation, User
from shared_apps.accounts.permissions import may_manage_people
from shared_apps.accounts.rules import INVITATION_DAYS
from shared_apps.accounts.secret import hash_of, new_secret
from shared_apps.accounts.services.organisations import check_posts, organisation_facts
from shared_apps.accounts.services.people import insert_user
from shared_apps.region_journal.services import record
from tenants.database.context import region_atomic


class InvitationNotValid(DomainError):
    """Used, withdrawn, expired or never sent: the answer does not tell which."""

    code = "invitation-not-valid"
    status = 404
    title = _("This invitation is not valid any more")


def invite(
    *,
    actor: Actor,
    organisation_id: int,
    name: str,
    email: str,
    posts: Collection[Post | str],
    now: datetime,
    key: UUID | None = None,
) -> Invitation:
    """Stores an invitation and sends it after the commit. Raises NotFound, InvalidInput."""
    organisation = Organisation.objects.filter(pk=organisation_id, is_active=True).first()
    if organisation is None or not may_manage_people(actor, organisation):
        raise NotFound(organisation=organisation_id)
    wanted = check_posts(organisation.kind, posts)
    with region_atomic():
        invitation = store_invitation(
            organisation=organisation, name=name, email=email, posts=wanted, invited_by=actor.user_id, key=key, now=now
        )
        record(
            actor=actor,
            event="accounts.person_invited",
            object_type="invitation",
            object_id=str(invitation.key),
            facts={**organisation_facts(organisation), "invitation_key": str(invitation.key), "posts": wanted},
            now=now,
        )
    return invitation


def store_invitation(
    *,
    organisation: Organisation,
    name: str,
    email: str,
    posts: list[str],
    invited_by: int | None,
    now: datetime,
    key: UUID | None = None,
) -> Invitation:
    """Inserts the row inside the caller's transaction with its letter. The caller has journalled why."""
    secret = new_secret()
    invitation = Invitation(
        key=key or uuid4(),
        organisation=organisation,
        name=name,
        email=email,
        posts=posts,
        secret_hash=hash_of(secret),
        invited_by=invited_by,
        created_at=now,
        expires_at=now + timedelta(days=INVITATION_DAYS),
    )
    invitation.save(force_insert=True)
    mail.send_invitation(invitation=invitation, secret=secret)
    return invitation


def resend_invitation(*, actor: Actor, key: UUID, now: datetime) -> Invitation:
    """Sends an open invitation again under a new secret; the old link is dead. Raises NotFound."""
    secret = new_secret()
    with region_atomic():
        invitation = _open(actor, key)
        invitation.secret_hash = hash_of(secret)
        invitation.expires_at = now + timedelta(days=INVITATION_DAYS)
        invitation.save(update_fields=["secret_hash", "expires_at"])
        record(
            actor=actor,
            event="accounts.person_invited",
            object_type="invitation",
            object_id=str(key),
            facts={
                **organisation_facts(invitation.organisation),
                "invitation_key": str(key),
                "posts": invitation.posts,
            },
            now=now,
        )
        mail.send_invitation(invitation=invitation, secret=secret)
    return invitation


def withdraw_invitation(*, actor: Actor, key: UUID, now: datetime) -> Invitation:
    """Raises NotFound."""
    with region_atomic():
        invitation = _open(actor, key)
        invitation.withdrawn_at = now
        invitation.save(update_fields=["withdrawn_at"])
        record(
            actor=actor,
            event="accounts.invitation_withdrawn",
            object_type="invitation",
            object_id=str(key),
            facts={**organisation_facts(invitation.organisation), "invitation_key": str(key)},
            now=now,
        )
    return invitation


def _open(actor: Actor, key: UUID) -> Invitation:
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .filter(pk=key, accepted_at=None, withdrawn_at=None)
        .first()
    )
    if invitation is None or not may_manage_people(actor, invitation.organisation):
        raise NotFound(invitation=str(key))
    return invitation


def valid_invitation(*, secret: str, now: datetime) -> Invitation:
    """What the link's secret opens. Raises InvitationNotValid."""
    return _valid(secret, now, lock=False)


def _valid(secret: str, now: datetime, *, lock: bool) -> Invitation:
    rows = Invitation.objects.select_related("organisation").filter(
        secret_hash=hash_of(secret), accepted_at=None, withdrawn_at=None, expires_at__gt=now,
        organisation__is_active=True,
    )  # fmt: skip
    invitation = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if invitation is None:
        raise InvitationNotValid
    return invitation


def accept_invitation(*, secret: str, username: str, password: str, now: datetime) -> User:
    """Makes the invited person an account and a membership.

    Raises InvitationNotValid, UsernameTaken, PasswordRefused, InvalidInput.
    """
    with region_atomic():
        invitation = _valid(secret, now, lock=True)
        # The invited person acts for themselves, but is nobody yet: the invitation's name stands in the journal.
        nobody = Actor(user_id=None, name=invitation.name)
        user = insert_user(
            actor=nobody, username=username, name=invitation.name, email=invitation.email, password=password, now=now
        )
        _join(invitation, user, now)
    return user


def accept_as_member(*, actor: Actor, secret: str, now: datetime) -> User:
    """The signed-in person joins with the account they have; a member gets the invitation's posts besides their own.

    Raises InvitationNotValid, SignInRequired.
    """
    if actor.user_id is None:
        raise SignInRequired
    with region_atomic():
        invitation = _valid(secret, now, lock=True)
        user = User.objects.filter(pk=actor.user_id, is_active=True).first()
        if user is None:
            raise SignInRequired
        _join(invitation, user, now)
    return user


def _join(invitation: Invitation, user: User, now: datetime) -> None:
    invitation.accepted_at, invitation.accepted_by = now, user.pk
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    membership = (
        Membership.objects.select_for_update()
        .filter(user=user, organisation=invitation.organisation, ended_at=None)
        .first()
    )
    if membership is None:
        Membership.objects.create(
            user=user,
            organisation=invitation.organisation,
            posts=invitation.posts,
            invitation_key=invitation.key,
            created_at=now,
        )
    else:
        membership.posts = sorted({*membership.posts, *invitation.posts})
        membership.save(update_fields=["posts"])
    record(
        actor=Actor(user_id=user.pk, name=user.name),
        event="accounts.invitation_accepted",
        object_type="invitation",
        object_id=str(invitation.key),
        facts={
            **organisation_facts(invitation.organisation),
            "invitation_key": str(invitation.key),
            "user_id": user.pk,
            "posts": invitation.posts,
        },
        now=now,
    )

"""Who there is and who belongs where. What a member may do inside a tenant stands in that tenant (`access`)."""

from __future__ import annotations

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from shared_apps.accounts.rules import TENANT_KINDS, OrganisationKind

_TENANT_KINDS = sorted(kind.value for kind in TENANT_KINDS)


class User(AbstractBaseUser):
    """A person who signs in, on the region's host only."""

    username = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    is_active = models.BooleanField(default=True)
    # Part of every session's proof: a new value ends all sessions of the person on the region's host.
    session_salt = models.CharField(max_length=43, blank=True)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = BaseUserManager["User"]()

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    """A party: a bureau, a unit, a supplier, an agency. `tenant_code` only for those of one tenant."""

    kind = models.CharField(max_length=24, choices=[(kind.value, kind.value) for kind in OrganisationKind])
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    tenant_code = models.CharField(max_length=30, null=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="organisation_code_once", fields=["kind", "tenant_code", "code"], nulls_distinct=False
            ),
            models.CheckConstraint(
                name="organisation_of_a_tenant_names_it",
                condition=Q(kind__in=_TENANT_KINDS, tenant_code__isnull=False)
                | (~Q(kind__in=_TENANT_KINDS) & Q(tenant_code__isnull=True)),
            ),
        )

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person in an organisation, with the posts that the region grants; ended, never deleted."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    posts = models.JSONField(default=list)
    # The invitation it began with. Posts granted inside a tenant before the person had an account name such a key.
    invitation_key = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="membership_one_open", fields=["user", "organisation"], condition=Q(ended_at__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} @ {self.organisation}"


class Invitation(models.Model):
    """An offer to join an organisation, sent to an e-mail address; the link carries the secret, the row its hash."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="invitations")
    name = models.CharField(max_length=40)
    email = models.EmailField()
    posts = models.JSONField(default=list)
    secret_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.BigIntegerField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="invitation_accepted_by_somebody",
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False, withdrawn_at__isnull=True),
            ),
        )
        indexes = (models.Index(name="invitation_accepted", fields=["accepted_by"]),)

    def __str__(self) -> str:
        return f"{self.name} -> {self.organisation}"


class HandOff(models.Model):
    """A one-time passage of a signed-in person from the region's host to one tenant's."""

    secret_hash = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    tenant_code = models.CharField(max_length=30)
    next_path = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user_id} -> {self.tenant_code}"


class MallSession(models.Model):
    """A session on one tenant's host. The cookie holds the secret; whoever reads this table holds nothing."""

    secret_hash = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    tenant_code = models.CharField(max_length=30)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user_id} in {self.tenant_code}"


class SecurityEvent(models.Model):
    """The security log: failed and successful sign-ins, denied access, sessions ended. Not the journal."""

    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    user_id = models.BigIntegerField(null=True)
    # Of people that exist only: what a stranger types into the name field may be a password.
    username = models.CharField(max_length=40, blank=True)
    subject_hash = models.CharField(max_length=64, blank=True)
    address_hash = models.CharField(max_length=64, blank=True)
    host = models.CharField(max_length=255, blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = (
            models.Index(name="security_subject", fields=["subject_hash", "-at"]),
            models.Index(name="security_address", fields=["address_hash", "-at"]),
            models.Index(name="security_user", fields=["user_id", "-at"]),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"

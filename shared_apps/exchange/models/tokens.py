"""API tokens of suppliers' own systems."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class ApiToken(models.Model):
    """A secret by which a supplier's system keeps its catalogue. Only the hash is kept; it is shown once.

    It lets its maker's post act, narrowed to its scopes: it ends with the expiry, a revocation, the maker's post, or
    the supplier's admission.
    """

    organisation_id = models.BigIntegerField()
    supplier_id = models.BigIntegerField()
    name = models.CharField(max_length=40)
    # How it begins, so that a person knows which one a system uses.
    prefix = models.CharField(max_length=12)
    secret_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField()
    # One address or network a line; empty: from anywhere.
    addresses = models.TextField(blank=True)
    made_by_id = models.BigIntegerField()
    made_by_name = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_from = models.CharField(max_length=45, blank=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by_name = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(name="api_token_ends", condition=Q(expires_at__gt=F("made_at"))),
            models.CheckConstraint(
                name="api_token_hash_is_hex",
                condition=Q(secret_hash__regex=r"^[0-9a-f]{64}$"),  # noqa: S106  # a form, not a secret
            ),
        )
        indexes = (models.Index(name="api_token_of_organisation", fields=["organisation_id", "-id"]),)

    def __str__(self) -> str:
        return f"{self.prefix}… {self.name}"

"""The region's supplier library."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shared_apps.suppliers.rules import SME_SIZES, Size, Standing


class Supplier(models.Model):
    """A supplier of the whole region. Malls read a few columns of it (see apps.py), never its people."""

    uscc = models.CharField(max_length=18)
    name = models.CharField(max_length=120)
    # The party whose members act for it; null until somebody has registered.
    organisation_id = models.BigIntegerField(null=True)
    division_code = models.CharField(max_length=6)
    size = models.CharField(max_length=8, choices=[(size.value, size.value) for size in Size])
    is_sme = models.BooleanField()
    standing = models.CharField(max_length=16, choices=[(s.value, s.value) for s in Standing])
    standing_reason = models.CharField(max_length=300, blank=True)
    joined_on = models.DateField()
    legal_representative = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    # Compared for related parties, never shown (rules.names); services write them with what they are made of.
    representative_key = models.CharField(max_length=40, blank=True, db_default="")
    address_key = models.CharField(max_length=200, blank=True, db_default="")
    phone_key = models.CharField(max_length=20, blank=True, db_default="")
    # Shop categories it was admitted for (经营范围), by code; null or empty: it never said what it deals in.
    scope = models.JSONField(null=True)
    # When the supplier last said that all is as the library has it. Empty: nobody has asked it to.
    confirmed_on = models.DateField(null=True)
    confirmation_warned = models.PositiveSmallIntegerField(db_default=0)
    sme_declared_at = models.DateTimeField(null=True)
    is_demo = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="supplier_uscc_once", fields=["uscc"]),
            # The check digit is the service's to verify; the alphabet is GB 32100-2015's.
            models.CheckConstraint(
                name="supplier_uscc_form", condition=Q(uscc__regex=r"^[1-9ANY][0-9A-HJ-NP-RTUW-Y]{17}$")
            ),
            models.CheckConstraint(
                name="supplier_standing_known", condition=Q(standing__in=[standing.value for standing in Standing])
            ),
            models.CheckConstraint(
                name="supplier_sme_follows_size",
                condition=Q(is_sme=True, size__in=sorted(size.value for size in SME_SIZES))
                | Q(is_sme=False, size=Size.LARGE.value),
            ),
            models.UniqueConstraint(
                name="supplier_one_per_organisation",
                fields=["organisation_id"],
                condition=Q(organisation_id__isnull=False),
            ),
        )
        indexes = (
            models.Index(name="supplier_same_representative", fields=["representative_key"]),
            models.Index(name="supplier_same_address", fields=["address_key"]),
            models.Index(name="supplier_same_phone", fields=["phone_key"]),
        )

    def __str__(self) -> str:
        return self.name

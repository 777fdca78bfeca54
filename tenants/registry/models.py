"""The tenants and the hosts they answer on. Schema and login names never change; hosts may."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django_tenants.models import DomainMixin, TenantMixin

from tenants.registry.rules import SHUT, TenantKind, TenantState


class Tenant(TenantMixin):
    """A finance level (本级) with its own mall, in a schema and under a login of its own."""

    auto_create_schema = False

    code = models.CharField(max_length=30, unique=True)
    division_code = models.CharField(max_length=6)
    name = models.CharField(max_length=80)
    level = models.CharField(max_length=10)
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in TenantKind])
    state = models.CharField(max_length=12, choices=[(state.value, state.value) for state in TenantState])
    # Why the mall is suspended or archived: shown to everybody who meets it.
    state_reason = models.CharField(max_length=300, blank=True, default="")
    epoch = models.PositiveIntegerField(default=1)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    live_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="tenant_schema_is_a_login_name", condition=Q(schema_name__regex=r"^t[0-9]{6}(_[a-z0-9]{1,20})?$")
            ),
            models.CheckConstraint(
                name="tenant_reason_only_when_shut",
                condition=Q(state__in=sorted(SHUT)) | Q(state_reason=""),
            ),
            # One mall a finance level; practice malls come and go beside it.
            models.UniqueConstraint(
                name="tenant_one_own_level", fields=["division_code"], condition=Q(kind=TenantKind.OWN_LEVEL)
            ),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A plain save: schemas are made by `tenants.provisioning`, never by a side effect."""
        models.Model.save(self, *args, **kwargs)


class Domain(DomainMixin):
    """A host name of a tenant; exactly one is primary, the others redirect to it."""

    class Meta:
        constraints = (
            models.UniqueConstraint(name="domain_one_primary", fields=["tenant"], condition=Q(is_primary=True)),
        )

    def __str__(self) -> str:
        return str(self.domain)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A plain save: which domain is primary is decided by the service that moves it."""
        models.Model.save(self, *args, **kwargs)

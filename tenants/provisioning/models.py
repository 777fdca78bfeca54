"""The ledger of fleet migrations: one row a tenant and plan."""

from __future__ import annotations

from django.db import models


class MigrationState(models.TextChoices):
    PENDING = "pending", "pending"
    RUNNING = "running", "running"
    DONE = "done", "done"
    FAILED = "failed", "failed"


class TenantMigration(models.Model):
    """How far one tenant is with one plan. A plan is named by the hash of the migrations it applies."""

    tenant_code = models.CharField(max_length=30)
    plan = models.CharField(max_length=64)
    migrations = models.JSONField()
    state = models.CharField(max_length=8, choices=MigrationState.choices)
    error = models.TextField(blank=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(name="tenant_migration_once", fields=["tenant_code", "plan"]),)

    def __str__(self) -> str:
        return f"{self.tenant_code} {self.plan[:8]} {self.state}"

from __future__ import annotations

from django.db import models
from django_tenants.models import DomainMixin, TenantMixin


class Client(TenantMixin):
    name = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.name


class Host(DomainMixin):
    # Under these settings our own registry's hosts point at Client too.
    tenant = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="hosts", db_index=True)

    def __str__(self) -> str:
        return str(self.domain)

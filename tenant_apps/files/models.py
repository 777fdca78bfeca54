"""Files kept in a tenant's room."""

from __future__ import annotations

from tenants.database.models import TenantModel
from tenants.journaling.files import StoredFile


class TenantFile(StoredFile, TenantModel):
    """See tenants.journaling.files.StoredFile."""

    class Meta(StoredFile.Meta):
        pass

"""Files kept in the region's room."""

from __future__ import annotations

from tenants.journaling.files import StoredFile


class RegionFile(StoredFile):
    """See tenants.journaling.files.StoredFile."""

    class Meta(StoredFile.Meta):
        pass

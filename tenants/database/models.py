"""The abstract base of every row that belongs to one tenant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from django.db import models

from tenants.database.context import current_tenant, selected_code
from tenants.database.guards import TenantManager, WrongTenant, refuse_foreign

__all__ = ["TenantModel", "WrongTenant"]


class TenantModel(models.Model):
    """Remembers the tenant it was read in and refuses to be used in any other (tenants.database.guards).

    Without this an instance of tenant B saves silently into A, because both have the same table names.
    """

    objects = TenantManager()

    class Meta:
        abstract = True

    _read_in: str | None = None

    @classmethod
    def from_db(cls, db: str | None, field_names: Sequence[str], values: Sequence[Any]) -> Self:  # type: ignore[override]
        row = super().from_db(db, field_names, values)
        row._read_in = selected_code()
        return row

    def save_base(self, *args: Any, **kwargs: Any) -> None:
        self._refuse_foreign()
        super().save_base(*args, **kwargs)
        self._read_in = selected_code()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self._refuse_foreign()
        return super().delete(*args, **kwargs)

    def __eq__(self, other: object) -> bool:
        """As Django's; the row with the same id in another tenant is another row."""
        same: bool = super().__eq__(other)
        theirs = getattr(other, "_read_in", None)
        return same and (self._read_in is None or theirs is None or self._read_in == theirs)

    __hash__ = models.Model.__hash__

    def _refuse_foreign(self) -> None:
        current_tenant()
        refuse_foreign(self)

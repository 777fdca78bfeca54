"""The abstract base of every row that belongs to one tenant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from django.db import models

from tenants.database.context import current_tenant, selected_code


class WrongTenant(RuntimeError):
    """A row read in one tenant was about to be written in another: a mistake of ours."""


class TenantModel(models.Model):
    """Remembers the tenant it was read in and refuses to be saved or deleted in any other.

    Without this an instance of tenant B saves silently into A, because both have the same table names.
    """

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

    def _refuse_foreign(self) -> None:
        here = current_tenant().code
        if self._read_in is not None and self._read_in != here:
            raise WrongTenant(f"{type(self).__name__} {self.pk} was read in {self._read_in}, not in {here}")

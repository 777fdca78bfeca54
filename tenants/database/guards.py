"""What was read in one tenant is of no use in another: both have the same tables and the same ids.

Rows remember the tenant they were read in, querysets the tenant they were begun in. Whatever Django does with one of
them elsewhere - save, delete, read again, follow a relation, filter by it, evaluate late - raises WrongTenant: a
mistake of ours, never the user's.
"""

from __future__ import annotations

from typing import Any, Self, TypeVar

from django.db import models

from tenants.database.context import selected_code

M = TypeVar("M", bound=models.Model)


class WrongTenant(RuntimeError):
    """A row or queryset of one tenant was about to be used in another: a mistake of ours."""


def refuse_foreign(thing: object) -> None:
    """Raises WrongTenant for a tenant's row outside the tenant it was read in; lets everything else pass."""
    read_in = getattr(thing, "_read_in", None)
    if read_in is not None and read_in != selected_code():
        raise WrongTenant(f"{type(thing).__name__} {getattr(thing, 'pk', '')} was read in {read_in}")


class TenantQuerySet(models.QuerySet[M]):
    """A queryset that is evaluated where it was begun, and takes no rows of another tenant."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._begun_in = selected_code()

    def _clone(self) -> Self:
        made: Self = super()._clone()  # type: ignore[misc]
        # Begun where no tenant was selected (a class attribute): of no tenant until it is used in one.
        made._begun_in = self._begun_in or made._begun_in
        return made

    @property
    def db(self) -> str:
        """Asked by Django before every evaluation, however it is done."""
        here = selected_code()
        if self._begun_in is not None and here is not None and self._begun_in != here:
            raise WrongTenant(f"a queryset of {self.model.__name__} begun in {self._begun_in} is evaluated in {here}")
        return str(super().db)

    def _filter_or_exclude(self, negate: bool, args: Any, kwargs: Any) -> Self:
        for value in kwargs.values():
            refuse_foreign(value)
        found: Self = super()._filter_or_exclude(negate, args, kwargs)  # type: ignore[misc]
        return found

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> Any:
        """As Django's; the rows are this tenant's afterwards."""
        rows = _refused(objs)
        made = super().bulk_create(rows, *args, **kwargs)
        for row in rows:
            row._read_in = selected_code()
        return made

    def bulk_update(self, objs: Any, *args: Any, **kwargs: Any) -> int:
        return super().bulk_update(_refused(objs), *args, **kwargs)


def _refused(rows: Any) -> list[Any]:
    found = list(rows)
    for row in found:
        refuse_foreign(row)
    return found


class TenantManager(models.Manager[M]):
    """The manager of every tenant model: begins a TenantQuerySet."""

    def get_queryset(self) -> TenantQuerySet[M]:
        return TenantQuerySet(self.model, using=self._db, hints=self._hints)  # type: ignore[attr-defined]

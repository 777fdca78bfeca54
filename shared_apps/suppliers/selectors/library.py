"""Reading the supplier library. Every selector reads the public columns only, so that malls may call it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from shared_apps.suppliers.apps import PUBLIC_COLUMNS
from shared_apps.suppliers.models import Supplier
from shared_apps.suppliers.rules import Standing

_FIELDS = tuple(PUBLIC_COLUMNS.split(", "))
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class SupplierView:
    """What everybody may know of a supplier."""

    id: int
    uscc: str
    name: str
    organisation_id: int | None
    division_code: str
    size: str
    is_sme: bool
    standing: str
    is_demo: bool
    version: int


@dataclass(frozen=True, slots=True)
class SupplierList:
    suppliers: tuple[SupplierView, ...]
    next_after: int | None


def suppliers_by_id(*, ids: Collection[int]) -> dict[int, SupplierView]:
    """One statement; ids that do not exist are left out."""
    rows = Supplier.objects.filter(pk__in=list(ids)).values(*_FIELDS)
    return {row["id"]: SupplierView(**row) for row in rows}


def supplier_by_code(*, uscc: str) -> SupplierView | None:
    row = Supplier.objects.filter(uscc=uscc).values(*_FIELDS).first()
    return SupplierView(**row) if row else None


def supplier_of_organisations(*, organisation_ids: Collection[int]) -> tuple[SupplierView, ...]:
    """The suppliers a person acts for, by the organisations they belong to."""
    rows = Supplier.objects.filter(organisation_id__in=list(organisation_ids)).order_by("id").values(*_FIELDS)
    return tuple(SupplierView(**row) for row in rows)


def admitted_suppliers() -> tuple[SupplierView, ...]:
    """All admitted suppliers by name: the choices of a shelf. One statement."""
    rows = Supplier.objects.filter(standing=Standing.ADMITTED).order_by("name", "id").values(*_FIELDS)
    return tuple(SupplierView(**row) for row in rows)


def list_suppliers(*, text: str = "", standing: str = "", after: int = 0) -> SupplierList:
    """The library by id, a page at a time; `text` is a part of the name or the whole credit code."""
    rows = Supplier.objects.filter(pk__gt=after)
    if text:
        rows = rows.filter(name__icontains=text) | rows.filter(uscc=text.upper())
    if standing:
        rows = rows.filter(standing=standing)
    found = [SupplierView(**row) for row in rows.order_by("id").values(*_FIELDS)[: PAGE_SIZE + 1]]
    more = len(found) > PAGE_SIZE
    return SupplierList(tuple(found[:PAGE_SIZE]), found[PAGE_SIZE - 1].id if more else None)

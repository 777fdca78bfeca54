"""Reading the supplier library. Every selector reads the public columns only, so that malls may call it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from kernel.problems import NotFound
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


def suppliers_by_code(*, codes: Collection[str]) -> dict[str, SupplierView]:
    """One statement; codes that are not in the library are left out."""
    rows = Supplier.objects.filter(uscc__in=list(codes)).values(*_FIELDS)
    return {row["uscc"]: SupplierView(**row) for row in rows}


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


# What everybody may look up: those that are or were in the library. Who was refused is nobody's business.
PUBLIC_STANDINGS = (Standing.ADMITTED, Standing.SUSPENDED, Standing.REMOVED)
SORTS = {"entry": ("id", False), "name": ("name", False), "newest": ("id", True)}


def public_supplier(*, supplier_id: int) -> SupplierView:
    """Raises NotFound, for one that never came into the library too."""
    row = Supplier.objects.filter(pk=supplier_id, standing__in=PUBLIC_STANDINGS).values(*_FIELDS).first()
    if row is None:
        raise NotFound(supplier_id=supplier_id)
    return SupplierView(**row)


def list_suppliers(
    *, text: str = "", standing: str = "", division: str = "", size: str = "", sort: str = "entry", after: int = 0,
    rows_max: int = PAGE_SIZE,
) -> SupplierList:  # fmt: skip
    """The library, a page at a time; `text` is a part of the name or the whole credit code.

    `after` is the last id of the page before, in the same sort. `division` is a code: a prefecture's takes its
    counties along.
    """
    rows = Supplier.objects.filter(standing__in=PUBLIC_STANDINGS)
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(uscc=text.upper()))
    if standing:
        rows = rows.filter(standing=standing)
    if division:
        rows = rows.filter(division_code__startswith=division[:4] if division.endswith("00") else division)
    if size:
        rows = rows.filter(size=size)
    column, descending = SORTS[sort]
    if after:
        anchor = Supplier.objects.filter(pk=after).values_list(column, flat=True).first()
        rows = rows.filter(_beyond(column, descending, anchor, after)) if anchor is not None else rows.none()
    ordered = rows.order_by(f"-{column}" if descending else column, "id")
    found = [SupplierView(**row) for row in ordered.values(*_FIELDS)[: rows_max + 1]]
    more = len(found) > rows_max
    return SupplierList(tuple(found[:rows_max]), found[rows_max - 1].id if more else None)


def _beyond(column: str, descending: bool, anchor: object, after: int) -> Q:
    if column == "id":
        return Q(pk__lt=after) if descending else Q(pk__gt=after)
    return Q(**{f"{column}__gt": anchor}) | Q(**{column: anchor, "pk__gt": after})

"""Many suppliers of a library that was kept elsewhere so far. One journal row a call.

Only the region's staff bring them in. A supplier that an organisation acts for already looks after its own entry: its
row is left alone, as a change of it is vetted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import TypedDict

from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.clock import local_date
from kernel.judged import JudgedRow
from kernel.problems import NotPermitted
from shared_apps.region_journal.services import record
from shared_apps.suppliers.changes import standing_changed
from shared_apps.suppliers.models import Supplier
from shared_apps.suppliers.rules import LIBRARIANS, SME_SIZES, SUPPLIER_LIFECYCLE, Size, Standing
from shared_apps.suppliers.services.rows import KEY_FIELDS, set_keys
from tenants.database.context import region_atomic

_AT_ONCE = 2000
_TEXTS = ("name", "division_code", "size", "legal_representative", "address", "phone")


class SupplierRow(TypedDict):
    """One supplier as JSON has it. `standing` is under_review or admitted; only new suppliers take it."""

    uscc: str
    name: str
    division_code: str
    size: str
    legal_representative: str
    address: str
    phone: str
    joined_on: str | None
    standing: str


def judge_suppliers(*, rows: Sequence[SupplierRow], lock: bool = False) -> list[JudgedRow]:
    """What storing each row would do now. One statement. The rows name each supplier once."""
    return [judged for judged, _kept in _judged(rows, lock=lock)]


def _judged(rows: Sequence[SupplierRow], *, lock: bool) -> list[tuple[JudgedRow, Supplier | None]]:
    kept = Supplier.objects.filter(uscc__in=[row["uscc"] for row in rows]).order_by("id")
    if lock:
        kept = kept.select_for_update()
    known = {supplier.uscc: supplier for supplier in kept}
    return [(_compared(row, known.get(row["uscc"])), known.get(row["uscc"])) for row in rows]


def _compared(row: SupplierRow, kept: Supplier | None) -> JudgedRow:
    if kept is None:
        return JudgedRow("new")
    if all(row[name] == getattr(kept, name) for name in _TEXTS):  # type: ignore[literal-required]  # names of the row
        return JudgedRow("unchanged")
    if kept.organisation_id is not None:
        return JudgedRow("wrong", "uscc", _("This supplier looks after its own entry: a change of it is vetted."))
    return JudgedRow("changed")


def store_suppliers(
    *, actor: Actor, rows: Sequence[SupplierRow], now: datetime, is_demo: bool = False
) -> list[JudgedRow]:
    """Stores what the rows change; wrong ones are left out. Raises NotPermitted.

    The same number of statements however many rows. With `is_demo` new ones are marked as invented.
    """
    if not (actor.is_system or actor.posts & LIBRARIANS):
        raise NotPermitted(action="register_supplier")
    with region_atomic():
        judged = _judged(rows, lock=True)
        made = Supplier.objects.bulk_create(
            _new(row, now, is_demo) for row, (one, _kept) in zip(rows, judged, strict=True) if one.verdict == "new"
        )
        changed = [
            _changed(row, kept)
            for row, (one, kept) in zip(rows, judged, strict=True)
            if one.verdict == "changed" and kept is not None
        ]
        Supplier.objects.bulk_update(changed, [*_TEXTS, "is_sme", *KEY_FIELDS, "version"])
        if made or changed:
            standing_changed(supplier_ids=[supplier.pk for supplier in (*made, *changed)], now=now)
            record(
                actor=actor,
                event="suppliers.stored",
                object_type="supplier_table",
                object_id=(*made, *changed)[0].uscc,
                facts={
                    "created": [supplier.uscc for supplier in made],
                    "admitted": [supplier.uscc for supplier in made if supplier.standing == Standing.ADMITTED],
                    "changed": [supplier.uscc for supplier in changed],
                },
                now=now,
            )
    return [one for one, _kept in judged]


def _new(row: SupplierRow, now: datetime, is_demo: bool) -> Supplier:
    standing = SUPPLIER_LIFECYCLE.initial
    if row["standing"] == Standing.ADMITTED:
        # By the region's staff, who may admit; the journal names those admitted.
        standing = SUPPLIER_LIFECYCLE.next(standing, "admit").target
    supplier = Supplier(
        uscc=row["uscc"],
        standing=standing,
        joined_on=date.fromisoformat(row["joined_on"]) if row["joined_on"] else local_date(now),
        confirmed_on=local_date(now),
        version=0,
        is_demo=is_demo,
    )
    return _changed(row, supplier)


def _changed(row: SupplierRow, supplier: Supplier) -> Supplier:
    for name in _TEXTS:
        setattr(supplier, name, row[name])  # type: ignore[literal-required]  # names of the row
    supplier.is_sme = Size(row["size"]) in SME_SIZES
    supplier.version += 1
    return set_keys(supplier)


def all_suppliers() -> Iterator[SupplierRow]:
    """The library by id, some at a time."""
    after = 0
    while True:
        found = list(Supplier.objects.filter(pk__gt=after).order_by("pk")[:_AT_ONCE])
        if not found:
            return
        after = found[-1].pk
        for one in found:
            yield SupplierRow(
                uscc=one.uscc,
                name=one.name,
                division_code=one.division_code,
                size=one.size,
                legal_representative=one.legal_representative,
                address=one.address,
                phone=one.phone,
                joined_on=one.joined_on.isoformat(),
                standing=one.standing,
            )

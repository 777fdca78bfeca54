"""What a supplier's people see of it: everything, where they administer it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from kernel.actor import Actor
from kernel.problems import NotFound
from shared_apps.region_journal.selectors import of_object
from shared_apps.suppliers.models import (
    LibraryTerms,
    Qualification,
    Shareholder,
    Supplier,
    SupplierApplication,
    SupplierHold,
)
from shared_apps.suppliers.permissions import READERS, SUPPLIER_POSTS
from shared_apps.suppliers.rules.terms import SHIPPED, confirm_by
from tenants.divisions.selectors import name_of

if TYPE_CHECKING:
    from shared_apps.region_journal.models import RegionJournalEntry


@dataclass(frozen=True, slots=True)
class WholeSupplier:
    """A supplier with what its people and its supervisors see of it today."""

    row: Supplier
    # Empty where no division of today has the code.
    division_name: str
    # Papers that count today.
    qualifications: tuple[Qualification, ...]
    # Papers that were renewed or given up, where they were asked for, the last first.
    ended: tuple[Qualification, ...]
    holds: tuple[SupplierHold, ...]
    # The last day of the next confirmation; None where nobody has asked it to confirm.
    confirm_by: date | None


def _whole(rows: QuerySet[Supplier], *, today: date, with_ended: bool = False) -> list[WholeSupplier]:
    """The suppliers with papers and holds: at most three statements for any number of them."""
    months = LibraryTerms.objects.filter(valid_from__lte=today).order_by("-valid_from").values("confirmation_months")
    open_holds = SupplierHold.objects.filter(released_at=None)
    found: list[Any] = list(
        rows.order_by("pk").annotate(
            months=Subquery(months[:1]),
            division_name=name_of("division_code"),
            is_held=Exists(open_holds.filter(supplier=OuterRef("pk"))),
        )
    )
    papers: dict[int, list[Qualification]] = defaultdict(list)
    ended: dict[int, list[Qualification]] = defaultdict(list)
    holds: dict[int, list[SupplierHold]] = defaultdict(list)
    kept = Qualification.objects.filter(supplier__in=found)
    if not with_ended:
        kept = kept.filter(ended_at=None)
    for paper in kept.order_by("-ended_at", "kind", "pk"):
        (ended if paper.ended_at else papers)[paper.supplier_id].append(paper)
    for hold in open_holds.filter(supplier__in=[row for row in found if row.is_held]).order_by("since", "pk"):
        holds[hold.supplier_id].append(hold)
    return [
        WholeSupplier(
            row=row,
            division_name=row.division_name or "",
            qualifications=tuple(papers[row.pk]),
            ended=tuple(ended[row.pk]),
            holds=tuple(holds[row.pk]),
            confirm_by=confirm_by(confirmed_on=row.confirmed_on, months=row.months or SHIPPED.confirmation_months)
            if row.confirmed_on
            else None,
        )
        for row in found
    ]


def _own(actor: Actor) -> QuerySet[Supplier]:
    places = {place for post in SUPPLIER_POSTS for place in actor.organisations(post)}
    return Supplier.objects.filter(organisation_id__in=places)


def own_suppliers(*, actor: Actor) -> list[Supplier]:
    """The suppliers whose people the actor belongs to with a post."""
    return list(_own(actor).order_by("pk"))


def own_whole(*, actor: Actor, today: date) -> list[WholeSupplier]:
    """The same with what belongs to them."""
    return _whole(_own(actor), today=today)


def own_supplier(*, actor: Actor, supplier_id: int) -> Supplier:
    """Raises NotFound, for strangers too."""
    for row in own_suppliers(actor=actor):
        if row.pk == supplier_id:
            return row
    raise NotFound(supplier_id=supplier_id)


@dataclass(frozen=True, slots=True)
class SupplierRecord:
    """Everything of a supplier, for supervision."""

    whole: WholeSupplier
    shareholders: tuple[Shareholder, ...]
    applications: tuple[SupplierApplication, ...]
    history: tuple[RegionJournalEntry, ...]


def supplier_record(*, actor: Actor, supplier_id: int, today: date) -> SupplierRecord:
    """Raises NotFound, for those who may not read it as well."""
    rows = Supplier.objects.filter(pk=supplier_id) if actor.posts & READERS else Supplier.objects.none()
    found = _whole(rows, today=today, with_ended=True)
    if not found:
        raise NotFound(supplier_id=supplier_id)
    (one,) = found
    return SupplierRecord(
        whole=one,
        shareholders=tuple(one.row.shareholders.order_by("-share", "name")),
        applications=tuple(one.row.applications.exclude(submitted_at=None).order_by("-submitted_at", "-pk")),
        history=tuple(of_object(object_type="supplier", object_id=supplier_id)),
    )

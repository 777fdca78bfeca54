"""What a supplier's people see of it: everything, where they administer it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from kernel.actor import Actor
from kernel.problems import NotFound
from shared_apps.region_journal.selectors import of_object
from shared_apps.suppliers.models import Qualification, Shareholder, Supplier, SupplierApplication, SupplierHold
from shared_apps.suppliers.permissions import READERS, SUPPLIER_POSTS
from shared_apps.suppliers.rules import OPEN_STATES
from shared_apps.suppliers.rules.terms import confirm_by
from shared_apps.suppliers.selectors.terms import terms_of

if TYPE_CHECKING:
    from shared_apps.region_journal.models import RegionJournalEntry


@dataclass(frozen=True, slots=True)
class WholeSupplier:
    """A supplier with what belongs to it today."""

    row: Supplier
    qualifications: tuple[Qualification, ...]
    shareholders: tuple[Shareholder, ...]
    holds: tuple[SupplierHold, ...]
    open_application: SupplierApplication | None
    # The last day of the next confirmation; None where nobody has asked it to confirm.
    confirm_by: date | None


def whole(row: Supplier, *, today: date) -> WholeSupplier:
    months = terms_of(today).confirmation_months
    return WholeSupplier(
        row=row,
        qualifications=tuple(row.qualifications.filter(ended_at=None).order_by("kind", "pk")),
        shareholders=tuple(row.shareholders.order_by("-share", "name")),
        holds=tuple(row.holds.filter(released_at=None).order_by("since", "pk")),
        open_application=row.applications.filter(state__in=[state.value for state in OPEN_STATES]).first(),
        confirm_by=confirm_by(confirmed_on=row.confirmed_on, months=months) if row.confirmed_on else None,
    )


def own_suppliers(*, actor: Actor) -> list[Supplier]:
    """The suppliers whose people the actor belongs to with a post."""
    places = {place for post in SUPPLIER_POSTS for place in actor.organisations(post)}
    return list(Supplier.objects.filter(organisation_id__in=places).order_by("pk")) if places else []


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
    applications: tuple[SupplierApplication, ...]
    # Papers that were renewed or given up.
    ended: tuple[Qualification, ...]
    history: tuple[RegionJournalEntry, ...]


def supplier_record(*, actor: Actor, supplier_id: int, today: date) -> SupplierRecord:
    """Raises NotFound, for those who may not read it as well."""
    row = Supplier.objects.filter(pk=supplier_id).first() if actor.posts & READERS else None
    if row is None:
        raise NotFound(supplier_id=supplier_id)
    return SupplierRecord(
        whole=whole(row, today=today),
        applications=tuple(row.applications.exclude(submitted_at=None).order_by("-submitted_at", "-pk")),
        ended=tuple(row.qualifications.exclude(ended_at=None).order_by("-ended_at")),
        history=tuple(of_object(object_type="supplier", object_id=supplier_id)),
    )

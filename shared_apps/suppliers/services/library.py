"""Admitting suppliers to the library and changing their standing. One transaction and one journal row each."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.clock import local_date
from kernel.inputs import checked_uscc
from kernel.problems import Conflict, NotPermitted
from shared_apps.suppliers.changes import standing_changed
from shared_apps.suppliers.models import Supplier
from shared_apps.suppliers.rules import LIBRARIANS, SME_SIZES, SUPPLIER_LIFECYCLE, HoldCause, Size, Standing
from shared_apps.suppliers.services.holds import HeldOtherwise, follow_holds, hold_supplier, release_hold
from shared_apps.suppliers.services.rows import locked, set_keys, tell
from tenants.database.context import region_atomic


class SupplierExists(Conflict):
    code = "supplier-exists"
    title = _("A supplier with this credit code is in the library already")


class OrganisationTaken(Conflict):
    code = "organisation-taken"
    title = _("This organisation acts for another supplier already")


def register_supplier(
    *,
    actor: Actor,
    uscc: str,
    name: str,
    division_code: str,
    size: str,
    now: datetime,
    legal_representative: str = "",
    address: str = "",
    phone: str = "",
    joined_on: date | None = None,
    is_demo: bool = False,
) -> Supplier:
    """A new supplier, under review. Raises SupplierExists."""
    _require_librarian(actor, "register_supplier")
    supplier = Supplier(
        uscc=checked_uscc(uscc),
        name=name,
        division_code=division_code,
        size=Size(size),
        is_sme=Size(size) in SME_SIZES,
        standing=Standing.UNDER_REVIEW,
        joined_on=joined_on or now.date(),
        legal_representative=legal_representative,
        address=address,
        phone=phone,
        is_demo=is_demo,
        # The clock of the yearly confirmation begins with the entry.
        confirmed_on=local_date(now),
    )
    set_keys(supplier)
    try:
        with region_atomic():
            supplier.save(force_insert=True)
            tell(actor, "suppliers.registered", supplier, now)
    except IntegrityError as error:
        raise SupplierExists(uscc=supplier.uscc) from error
    return supplier


def change_standing(*, actor: Actor, supplier_id: int, action: str, reason: str, now: datetime) -> Supplier:
    """Admit, refuse, suspend, reinstate or remove.

    Suspending and reinstating lay and lift the hold that people laid; what else holds the supplier stays.
    Raises WrongState, HeldOtherwise, and NotPermitted for a post not in the table.
    """
    with region_atomic():
        supplier = locked(supplier_id)
        move = SUPPLIER_LIFECYCLE.next(supplier.standing, action)
        if not (actor.is_system or actor.posts.intersection(move.posts)):
            raise NotPermitted(action=action)
        if action == "suspend":
            hold_supplier(
                actor=actor, supplier_id=supplier_id, cause=HoldCause.MANUAL, reference="", reason=reason, now=now
            )
        elif action == "reinstate":
            found = release_hold(actor=actor, supplier_id=supplier_id, cause=HoldCause.MANUAL, reference="", now=now)
            if found is None:
                raise HeldOtherwise(
                    causes=list(supplier.holds.filter(released_at=None).values_list("cause", flat=True))
                )
        else:
            _move(supplier, move.target, reason=reason, now=now)
            tell(actor, "suppliers.standing_changed", supplier, now, action=action, reason=reason)
        supplier.refresh_from_db()
    return supplier


def _move(supplier: Supplier, target: str, *, reason: str, now: datetime) -> None:
    """Out of review or out of the library. What holds a supplier already suspends it as soon as it is admitted."""
    supplier.standing, supplier.standing_reason = target, reason
    supplier.version += 1
    supplier.save(update_fields=["standing", "standing_reason", "version"])
    standing_changed(supplier_ids=[supplier.pk], now=now)
    follow_holds(supplier, reason="", now=now)


def link_organisation(*, actor: Actor, supplier_id: int, organisation_id: int, now: datetime) -> Supplier:
    """The party whose members act for the supplier from now on. Raises OrganisationTaken."""
    _require_librarian(actor, "link_organisation")
    try:
        with region_atomic():
            supplier = locked(supplier_id)
            if supplier.organisation_id != organisation_id:
                supplier.organisation_id = organisation_id
                supplier.version += 1
                supplier.save(update_fields=["organisation_id", "version"])
                tell(actor, "suppliers.organisation_linked", supplier, now, organisation_id=organisation_id)
    except IntegrityError as error:
        raise OrganisationTaken(organisation_id=organisation_id) from error
    return supplier


def _require_librarian(actor: Actor, action: str) -> None:
    if not (actor.is_system or actor.posts & LIBRARIANS):
        raise NotPermitted(action=action)

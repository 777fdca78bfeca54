"""Admitting suppliers to the library and changing their standing. One transaction and one journal row each."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ValidationError

from kernel.actor import Actor
from kernel.inputs import UsccField
from kernel.problems import Conflict, InvalidInput, NotFound, NotPermitted
from shared_apps.region_journal.services import record
from shared_apps.suppliers.models import Supplier
from shared_apps.suppliers.rules import LIBRARIANS, SME_SIZES, SUPPLIER_LIFECYCLE, Size, Standing
from tenants.database.context import region_atomic


class SupplierExists(Conflict):
    code = "supplier-exists"
    title = _("A supplier with this credit code is in the library already")


class OrganisationTaken(Conflict):
    code = "organisation-taken"
    title = _("This organisation acts for another supplier already")


def checked_uscc(code: str) -> str:
    """The code in upper case. Raises InvalidInput when its form or check digit is wrong (GB 32100-2015)."""
    try:
        checked: str = UsccField().run_validation(code)
    except ValidationError as error:
        details = error.detail if isinstance(error.detail, list) else [error.detail]
        raise InvalidInput(errors={"uscc": [str(detail) for detail in details]}) from error
    return checked


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
    )
    try:
        with region_atomic():
            supplier.save(force_insert=True)
            _record(actor, "suppliers.registered", supplier, now)
    except IntegrityError as error:
        raise SupplierExists(uscc=supplier.uscc) from error
    return supplier


def change_standing(*, actor: Actor, supplier_id: int, action: str, reason: str, now: datetime) -> Supplier:
    """Admit, refuse, suspend, reinstate or remove. Raises WrongState, and NotPermitted for a post not in the table."""
    with region_atomic():
        supplier = _locked(supplier_id)
        move = SUPPLIER_LIFECYCLE.next(supplier.standing, action)
        if not (actor.is_system or actor.posts.intersection(move.posts)):
            raise NotPermitted(action=action)
        supplier.standing, supplier.standing_reason = move.target, reason
        supplier.version += 1
        supplier.save(update_fields=["standing", "standing_reason", "version"])
        _record(actor, "suppliers.standing_changed", supplier, now, action=action, reason=reason)
    return supplier


def link_organisation(*, actor: Actor, supplier_id: int, organisation_id: int, now: datetime) -> Supplier:
    """The party whose members act for the supplier from now on. Raises OrganisationTaken."""
    _require_librarian(actor, "link_organisation")
    try:
        with region_atomic():
            supplier = _locked(supplier_id)
            if supplier.organisation_id != organisation_id:
                supplier.organisation_id = organisation_id
                supplier.version += 1
                supplier.save(update_fields=["organisation_id", "version"])
                _record(actor, "suppliers.organisation_linked", supplier, now, organisation_id=organisation_id)
    except IntegrityError as error:
        raise OrganisationTaken(organisation_id=organisation_id) from error
    return supplier


def _require_librarian(actor: Actor, action: str) -> None:
    if not (actor.is_system or actor.posts & LIBRARIANS):
        raise NotPermitted(action=action)


def _locked(supplier_id: int) -> Supplier:
    supplier = Supplier.objects.select_for_update().filter(pk=supplier_id).first()
    if supplier is None:
        raise NotFound(supplier_id=supplier_id)
    return supplier


def _record(actor: Actor, event: str, supplier: Supplier, now: datetime, **more: object) -> None:
    facts = {"uscc": supplier.uscc, "name": supplier.name, "standing": str(supplier.standing), **more}
    record(actor=actor, event=event, object_type="supplier", object_id=supplier.pk, facts=facts, now=now)

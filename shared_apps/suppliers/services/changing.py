"""What a supplier in the library does: apply for a change, give a new telephone, confirm that all is as it stands."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from kernel.actor import SYSTEM, Actor
from kernel.clock import local_date
from kernel.problems import Conflict, NotFound
from shared_apps.suppliers.models import Supplier, SupplierApplication
from shared_apps.suppliers.permissions import acts_for
from shared_apps.suppliers.rules import ApplicationKind, ApplicationState, HoldCause, Standing
from shared_apps.suppliers.services.beginning import RegistrationOpen, new_number
from shared_apps.suppliers.services.holds import release_hold
from shared_apps.suppliers.services.rows import KEY_FIELDS, locked, set_keys, tell, tell_application
from tenants.database.context import region_atomic

_IN_THE_LIBRARY = (Standing.ADMITTED, Standing.SUSPENDED)


class NotInTheLibrary(Conflict):
    code = "supplier-not-in-the-library"
    title = _("This supplier is not in the library")


def begin_change(*, actor: Actor, supplier_id: int, now: datetime) -> SupplierApplication:
    """A draft that says what the library says; the library stays as it is until the draft is approved.

    Raises NotFound, NotInTheLibrary, RegistrationOpen while another application of the supplier is on its way.
    """
    try:
        with region_atomic():
            supplier = _own(actor, supplier_id)
            row = SupplierApplication.objects.create(
                number=new_number(now=now),
                kind=ApplicationKind.CHANGE,
                state=ApplicationState.DRAFT,
                supplier=supplier,
                owner_id=actor.user_id,
                applicant_name=actor.name,
                uscc=supplier.uscc,
                name=supplier.name,
                legal_representative=supplier.legal_representative,
                address=supplier.address,
                division_code=supplier.division_code,
                phone=supplier.phone,
                size=supplier.size,
                scope=supplier.scope or [],
                shareholders=[
                    {"name": one.name, "share": "" if one.share is None else f"{one.share:.2f}"}
                    for one in supplier.shareholders.order_by("-share", "name")
                ],
                created_at=now,
                changed_at=now,
            )
            tell_application(actor, "suppliers.application_begun", row, now)
    except IntegrityError as error:
        if "supplier_application_one_open_per_code" in str(error):
            raise RegistrationOpen(supplier=supplier_id) from error
        raise
    return row


def change_phone(*, actor: Actor, supplier_id: int, phone: str, now: datetime) -> Supplier:
    """The telephone is the supplier's own and changes at once. Raises NotFound, NotInTheLibrary."""
    with region_atomic():
        supplier = _own(actor, supplier_id)
        if supplier.phone == phone:
            return supplier
        supplier.phone = phone
        supplier.version += 1
        set_keys(supplier).save(update_fields=["phone", "version", *KEY_FIELDS])
        tell(actor, "suppliers.phone_changed", supplier, now)
    return supplier


def confirm_supplier(*, actor: Actor, supplier_id: int, now: datetime) -> Supplier:
    """All is as the library has it: the year begins anew, and what its lapse held is released.

    Raises NotFound, NotInTheLibrary.
    """
    with region_atomic():
        supplier = _own(actor, supplier_id)
        supplier.confirmed_on, supplier.confirmation_warned = local_date(now), 0
        supplier.save(update_fields=["confirmed_on", "confirmation_warned"])
        tell(
            actor, "suppliers.confirmed", supplier, now,
            confirmed_on=supplier.confirmed_on.isoformat(), organisation_id=supplier.organisation_id,
        )  # fmt: skip
        release_hold(actor=SYSTEM, supplier_id=supplier_id, cause=HoldCause.NOT_RECONFIRMED, reference="", now=now)
        supplier.refresh_from_db()
    return supplier


def _own(actor: Actor, supplier_id: int) -> Supplier:
    """Raises NotFound for a supplier that the actor does not administer, NotInTheLibrary."""
    supplier = locked(supplier_id)
    if not acts_for(actor, supplier.organisation_id):
        raise NotFound(supplier_id=supplier_id)
    if supplier.standing not in _IN_THE_LIBRARY:
        raise NotInTheLibrary(name=supplier.name)
    return supplier

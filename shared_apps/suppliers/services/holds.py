"""Holding and releasing a supplier. The standing follows the open holds, whatever order they begin and end in."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.problems import Conflict, NotPermitted
from shared_apps.suppliers.changes import standing_changed
from shared_apps.suppliers.models import Supplier, SupplierHold
from shared_apps.suppliers.rules import LIBRARIANS, HoldCause, standing_with_holds
from shared_apps.suppliers.services.rows import locked, tell
from tenants.database.context import region_atomic


class HeldOtherwise(Conflict):
    """Nothing that people laid on it holds the supplier: what does is ended where it began."""

    code = "supplier-held-otherwise"
    title = _("The supplier is held for another cause, which ends by itself or by its own decision")


def hold_supplier(
    *,
    actor: Actor,
    supplier_id: int,
    cause: str,
    reference: str,
    reason: str,
    now: datetime,
    until: date | None = None,
) -> SupplierHold:
    """Keeps the supplier out for this cause; the one that is open already is answered again.

    A supplier that is not in the library (yet, or any more) keeps its standing, and the hold counts when it is
    admitted. Raises NotFound, and NotPermitted but for region staff and the system.
    """
    _require_librarian(actor)
    with region_atomic():
        supplier = locked(supplier_id)
        found = supplier.holds.filter(cause=HoldCause(cause), reference=reference, released_at=None).first()
        if found is not None:
            return found
        hold = SupplierHold.objects.create(
            supplier=supplier,
            cause=HoldCause(cause),
            reference=reference,
            reason=reason,
            since=now,
            until=until,
            held_by_name=actor.name,
        )
        follow_holds(supplier, reason=reason, now=now)
        tell(
            actor, "suppliers.held", supplier, now,
            cause=str(hold.cause), reference=reference, reason=reason, until=until.isoformat() if until else "",
            organisation_id=supplier.organisation_id,
        )  # fmt: skip
    return hold


def release_hold(*, actor: Actor, supplier_id: int, cause: str, reference: str, now: datetime) -> SupplierHold | None:
    """Ends the open hold of this cause and reference; None, and nothing is written, where there is none.

    Raises NotFound for a supplier that does not exist, and NotPermitted.
    """
    _require_librarian(actor)
    with region_atomic():
        supplier = locked(supplier_id)
        hold = supplier.holds.filter(cause=HoldCause(cause), reference=reference, released_at=None).first()
        if hold is None:
            return None
        # The timer goes by the database's clock, people by the web process's.
        hold.released_at, hold.released_by_name = max(now, hold.since), actor.name
        hold.save(update_fields=["released_at", "released_by_name"])
        follow_holds(supplier, reason="", now=now)
        tell(
            actor, "suppliers.released", supplier, now,
            cause=str(hold.cause), reference=reference, organisation_id=supplier.organisation_id,
        )  # fmt: skip
    return hold


def follow_holds(supplier: Supplier, *, reason: str, now: datetime) -> None:
    """Sets the standing that the open holds ask for, in the caller's transaction; the caller tells the journal."""
    left = list(supplier.holds.filter(released_at=None).order_by("since", "pk"))
    standing = standing_with_holds(standing=supplier.standing, open_holds=left)
    if standing == supplier.standing:
        return
    supplier.standing = standing
    supplier.standing_reason = reason or (left[-1].reason if left else "")
    supplier.version += 1
    supplier.save(update_fields=["standing", "standing_reason", "version"])
    standing_changed(supplier_ids=[supplier.pk], now=now)


def _require_librarian(actor: Actor) -> None:
    if not (actor.is_system or actor.posts & LIBRARIANS):
        raise NotPermitted

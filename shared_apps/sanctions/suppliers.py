"""Suppliers as parties that can be banned. The library's holds decide the standing, this app only asks for them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel.actor import SYSTEM
from shared_apps.sanctions.parties import PARTIES, PartyKind, PartyView
from shared_apps.suppliers.rules import HoldCause
from shared_apps.suppliers.selectors import suppliers_by_code
from shared_apps.suppliers.selectors.library import PUBLIC_STANDINGS
from shared_apps.suppliers.services import hold_supplier, release_hold

SUPPLIER = "supplier"


def find(*, codes: Collection[str]) -> Mapping[str, PartyView]:
    return {
        code: PartyView(
            row.id,
            code,
            row.name,
            reverse("suppliers:supplier", args=[row.id]) if row.standing in PUBLIC_STANDINGS else "",
        )
        for code, row in suppliers_by_code(codes=codes).items()
    }


# The decision was taken by those who may; the hold that follows from it is the system's.
def hold(*, party_id: int, reference: str, reason: str, until: date, now: datetime) -> None:
    hold_supplier(
        actor=SYSTEM,
        supplier_id=party_id,
        cause=HoldCause.SANCTION,
        reference=reference,
        reason=reason,
        until=until,
        now=now,
    )


def release(*, party_id: int, reference: str, now: datetime) -> None:
    release_hold(actor=SYSTEM, supplier_id=party_id, cause=HoldCause.SANCTION, reference=reference, now=now)


PARTIES.register(SUPPLIER, PartyKind(SUPPLIER, _("Supplier"), find, hold, release))

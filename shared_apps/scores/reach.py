"""For which suppliers a person acts: those of the organisations in which they hold a supplier's post."""

from __future__ import annotations

from kernel.actor import Actor
from shared_apps.scores.rules import SUPPLIER_POSTS
from shared_apps.suppliers.selectors import SupplierView, supplier_of_organisations


def own_suppliers(actor: Actor) -> tuple[SupplierView, ...]:
    """One statement."""
    organisations = {key for post in SUPPLIER_POSTS for key in actor.organisations(post)}
    return supplier_of_organisations(organisation_ids=organisations) if organisations else ()


def own_supplier_ids(actor: Actor) -> tuple[int, ...]:
    return tuple(supplier.id for supplier in own_suppliers(actor))

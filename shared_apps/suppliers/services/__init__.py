"""Writes of the supplier library, by noun. Others import from here."""

from shared_apps.suppliers.services.holds import HeldOtherwise, hold_supplier, release_hold
from shared_apps.suppliers.services.library import (
    OrganisationTaken,
    SupplierExists,
    change_standing,
    checked_uscc,
    link_organisation,
    register_supplier,
)

__all__ = [
    "HeldOtherwise",
    "OrganisationTaken",
    "SupplierExists",
    "change_standing",
    "checked_uscc",
    "hold_supplier",
    "link_organisation",
    "register_supplier",
    "release_hold",
]

"""Writes of the supplier library, by noun. Others import from here."""

from shared_apps.suppliers.services.beginning import (
    RegistrationLinkNotValid,
    RegistrationOpen,
    begin_registration,
    open_registration,
    take_registration,
)
from shared_apps.suppliers.services.changing import NotInTheLibrary, begin_change, change_phone, confirm_supplier
from shared_apps.suppliers.services.editing import (
    ApplicationIncomplete,
    Content,
    add_document,
    remove_document,
    save_application,
    submit_application,
    withdraw_application,
)
from shared_apps.suppliers.services.holds import HeldOtherwise, hold_supplier, release_hold
from shared_apps.suppliers.services.library import (
    OrganisationTaken,
    SupplierExists,
    change_standing,
    link_organisation,
    register_supplier,
)
from shared_apps.suppliers.services.terms import TermsThere, enter_terms
from shared_apps.suppliers.services.timing import follow_calendar
from shared_apps.suppliers.services.vetting import (
    ApplicationChanged,
    approve_application,
    pass_application,
    refuse_application,
    return_application,
)

__all__ = [
    "ApplicationChanged",
    "ApplicationIncomplete",
    "Content",
    "HeldOtherwise",
    "NotInTheLibrary",
    "OrganisationTaken",
    "RegistrationLinkNotValid",
    "RegistrationOpen",
    "SupplierExists",
    "TermsThere",
    "add_document",
    "approve_application",
    "begin_change",
    "begin_registration",
    "change_phone",
    "change_standing",
    "confirm_supplier",
    "enter_terms",
    "follow_calendar",
    "hold_supplier",
    "link_organisation",
    "open_registration",
    "pass_application",
    "refuse_application",
    "register_supplier",
    "release_hold",
    "remove_document",
    "return_application",
    "save_application",
    "submit_application",
    "take_registration",
    "withdraw_application",
]

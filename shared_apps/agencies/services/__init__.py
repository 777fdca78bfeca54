"""Writes of the agency library, by noun. Others import from here."""

from shared_apps.agencies.services.deciding import publish, return_registration
from shared_apps.agencies.services.opening import AgencyExists, open_for_organisation, open_registration
from shared_apps.agencies.services.registering import (
    AgencyChanged,
    RegistrationIncomplete,
    add_file,
    add_staff,
    deregister,
    remove_staff,
    reopen,
    save_content,
    submit,
    withdraw,
)
from shared_apps.agencies.services.reporting import report_change, report_staff_joined, report_staff_left

__all__ = [
    "AgencyChanged",
    "AgencyExists",
    "RegistrationIncomplete",
    "add_file",
    "add_staff",
    "deregister",
    "open_for_organisation",
    "open_registration",
    "publish",
    "remove_staff",
    "reopen",
    "report_change",
    "report_staff_joined",
    "report_staff_left",
    "return_registration",
    "save_content",
    "submit",
    "withdraw",
]

"""Writes of onboarding, by noun. Others import from here."""

from shared_apps.onboarding.services.applying import (
    ApplicationNotFound,
    DivisionTaken,
    amend_application,
    apply_for_mall,
    withdraw_application,
)
from shared_apps.onboarding.services.deciding import (
    ApplicationChanged,
    NothingFailed,
    approve_application,
    refuse_application,
    retry_provisioning,
)
from shared_apps.onboarding.services.progress import note_at_work, note_progress
from shared_apps.onboarding.services.provisioning import run_provisioning

__all__ = [
    "ApplicationChanged",
    "ApplicationNotFound",
    "DivisionTaken",
    "NothingFailed",
    "amend_application",
    "apply_for_mall",
    "approve_application",
    "note_at_work",
    "note_progress",
    "refuse_application",
    "retry_provisioning",
    "run_provisioning",
    "withdraw_application",
]

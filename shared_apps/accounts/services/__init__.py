"""Writes of accounts, by noun. Other apps import from here."""

from shared_apps.accounts.services.invitations import (
    InvitationNotValid,
    accept_invitation,
    invite,
    resend_invitation,
    withdraw_invitation,
)
from shared_apps.accounts.services.organisations import (
    LastAdministrator,
    OrganisationExists,
    add_membership,
    change_posts,
    create_organisation,
    end_membership,
    rename_organisation,
)
from shared_apps.accounts.services.passing import EntryRefused, enter_mall, hand_off, leave_mall
from shared_apps.accounts.services.people import (
    PasswordRefused,
    UsernameTaken,
    change_password,
    create_user,
    end_sessions,
)
from shared_apps.accounts.services.resetting import ResetNotValid, ask_reset, reset_password
from shared_apps.accounts.services.signing_in import SignInHeld, SignInRefused, check_sign_in, note_sign_out

__all__ = [
    "EntryRefused",
    "InvitationNotValid",
    "LastAdministrator",
    "OrganisationExists",
    "PasswordRefused",
    "ResetNotValid",
    "SignInHeld",
    "SignInRefused",
    "UsernameTaken",
    "accept_invitation",
    "add_membership",
    "ask_reset",
    "change_password",
    "change_posts",
    "check_sign_in",
    "create_organisation",
    "create_user",
    "end_membership",
    "end_sessions",
    "enter_mall",
    "hand_off",
    "invite",
    "leave_mall",
    "note_sign_out",
    "rename_organisation",
    "resend_invitation",
    "reset_password",
    "withdraw_invitation",
]

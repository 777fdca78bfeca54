"""Words for kinds of organisations and lines of the security log."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shared_apps.accounts.rules import OrganisationKind, SecurityKind

KIND_LABELS: dict[OrganisationKind, Promise] = {
    OrganisationKind.PLATFORM: _("Platform operation"),
    OrganisationKind.REGION_FINANCE: _("Finance department of the region"),
    OrganisationKind.FINANCE_BUREAU: _("Finance bureau"),
    OrganisationKind.CENTRAL_PURCHASING_BODY: _("Central purchasing body"),
    OrganisationKind.BUDGET_UNIT: _("Budget unit"),
    OrganisationKind.SUPPLIER: _("Supplier"),
    OrganisationKind.AGENCY: _("Procurement agency"),
    OrganisationKind.EXPERT: _("Review experts"),
    OrganisationKind.AUDIT: _("Audit"),
}

SECURITY_LABELS: dict[SecurityKind, Promise] = {
    SecurityKind.SIGNED_IN: _("Signed in"),
    SecurityKind.SIGN_IN_FAILED: _("Failed attempt to sign in"),
    SecurityKind.SIGN_IN_HELD: _("Attempt to sign in while held"),
    SecurityKind.SIGNED_OUT: _("Signed out"),
    SecurityKind.ENTERED_MALL: _("Entered a mall"),
    SecurityKind.LEFT_MALL: _("Left a mall"),
    SecurityKind.ACCESS_DENIED: _("Access denied"),
    SecurityKind.PASSWORD_CHANGED: _("Password changed"),
    SecurityKind.PASSWORD_RESET: _("Password reset by e-mail"),
    SecurityKind.SESSIONS_ENDED: _("All sessions ended"),
}
# The whole log names two kinds more, which are nobody's own.
LOG_LABELS: dict[SecurityKind, Promise] = {
    **SECURITY_LABELS,
    SecurityKind.ENTRY_FAILED: _("Failed to enter a mall"),
    SecurityKind.RESET_ASKED: _("Asked for a new password"),
}
SHOWN_KINDS = tuple(SECURITY_LABELS)

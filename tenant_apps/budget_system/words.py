"""Words of the reports' states and kinds, registered at start."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenant_apps.budget_system.rules import ReportKind, ReportState
from tenant_apps.budgets.permissions import BUREAU_READERS
from webkit import problem_words, states
from webkit.navigation import MenuEntry, register

REPORT_STATES: dict[str, tuple[Promise, str]] = {
    ReportState.WAITING: (_("Waiting to be reported"), "warning"),
    ReportState.SENT: (_("Being processed there"), "info"),
    ReportState.ACCEPTED: (_("Entered there"), "success"),
    ReportState.REFUSED: (_("Refused there"), "danger"),
}
REPORT_KINDS: dict[str, Promise] = {
    ReportKind.FREEZE: _("Frozen"),
    ReportKind.SPEND: _("Paid"),
    ReportKind.RELEASE: _("Released"),
}
states.register("budget_reports", REPORT_STATES)
problem_words.register(
    "budget-system-away",
    advice=_("Try again in a few minutes. Reports are sent again by themselves."),
)
register(
    MenuEntry(
        "budget_system",
        _("Budget-management system"),
        "budget_system:reports",
        "arrows-exchange",
        posts=BUREAU_READERS,
        room="tenant",
        order=61,
        group="budgets",
    )
)

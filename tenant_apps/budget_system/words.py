"""Words of the reports' states and kinds, registered at start."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenant_apps.budget_system.rules import ReportKind, ReportState
from webkit import problem_words, states

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
    ReportKind.RETURN: _("Came back"),
}
states.register("budget_reports", REPORT_STATES)
problem_words.register(
    "budget-system-away",
    advice=_("Try again in a few minutes. Reports are sent again by themselves."),
)

"""States and refusals of applications in words, registered at start."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shared_apps.onboarding.rules import ApplicationState, StepName, StepState, WantedModule
from webkit import problem_words, states

S = ApplicationState

states.register(
    "application",
    {
        S.APPLIED: (_("Waiting for the region's decision"), "warning"),
        S.APPROVED: (_("Approved, to be set up"), "info"),
        S.PROVISIONING: (_("Being set up"), "info"),
        S.PROVISIONED: (_("Set up"), "success"),
        S.REFUSED: (_("Not approved"), "danger"),
        S.WITHDRAWN: (_("Withdrawn by the applicant"), "secondary"),
    },
)
states.register(
    "provisioning_step",
    {
        StepState.WAITING: (pgettext_lazy("step", "Waiting"), "secondary"),
        StepState.RUNNING: (pgettext_lazy("step", "Under way"), "info"),
        StepState.DONE: (pgettext_lazy("step", "Done"), "success"),
        StepState.SKIPPED: (pgettext_lazy("step", "Was there already"), "secondary"),
        StepState.FAILED: (pgettext_lazy("step", "Failed"), "danger"),
    },
)

STEPS: dict[str, Promise] = {
    StepName.SCHEMA: _("Make the mall's own data area and login"),
    StepName.CHECK: _("Check that the mall answers at the current version"),
    StepName.BUREAU: _("Enter the finance bureau"),
    StepName.INVITATION: _("Invite the responsible person by e-mail"),
}
# The checklist is the malls'; their journals tell its items by key. Labels as there; a test compares the keys.
CHECKLIST: dict[str, Promise] = {
    "thresholds_verified": _("Thresholds verified by the region"),
    "thresholds_acknowledged": _("Thresholds acknowledged here"),
    "units": _("Budget units entered"),
    "posts": _("Approval flow: posts filled in every unit"),
    "calendar": _("Working-day calendar loaded"),
    "shelf": _("Shelf chosen"),
    "tariff": _("Fee tariff accepted"),
    "modules": _("Modules chosen"),
    "practice": _("Practice order made"),
}
MODULES: dict[str, Promise] = {
    WantedModule.ONLINE_SUPERMARKET: _("Online supermarket"),
    WantedModule.AGREEMENT_SUPPLY: _("Agreement supply"),
    WantedModule.DESIGNATED_SERVICE: _("Designated services"),
    WantedModule.ONLINE_INQUIRY: _("Online inquiry"),
    WantedModule.REVERSE_AUCTION: _("Online reverse auction"),
}

problem_words.register(
    "division-taken",
    facts={"division": (_("Division"), "text")},
    advice=_("Ask the region's finance department which application or mall there is."),
)
problem_words.register(
    "application-changed",
    advice=_("The applicant has changed it since. Read the present version, then decide."),
)
problem_words.register(
    "application-not-found", advice=_("Open the address from the letter again, whole and unchanged.")
)
problem_words.register(
    "provisioning-not-failed", advice=_("Setting up is still on its way: watch it on the application's page.")
)

"""Actions, results and refusals of the fleet in words, registered at start."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shared_apps.fleet.rules import JobAction, Sort, StepState
from tenants.registry.rules import TenantState
from webkit import problem_words, states

states.register(
    "job_step",
    {
        StepState.WAITING: (pgettext_lazy("step", "Waiting"), "secondary"),
        StepState.RUNNING: (pgettext_lazy("step", "Under way"), "info"),
        StepState.DONE: (pgettext_lazy("step", "Done"), "success"),
        StepState.SKIPPED: (pgettext_lazy("step", "Left as it is"), "secondary"),
        StepState.FAILED: (pgettext_lazy("step", "Failed"), "danger"),
    },
)

ACTIONS: dict[str, Promise] = {
    JobAction.SUSPEND: _("Suspend"),
    JobAction.RESUME: _("Resume"),
    JobAction.MIGRATE: _("Bring to the present version"),
    JobAction.CHECK: _("Check again"),
}
SORTS: dict[str, Promise] = {
    Sort.CODE: _("Code"),
    Sort.STATE: _("State"),
    Sort.SIZE: _("Size, largest first"),
    Sort.ACTIVITY: _("Last activity, latest first"),
    Sort.FEE: _("Fee of the month, highest first"),
}
LEVELS: dict[str, Promise] = {
    "province": _("Region's own level"),
    "prefecture": _("Prefecture"),
    "county": _("County"),
}
# What came of a step, by its outcome; a refusal without words here shows its own text.
OUTCOMES: dict[str, Promise] = {
    "current": _("At the present version"),
    "migrated": _("Brought to the present version"),
    "behind": _("Lacks migrations: bring it to the present version"),
    "wrong-state": _("Its state does not allow it"),
    "not-for-practice": _("A practice mall is left to its bureau"),
    "not-permitted": _("Who ordered it may no longer do this"),
    "tenant-not-found": _("There is no such mall any more"),
    "busy": _("A long write was under way; order it again"),
    "migration-failed": _("The migration failed and was rolled back"),
    "fleet-busy": _("Another migration run is at work; order it again"),
}
EVENTS: dict[str, Promise] = {
    "fleet.tenant_suspended": _("Suspended"),
    "fleet.tenant_resumed": _("Resumed"),
    "fleet.tenant_archived": _("Archived"),
    "fleet.tenant_renamed": _("Renamed"),
    "fleet.host_moved": _("Moved to another host"),
    "fleet.supervisor_set": _("Answers to another supervisor"),
    "fleet.division_recoded": _("The division goes on under another code"),
}
# Icons that tell states apart without their colours.
MARKS: dict[str, str] = {
    TenantState.LIVE: "circle-check",
    TenantState.CONFIGURING: "settings",
    TenantState.SUSPENDED: "player-pause",
    TenantState.ARCHIVED: "folder",
    "applied": "inbox",
    "approved": "thumb-up",
    "provisioning": "loader-2",
    "refused": "ban",
    "withdrawn": "x",
    "": "circle-dashed",
}


def state_words(*, state: str, has_mall: bool) -> tuple[Any, str]:
    """Label and colour of a mall's state, or of its application's while there is no mall."""
    if not state:
        return _("No mall yet"), "secondary"
    found = states.label_of("tenant" if has_mall else "application", state)
    return found.label, found.colour


problem_words.register("supervision-circle", advice=_("Set the other finance level's supervisor first."))
problem_words.register(
    "supervision-not-later",
    facts={"present_from": (_("The present one since"), "date")},
    advice=_("Enter a later first day."),
)
problem_words.register(
    "division-code-taken",
    facts={"name": (_("Division"), "text")},
    advice=_("Look the code up in the document once more."),
)
problem_words.register("host-taken", facts={"host": (_("Host"), "text")}, advice=_("Choose another host."))
problem_words.register("not-for-practice", advice=_("Its bureau throws it away and opens it anew."))

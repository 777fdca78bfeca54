"""Words and colours of the steps of an approval, and of the refusals this app raises."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tenant_apps.approvals.rules import StepState
from webkit import problem_words, states

STATES: dict[str, tuple[Promise, str]] = {
    StepState.WAITING: (pgettext_lazy("approval step", "Not yet asked"), "secondary"),
    StepState.OPEN: (pgettext_lazy("approval step", "Asked"), "warning"),
    StepState.APPROVED: (pgettext_lazy("approval step", "Approved"), "success"),
    StepState.SENT_BACK: (pgettext_lazy("approval step", "Sent back"), "warning"),
    StepState.REJECTED: (pgettext_lazy("approval step", "Rejected"), "danger"),
    StepState.VOID: (pgettext_lazy("approval step", "Not asked any more"), "secondary"),
}


def register() -> None:
    """Called once, at app start."""
    states.register("approval_step", STATES)
    problem_words.register(
        "not-your-step",
        facts={"waits_for": (_("It waits for"), "text")},
        advice=_(
            "Somebody else is asked first, or the step is for certain people. It comes to you when it is your turn."
        ),
    )
    problem_words.register(
        "step-taken-already",
        advice=_("Each step of an approval is taken by another person. Let a colleague who holds the post decide."),
    )

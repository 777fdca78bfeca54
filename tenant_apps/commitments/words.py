"""States, kinds and refusals in words, registered at start."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tenant_apps.commitments.rules import ExceptionKind, ExceptionState
from webkit import problem_words, states

KINDS: dict[str, Promise] = {
    ExceptionKind.BUDGET_ADJUSTED: _("The budget of the item was adjusted"),
    ExceptionKind.METHOD_APPROVED: _("Another method than open tender was approved"),
}
states.register(
    "split_exception",
    {
        ExceptionState.FILED: (pgettext_lazy("exception", "Waiting for the finance bureau"), "warning"),
        ExceptionState.ACCEPTED: (pgettext_lazy("exception", "Accepted"), "success"),
        ExceptionState.REFUSED: (pgettext_lazy("exception", "Refused"), "danger"),
        ExceptionState.WITHDRAWN: (pgettext_lazy("exception", "Withdrawn"), "secondary"),
        ExceptionState.ENDED: (pgettext_lazy("exception", "Ended"), "secondary"),
    },
)
states.register(
    "committed_sum",
    {
        "inside": (pgettext_lazy("sum", "Inside"), "success"),
        "near": (pgettext_lazy("sum", "Near the limit"), "warning"),
        "excepted": (pgettext_lazy("sum", "Excepted by document"), "info"),
        "over": (pgettext_lazy("sum", "Above the limit"), "danger"),
    },
)
problem_words.register("exception-waits", advice=_("Wait for the finance bureau, or withdraw the one filed before."))
problem_words.register("exception-own", advice=_("Somebody else of the finance bureau decides."))
problem_words.register("receipt-reported", advice=_("Look at the purchases reported; a receipt counts once."))

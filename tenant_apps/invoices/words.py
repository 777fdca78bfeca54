"""Words of invoice states, faults and refusals."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tenant_apps.invoices.rules import InvoiceState
from webkit import problem_words, states

S = InvoiceState

STATES: dict[str, tuple[Promise, str]] = {
    S.RECORDED: (_("Being verified"), "warning"),
    S.VERIFIED: (pgettext_lazy("invoice", "Verified"), "success"),
    S.REFUSED: (_("Not confirmed"), "danger"),
    S.REVERSED: (_("Reversed"), "secondary"),
}
FAULTS: dict[str, Promise] = {
    "number": _(
        "Write 20 digits of a digital invoice, or code (10 or 12 digits) and number (8 digits) of an older one."
    ),
    "future": _("The day lies in the future."),
    "beyond": _("With tax this is more than is left to invoice: %(left)s yuan."),
    "other_name": _("The order says: %(known)s"),
    "other_code": _("The order says: %(known)s"),
}


def register() -> None:
    """Called once, at app start."""
    states.register("invoices", STATES)
    problem_words.register(
        "invoice-known", advice=_("Check the number: every invoice counts once, on one order of this mall.")
    )
    problem_words.register(
        "invoice-changed", advice=_("Open the order again: the invoice was verified or reversed in the meantime.")
    )
    problem_words.register(
        "invoice-needed",
        advice=_("The supplier records the invoice of the accepted goods; once verified they can be paid."),
    )

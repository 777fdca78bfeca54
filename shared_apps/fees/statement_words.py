"""Words for statements: their states, lines, periods and refusals."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.meters import METERS
from shared_apps.fees.models import StatementLine
from shared_apps.fees.receipt_table import FILE_BYTES_MAX
from shared_apps.fees.rules.parameters import Period
from shared_apps.fees.rules.states import DisputeState, LineKind, StatementState
from shared_apps.fees.words import LEVELS
from tenants.journaling.files import PURPOSES, FilePurpose, of_the_same_organisation
from webkit import problem_words, states

RECEIPT_TABLE = PURPOSES.register(
    "fees.receipts",
    FilePurpose(
        "fees.receipts",
        _("Table of receipts"),
        frozenset({"xlsx", "csv"}),
        of_the_same_organisation,
        size_bytes_max=FILE_BYTES_MAX,
    ),
)

STATES: dict[str, tuple[str | Promise, str]] = {
    StatementState.OPEN: (_("Month runs"), "secondary"),
    StatementState.METERED: (_("Metered"), "secondary"),
    StatementState.PRICED: (_("Priced, not issued"), "info"),
    StatementState.ISSUED: (_("Issued"), "primary"),
    StatementState.DISPUTED: (_("Disputed"), "warning"),
    StatementState.CONFIRMED: (_("Confirmed"), "success"),
    StatementState.SETTLED: (_("Settled in full"), "success"),
}
DISPUTE_STATES: dict[str, tuple[str | Promise, str]] = {
    DisputeState.FILED: (_("Waits for an answer"), "warning"),
    DisputeState.UPHELD: (_("Upheld"), "success"),
    DisputeState.REFUSED: (_("Refused"), "danger"),
    DisputeState.WITHDRAWN: (_("Taken back"), "secondary"),
}
states.register("fee_statement", STATES)
states.register("fee_dispute", DISPUTE_STATES)

PERIODS: dict[Period, tuple[Promise, Promise]] = {
    Period.CLOSING_GRACE_DAYS: (
        _("Days after the end of a month before it is closed"),
        _("What arrives until then is still in the month's own statement."),
    ),
    Period.DISPUTE_WORKING_DAYS: (
        _("Time to dispute a statement, working days"),
        _("The day of issuing is not counted."),
    ),
    Period.ANSWER_WORKING_DAYS: (
        _("Time to answer a dispute, working days"),
        _("The day of filing is not counted."),
    ),
    Period.PAYMENT_DAYS: (_("Time to pay, calendar days"), _("The day of issuing is not counted.")),
}

_KINDS: dict[str, Promise] = {
    LineKind.MINIMUM: _("Raised to the tariff's monthly minimum"),
    LineKind.CAP: _("Cut at the tariff's monthly cap"),
}
_WAITS: dict[str, Promise] = {
    "relay-behind": _("Not every journal row of the month has been counted yet"),
    "earlier-month-open": _("An earlier month of this mall is not priced yet"),
}


def _item(kind: str, item: str) -> str:
    """What a line charges, in words."""
    if kind == LineKind.USE:
        return str(METERS[item].label) if item in METERS else item
    if kind == LineKind.BUNDLE:
        return gettext("Bundle: %(name)s") % {"name": item}
    if kind == LineKind.DISCOUNT:
        return gettext("Discount of the level: %(level)s") % {"level": LEVELS.get(item, item)}
    return str(_KINDS.get(kind, item))


def line_words(line: StatementLine) -> str:
    """The line as a reader knows it."""
    month = f"{line.for_month:%Y-%m}"
    if line.kind == LineKind.CORRECTION:
        return gettext("Correction of %(month)s: %(item)s") % {"month": month, "item": _item(line.corrects, line.item)}
    if line.kind == LineKind.CREDIT:
        return gettext("Credit for %(month)s: %(item)s") % {"month": month, "item": _item(line.corrects, line.item)}
    return _item(line.kind, line.item)


def unit_of(line: StatementLine) -> str:
    return str(METERS[line.item].unit) if line.item in METERS and line.quantity is not None else ""


def waits_for(reason: str) -> str:
    return str(_WAITS.get(reason, reason))


problem_words.register(
    "dispute-too-late",
    facts={"dispute_until": (_("Last day to dispute"), "date")},
    advice=_("What is wrong all the same the region corrects in the next statement: tell it what you found."),
)
problem_words.register(
    "dispute-open", advice=_("Wait for the region's answer, or take the dispute back, before you confirm.")
)
problem_words.register(
    "line-disputed", advice=_("Wait for the answer to the dispute of this line, or take it back first.")
)
problem_words.register(
    "nothing-to-credit",
    facts={"left": (_("Left of the line"), "money"), "wanted": (_("Entered"), "money")},
    advice=_("A line is never credited more than it charged."),
)
problem_words.register(
    "receipt-exists",
    facts={"receipt_number": (_("Receipt number"), "text")},
    advice=_("Each receipt is recorded once. Look for the number among the receipts of the statements."),
)
problem_words.register(
    "overpaid",
    facts={"left": (_("Left to pay"), "money"), "wanted": (_("Entered"), "money")},
    advice=_("Record what belongs to this statement, and the rest with the statement it was paid for."),
)
problem_words.register(
    "month-not-over", advice=_("A month is closed when it is over. Until then see its live figures.")
)

"""Words for what does not agree between journals, uses and statements."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shared_apps.fees.rules.differences import DifferenceKind

DIFFERENCES: dict[str, Promise] = {
    DifferenceKind.ROW_WITHOUT_USE: _("Journal row that nobody counted"),
    DifferenceKind.USE_WITHOUT_ROW: _("Use without a journal row"),
    DifferenceKind.USE_TWICE: _("Journal row counted twice"),
    DifferenceKind.ROW_MARKED_LOST: _("Journal row stands, but its use counts as taken back"),
    DifferenceKind.WRONG_MALL: _("Use of another mall"),
    DifferenceKind.WRONG_MOMENT: _("Use at another time than its journal row"),
    DifferenceKind.WRONG_MONTH: _("Use in another month"),
    DifferenceKind.WRONG_QUANTITY: _("Use of another quantity"),
    DifferenceKind.WRONG_PERSON: _("Use of another person"),
    DifferenceKind.UNKNOWN_METER: _("Use on a meter that is not declared"),
    DifferenceKind.USE_IN_NO_LINE: _("Use that no line of a priced month names"),
    DifferenceKind.USE_NAMED_TWICE: _("Use named twice"),
    DifferenceKind.USE_IN_WRONG_LINE: _("Use named by a line of another mall, meter or month"),
    DifferenceKind.LINE_DIFFERS: _("Line is not what its uses cost"),
    DifferenceKind.TOTAL_DIFFERS: _("Total is not the sum of the lines"),
    DifferenceKind.SHARES_DIFFER: _("Shares do not add up to the total"),
    DifferenceKind.SEAL_BROKEN: _("Seal is broken"),
    DifferenceKind.SEAL_NOT_TOLD: _("The journal tells another seal"),
}

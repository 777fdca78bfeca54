"""States, refusals and menu lines of the rulebook, registered at start."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shared_apps.rulebook.permissions import READERS
from shared_apps.rulebook.rules import VersionState
from webkit import navigation, problem_words, states
from webkit.navigation import MenuEntry

states.register(
    "rule_version",
    {
        VersionState.SHIPPED: (_("Shipped with the platform"), "secondary"),
        VersionState.ENTERED: (_("Waiting for verification"), "warning"),
        VersionState.VERIFIED: (_("Verified"), "success"),
        VersionState.WITHDRAWN: (_("Taken back"), "secondary"),
    },
)
# Names of what the region sets, by the parameter.
PARAMETERS = {
    "kinds": _("Kinds of objects that may be bought"),
    "inclusive": _("A purchase of exactly this amount is still inside the limit"),
    "offers": _("Suppliers that are compared at least"),
    "working_days": _("Working days to answer an order"),
    "answer_working_days": _("Working days to answer in a bargain"),
    "order_working_days": _("Working days to order what was agreed"),
    "days": _("Days to pay from acceptance"),
    "warn_percent": _("Warns from so many per cent of the limit"),
    "class_level": _("Level of the class that is added up"),
    "deviation_percent": _("Per cent above the median of paid prices that are said"),
    "share_percent": _("Share that is aimed at, in per cent"),
    "small_percent": _("Of it for small and micro enterprises, in per cent"),
    "items": _("Item codes meant"),
}
SEVERITIES = {"warn": _("Warns"), "block": _("Refuses")}
problem_words.register(
    "rule-version-verified-by-another",
    facts={"entered_by": (_("Entered by"), "text")},
    advice=_("Ask another supervisor of the region to compare it with the paper."),
)
problem_words.register(
    "rule-version-overlaps",
    facts={
        "former_from": (_("The version before begins on"), "date"),
        "valid_from": (_("This version begins on"), "date"),
    },
    advice=_("Take this version back and enter it again with a later first day."),
)
problem_words.register(
    "rule-document-mismatch",
    facts={"typed": (_("Typed"), "text")},
    advice=_("Copy the number from the document once more. When the entry is wrong, take it back and enter it again."),
)
navigation.register(
    MenuEntry("rules", _("Rules"), "rulebook:rules", "gavel", posts=READERS, room="region", order=62, group="malls")
)

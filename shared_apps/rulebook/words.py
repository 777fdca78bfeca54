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

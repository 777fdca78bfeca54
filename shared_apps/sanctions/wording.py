"""Menu entries, words of states, scopes and grounds, and of the refusals of this app."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shared_apps.sanctions.rules import KEEPERS, LiftGround, SanctionState, Scope
from webkit import navigation, problem_words, states
from webkit.navigation import MenuEntry

SCOPES: dict[str, Promise] = {
    Scope.EVERYWHERE: _("The whole country, as decisions on bans do"),
    Scope.DIVISIONS: _("The decision names divisions"),
    Scope.UNKNOWN: _("Unknown: the decision at hand does not say"),
}
GROUNDS: dict[str, Promise] = {
    LiftGround.RECONSIDERATION: _("Administrative reconsideration"),
    LiftGround.COURT: _("Judgment of a court"),
    LiftGround.ISSUER: _("Decision of who issued the ban"),
}
states.register(
    "sanction",
    {
        SanctionState.DRAFTED: (_("Waiting for a second person"), "warning"),
        SanctionState.IN_FORCE: (pgettext_lazy("ban", "In force"), "danger"),
        SanctionState.ENDED: (_("Ended, may take part again"), "secondary"),
        SanctionState.LIFTED: (_("Lifted by a decision"), "info"),
        SanctionState.ANNULLED: (_("Entry annulled"), "secondary"),
    },
)
problem_words.register(
    "sanction-exists",
    facts={"decision_number": (_("Decision number"), "text"), "party_name": (_("Party"), "text")},
    advice=_("Look the decision up in the list. A wrong entry is annulled first, then entered anew."),
)
problem_words.register(
    "sanction-same-person",
    facts={"entered_by": (_("Entered by"), "text")},
    advice=_("Ask a colleague to compare the entry with the document."),
)
problem_words.register("sanction-decision-missing", advice=_("Attach the document of the decision first."))
navigation.register(
    MenuEntry("sanctions", _("Sanction list"), "sanctions:sanctions", "ban", None, "region", 64, group="libraries")
)
navigation.register(
    MenuEntry("sanctions_kept", _("Keeping bans"), "sanctions:kept", "gavel", KEEPERS, "region", 65, group="suppliers")
)

"""Menu entries, words of parts and states, and of the refusals of this app."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shared_apps.scores.rules import READERS, SUPPLIER_POSTS, AppealState, FormulaState, Part
from webkit import navigation, problem_words, states
from webkit.navigation import MenuEntry

PARTS: dict[str, Promise] = {
    Part.DECLINED: _("Orders declined"),
    Part.EXPIRED: _("Orders not answered in time"),
    Part.REFUSED: _("Orders with goods refused at acceptance"),
}
ANSWERS: dict[str, Promise] = {
    "accepted": pgettext_lazy("answer", "Accepted"),
    "declined": pgettext_lazy("answer", "Declined"),
    "expired": _("Not answered in time"),
}
GOODS: dict[str, Promise] = {"": _("not judged yet"), "received": _("Goods taken"), "refused": _("Goods refused")}
SORT_WORDS: list[tuple[str, Promise]] = [
    ("-score", _("Score, highest first")),
    ("score", _("Score, lowest first")),
    ("-answered", _("Orders, most first")),
    ("-expired", _("Not answered, most first")),
    ("-refused", _("Goods refused, most first")),
    ("name", _("By name")),
]
states.register(
    "score_appeal",
    {
        AppealState.FILED: (_("Waits for a decision"), "warning"),
        AppealState.ACCEPTED: (_("Accepted, order left out"), "success"),
        AppealState.DISMISSED: (_("Dismissed, order counts"), "secondary"),
        AppealState.WITHDRAWN: (_("Taken back by the supplier"), "secondary"),
    },
)
states.register(
    "score_formula",
    {
        FormulaState.ENTERED: (_("Waiting for verification"), "warning"),
        FormulaState.VERIFIED: (_("Verified"), "success"),
        FormulaState.WITHDRAWN: (_("Taken back"), "secondary"),
        FormulaState.PROPOSAL: (_("Proposal, not verified"), "info"),
    },
)
problem_words.register("nothing-to-appeal", facts={"order_number": (_("Order number"), "text")})
problem_words.register("appeal-exists", facts={"order_number": (_("Order number"), "text")})
problem_words.register(
    "appeal-too-late", facts={"order_number": (_("Order number"), "text"), "until": (_("Last day to appeal"), "date")}
)
problem_words.register("formula-exists", facts={"valid_from": (_("First day in force"), "date")})
problem_words.register("formula-too-late", facts={"valid_from": (_("First day in force"), "date")})
problem_words.register("formula-document-mismatch", facts={"typed": (_("Typed"), "text")})
navigation.register(
    MenuEntry("scores", _("Supplier scores"), "scores:scores", "star", READERS, "region", 66, group="suppliers")
)
navigation.register(
    MenuEntry("own_score", _("Our score"), "scores:own", "star", SUPPLIER_POSTS, "region", 67, group="suppliers")
)

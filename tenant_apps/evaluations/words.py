"""Words of the sides and of the refusals."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenant_apps.evaluations.rules import Side
from webkit import problem_words

# Who rated whom.
SIDES: dict[str, Promise] = {
    Side.BUYER: _("The buyer rates the supplier"),
    Side.SUPPLIER: _("The supplier rates the buyer"),
}


def register() -> None:
    """Called once, at app start."""
    problem_words.register(
        "evaluation-not-open", advice=_("An order is rated from its payment on, for 15 days; then it closes unrated.")
    )
    problem_words.register("evaluated-already", advice=_("Open the order: a rating is given once and stays."))

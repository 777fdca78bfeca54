"""Words of the exercises and of their refusals."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shared_apps.training.words import EXERCISES, HELP
from webkit import problem_words

__all__ = ["EXERCISES", "HELP", "STEPS"]

STEPS: dict[str, Promise] = {
    "buy": _("Choose goods and submit the order"),
    "approve": _("Decide the order"),
    "accept_goods": _("Accept the goods"),
    "pay": _("Send the payment instruction"),
}
problem_words.register(
    "nothing-to-practise-with",
    advice=_("The library has no goods on sale here whose supplier has joined. Ask the platform operator."),
)
problem_words.register("your-turn", advice=_("Open the order and take the step yourself."))
problem_words.register("nothing-for-partner", advice=_("Look at the order: it has ended, or waits for the treasury."))

"""Words of practice malls and exercises, registered at start."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shared_apps.training.rules import Exercise, MallState, MallStep
from webkit import problem_words, states

EXERCISES: dict[str, Promise] = {
    Exercise.BUY: _("Buy a product"),
    Exercise.APPROVE: _("Decide an order"),
    Exercise.ACCEPT_GOODS: _("Accept goods"),
    Exercise.PAY: _("Send a payment instruction"),
}
HELP: dict[str, Promise] = {
    Exercise.BUY: _(
        "As clerk: find the product, put it in the cart, choose the budget line and submit the order. Done when the"
        " order waits for approval."
    ),
    Exercise.APPROVE: _(
        "As approver: the practice partner has submitted an order. Look at the rules and the budget, then approve it,"
        " or reject it with a reason. Done when you have decided."
    ),
    Exercise.ACCEPT_GOODS: _(
        "As acceptor: the goods have come. Check them against the order and sign the acceptance, or refuse them with a"
        " reason. Done when you have signed."
    ),
    Exercise.PAY: _(
        "As payer: the goods are accepted. Enter the supplier's account and send the payment instruction to the"
        " practice treasury. Done when the instruction is sent."
    ),
}
STEP_WORDS: dict[str, Promise] = {
    MallStep.WAITING: _("Waiting for the worker"),
    MallStep.SCHEMA: _("Setting up the database"),
    MallStep.UNITS: _("Entering units and budgets"),
    MallStep.GOODS: _("Filling the shelf and opening the supermarket"),
    MallStep.DONE: _("The work is done"),
}
states.register(
    "practice_mall",
    {
        MallState.MAKING: (_("Being opened"), "info"),
        MallState.READY: (_("Open for practice"), "success"),
        MallState.REMAKING: (_("Being made anew"), "info"),
        MallState.REMOVING: (_("Being thrown away"), "warning"),
        MallState.REMOVED: (_("Not open"), "secondary"),
    },
)
problem_words.register(
    "no-practice", advice=_("A mall that is suspended or archived has no practice mall opened beside it.")
)

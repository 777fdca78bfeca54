"""Words for years, budgets and shares."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shared_apps.fees.rules.forecast import Basis
from shared_apps.fees.selectors.overview import Look, Order
from webkit import problem_words

BASES = {
    Basis.STATEMENT: _("Statement"),
    Basis.CLOSED: _("Month over, no statement yet"),
    Basis.PROJECTED: _("Expected from the days gone"),
    Basis.LAST_YEAR: _("Expected as in the same month of the year before"),
    Basis.MEAN: _("Expected as the mean of the last months"),
}
LOOKS = {
    Look.NO_BUDGET: _("No budget set"),
    Look.NEARLY_USED: _("80 % of the budget used or more"),
    Look.SHORT: _("Forecast above the budget"),
    Look.DISPUTED: _("With a disputed statement"),
    Look.OVERDUE: _("With an overdue statement"),
}
ORDERS = {
    Order.CODE: _("Code of the mall"),
    Order.USED: _("Used, most first"),
    Order.PERCENT: _("Part of the budget used, most first"),
    Order.FORECAST: _("Forecast, most first"),
}

problem_words.register(
    "fee-budget-unchanged", facts={}, advice=_("Enter another amount or reference, or leave the budget as it is.")
)
problem_words.register("practice-mall-pays-nothing", facts={}, advice=_("Open the mall of your level instead."))
problem_words.register(
    "share-rule-exists",
    facts={"valid_from": (_("The rule begins on"), "date")},
    advice=_("Take the rule back that begins in this month, or choose another month."),
)
problem_words.register(
    "share-rule-stands",
    facts={"valid_from": (_("The rule begins on"), "date")},
    advice=_("Statements may rest on it. Enter a new rule from a later month."),
)

"""Words of the ledger and of its refusals, registered at start."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenant_apps.budgets.rules import EntryKind, FundSource
from webkit import problem_words

ENTRY_KINDS: dict[str, Promise] = {
    EntryKind.ALLOT: _("Allotted"),
    EntryKind.REDUCE: _("Reduced"),
    EntryKind.FREEZE: _("Frozen"),
    EntryKind.SPEND: _("Spent"),
    EntryKind.RELEASE: _("Released"),
    EntryKind.TRIM: _("Released in part"),
}
FUND_SOURCES: dict[str, Promise] = {
    FundSource.FISCAL: _("Fiscal appropriation"),
    FundSource.SPECIAL_ACCOUNT: _("Special fiscal account"),
    FundSource.OWN_INCOME: _("Unit's own income"),
    FundSource.OTHER: _("Other funds"),
}

problem_words.register(
    "budget-insufficient",
    facts={"available": (_("Available"), "money"), "asked": (_("Asked for"), "money")},
    advice=_("Choose another budget line, take lines out of the order, or ask the finance bureau to adjust the line."),
)
problem_words.register("budget-unit-exists", facts={"code_taken": (_("Unit code"), "text")})
problem_words.register("budget-line-exists", facts={"plan_number": (_("Plan number"), "text")})

"""Words of the ledger and of its refusals, registered at start."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenant_apps.budgets.rules import (
    AdjustmentKind,
    AdjustmentState,
    Decision,
    EntryKind,
    FundSource,
    PlanState,
    YearState,
)
from webkit import problem_words, states

ENTRY_KINDS: dict[str, Promise] = {
    EntryKind.ALLOT: _("Allotted"),
    EntryKind.REDUCE: _("Reduced"),
    EntryKind.FREEZE: _("Frozen"),
    EntryKind.FREEZE_INTEREST: _("Frozen for late interest"),
    EntryKind.SPEND: _("Spent"),
    EntryKind.RELEASE: _("Released"),
    EntryKind.RETURN: _("Came back after payment, frozen again"),
    EntryKind.TRIM: _("Released in part"),
    EntryKind.INCREASE: _("Increased"),
    EntryKind.TRANSFER_IN: _("Transferred in"),
    EntryKind.TRANSFER_OUT: _("Transferred out"),
    EntryKind.LAPSE: _("Lapsed at the end of the year"),
    EntryKind.CARRY_OUT: _("Carried over into the next year"),
    EntryKind.CARRY_IN: _("Carried over from the year before"),
    EntryKind.FREEZE_OUT: _("Frozen money carried into the next year"),
    EntryKind.FREEZE_IN: _("Frozen money carried from the year before"),
}
FUND_SOURCES: dict[str, Promise] = {
    FundSource.FISCAL: _("Fiscal appropriation"),
    FundSource.SPECIAL_ACCOUNT: _("Special fiscal account"),
    FundSource.OWN_INCOME: _("Unit's own income"),
    FundSource.OTHER: _("Other funds"),
}

PLAN_STATES: dict[str, tuple[Promise, str]] = {
    PlanState.DRAFT: (_("Being drafted"), "secondary"),
    PlanState.SUBMITTED: (_("With the finance bureau"), "warning"),
    PlanState.ACCEPTED: (_("Plan filed"), "success"),
    PlanState.RETURNED: (_("Returned"), "danger"),
}
ADJUSTMENT_KINDS: dict[str, Promise] = {
    AdjustmentKind.INCREASE: _("Increase"),
    AdjustmentKind.DECREASE: _("Reduce"),
    AdjustmentKind.TRANSFER: _("Transfer between lines"),
}
ADJUSTMENT_STATES: dict[str, tuple[Promise, str]] = {
    AdjustmentState.ASKED: (_("Waiting for a decision"), "warning"),
    AdjustmentState.APPLIED: (_("Carried out"), "success"),
    AdjustmentState.REFUSED: (_("Not agreed to"), "danger"),
}
YEAR_STATES: dict[str, tuple[Promise, str]] = {
    YearState.OPEN: (_("Open"), "success"),
    YearState.CLOSING: (_("Being closed"), "warning"),
    YearState.CLOSED: (_("Year closed"), "secondary"),
}
DECISIONS: dict[str, Promise] = {
    "": _("Not decided yet"),
    Decision.LAPSE: _("Lapses"),
    Decision.CARRY: _("Carried over"),
}
states.register("budget_plans", PLAN_STATES)
states.register("budget_adjustments", ADJUSTMENT_STATES)
states.register("fiscal_years", YEAR_STATES)

problem_words.register(
    "budget-insufficient",
    facts={"available": (_("Available"), "money"), "asked": (_("Asked for"), "money")},
    advice=_("Choose another budget line, take lines out of the order, or ask the finance bureau to adjust the line."),
)
problem_words.register("budget-unit-exists", facts={"code_taken": (_("Unit code"), "text")})
problem_words.register("budget-line-exists", facts={"plan_number": (_("Plan number"), "text")})
problem_words.register("budget-line-closed", facts={"fiscal_year": (_("Fiscal year"), "text")})
problem_words.register(
    "plan-open",
    facts={"plan_number": (_("Plan number"), "text")},
    advice=_("Open the list of plans and go on with the one of this line."),
)
problem_words.register(
    "carry-over-undecided",
    facts={"lines": (_("Lines without a decision"), "text")},
    advice=_("Decide for each line whether its money lapses or is carried over."),
)
problem_words.register("fiscal-year-state", facts={"year": (_("Fiscal year"), "text")})
problem_words.register("adjustment-decided", facts={"decided_by": (_("Decision by"), "text")})

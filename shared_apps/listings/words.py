"""States, findings, figures and refusals of listings in words, registered at start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from shared_apps.listings.rules.checks import PROPOSAL, Severity
from shared_apps.listings.rules.parameters import Parameter
from shared_apps.listings.rules.reviews import (
    AppealState,
    BreachKind,
    FreezeState,
    Outcome,
    PatrolScope,
    PatrolState,
    ReviewKind,
    ReviewState,
)
from shared_apps.rulebook.selectors import law_texts
from webkit import problem_words, states

states.register(
    "offer_review",
    {
        ReviewState.OPEN: (_("Waiting for review"), "warning"),
        ReviewState.APPROVED: (_("Approved"), "success"),
        ReviewState.REJECTED: (_("Rejected"), "danger"),
        ReviewState.LAPSED: (_("Lapsed"), "secondary"),
    },
)
states.register(
    "finding_severity",
    {
        Severity.BLOCK: (_("Must be corrected"), "danger"),
        Severity.WARN: (_("Look closely"), "warning"),
        Severity.INFO: (_("For information"), "info"),
        "": (_("Nothing found"), "success"),
    },
)
states.register(
    "offer_freeze",
    {
        FreezeState.OPEN: (_("Frozen"), "danger"),
        FreezeState.CORRECTED: (_("Corrected, to be looked at"), "warning"),
        FreezeState.LIFTED: (_("Put back on sale"), "success"),
        FreezeState.ENDED: (_("Ended with the offer"), "secondary"),
    },
)
states.register(
    "listing_appeal",
    {
        AppealState.FILED: (_("Waiting for a decision"), "warning"),
        AppealState.GRANTED: (_("Granted"), "success"),
        AppealState.DISMISSED: (_("Dismissed"), "danger"),
        AppealState.WITHDRAWN: (_("Taken back"), "secondary"),
    },
)
states.register(
    "patrol",
    {PatrolState.OPEN: (_("Under way"), "info"), PatrolState.CLOSED: (pgettext_lazy("patrol", "Closed"), "secondary")},
)
states.register(
    "patrol_outcome",
    {
        "": (_("Not looked at yet"), "secondary"),
        Outcome.NONE: (_("In order"), "success"),
        Outcome.WARNING: (_("Warning"), "warning"),
        Outcome.FREEZE: (_("Frozen"), "danger"),
    },
)

KINDS: dict[str, Promise] = {ReviewKind.LISTING: _("New offer"), ReviewKind.PRICE: _("Dearer terms")}
BREACHES: dict[str, Promise] = {
    BreachKind.PRICE: _("Price"),
    BreachKind.ATTRIBUTE: _("Attributes"),
    BreachKind.PICTURE: _("Picture"),
    BreachKind.OTHER: _("Something else"),
}
OUTCOMES: dict[str, Promise] = {
    Outcome.NONE: _("In order"),
    Outcome.WARNING: _("Warning"),
    Outcome.FREEZE: _("Freeze"),
}
SCOPES: dict[str, Promise] = {
    PatrolScope.CATEGORY: _("A category"),
    PatrolScope.SUPPLIER: _("A supplier"),
    PatrolScope.LIBRARY: _("The whole library"),
}
LABELS: dict[str, Promise] = {"energy": _("energy saving"), "environment": _("environment label")}
PARAMETERS: dict[str, tuple[Promise, Promise]] = {
    Parameter.ABOVE_PAID_PERCENT: (
        _("Above the median of paid prices, percent"),
        _("A price further above it is shown to the reviewer."),
    ),
    Parameter.ABOVE_OFFERS_PERCENT: (
        _("Above the median of other offers, percent"),
        _("A price further above other suppliers' offers of the same product is shown to the reviewer."),
    ),
    Parameter.OFFERS_COMPARED_MIN: (
        _("Other offers needed for comparing"),
        _("With fewer other offers no comparison is made."),
    ),
    Parameter.RAISED_BEFORE_DISCOUNT_DAYS: (
        _("Rise before a discount, days"),
        _("A discount within so many days after a rise is shown to reviewers and supervisors."),
    ),
    Parameter.REVIEW_WORKING_DAYS: (_("Time for a review, working days"), _("The day of submitting is not counted.")),
    Parameter.REFERENCE_DAYS: (
        _("Paid prices of the last days"),
        _("Older payments do not count in the paid-price reference."),
    ),
    Parameter.REFERENCE_ORDERS_MIN: (
        _("Paid orders needed for a reference"),
        _("With fewer orders no reference is shown: it would say what one mall paid."),
    ),
    Parameter.LICENSED_SCOPE: (
        _("Offers outside of the licensed scope"),
        _("0: not looked at; 1: shown to the reviewer; 2: must be corrected before the offer is approved."),
    ),
    Parameter.ENDING_WARNING_DAYS: (
        _("Warning before an offer ends, days"),
        _("So long before the last day of an offer its supplier is told; so long after it, the offer can be renewed."),
    ),
}

# What is found, and its short name. The sentences are filled with the finding's inputs.
FINDINGS: dict[str, tuple[Promise, Promise]] = {
    "standing": (_("The supplier may not sell now"), _("Its standing in the supplier library is not “admitted”.")),
    "licensed_scope": (
        _("Outside of the licensed scope"),
        _("The supplier was not admitted for the category %(category)s."),
    ),
    "above_reference": (
        _("Above the reference price"),
        _("The price %(price)s is above the stated reference price %(reference)s; orders above it are refused."),
    ),
    "above_paid": (
        _("Above what malls paid"),
        _(
            "The price %(price)s is %(percent)s%% above the median %(median)s of %(orders)s paid orders (limit"
            " %(limit)s%%)."
        ),
    ),
    "above_offers": (
        _("Above other offers"),
        _(
            "The price %(price)s is %(percent)s%% above the median %(median)s of %(offers)s other offers (limit"
            " %(limit)s%%)."
        ),
    ),
    "forbidden_word": (_("Words of the list"), _("Title or note says “%(words)s”. Source: %(sources)s.")),
    "certificate": (
        _("Label without a valid certificate"),
        _("No valid certificate is kept for: %(labels)s."),
    ),
    "raised_before_discount": (
        _("Raised before a discount"),
        _(
            "Raised from %(before)s to %(raised_to)s on %(raised_on)s and lowered to %(lowered_to)s on %(lowered_on)s,"
            " %(days)s days later."
        ),
    ),
    "dearer_than_last": (
        _("Dearer than the supplier's last offer"),
        _("The supplier's last offer of this product cost %(last)s and was taken off; now %(price)s is asked."),
    ),
    "earlier_freezes": (
        _("Frozen before"),
        _("Offers of this product by this supplier were frozen %(count)s times."),
    ),
}
BASES: dict[str, Promise] = {
    PROPOSAL: _("Proposal of the platform, no rule found"),
    "word_list": _("List of words of the region"),
    "R-CEILING": _("Rule R-CEILING: no deal above the library's reference price"),
    "caiku_2019_9": _("Caiku [2019] No. 9"),
}


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding in words."""

    code: str
    severity: str
    title: str
    text: str
    basis: str
    is_proposal: bool


def shown_findings(findings: list[Mapping[str, Any]]) -> list[ShownFinding]:
    return [_shown(one) for one in findings]


def _shown(finding: Mapping[str, Any]) -> ShownFinding:
    title, sentence = FINDINGS[finding["code"]]
    inputs = dict(finding["inputs"])
    if "labels" in inputs:
        inputs["labels"] = "、".join(str(LABELS.get(label, label)) for label in inputs["labels"].split(","))
    basis = finding["basis"]
    return ShownFinding(
        code=finding["code"],
        severity=finding["severity"],
        title=str(title),
        text=str(sentence) % inputs,
        basis=_basis(basis),
        is_proposal=basis == PROPOSAL,
    )


def _basis(key: str) -> str:
    if key in BASES:
        return str(BASES[key])
    law = law_texts().get(key)
    return f"《{law.title}》{law.label}" if law else gettext("Source not loaded")


problem_words.register("price-not-asked", advice=_("Look at the offer again: the price was lowered or taken back."))
problem_words.register("price-unchanged", facts={"price": (_("Present price"), "money")})
problem_words.register("findings-block", advice=_("Reject the offer with the reason, or wait until it is corrected."))
problem_words.register("already-appealed", advice=_("The decision on that appeal stands; correct what was found."))
problem_words.register("offer-not-appealable", advice=_("Only a rejected or a frozen offer can be appealed about."))
problem_words.register("own-decision", advice=_("Ask a colleague or the region's finance department to decide."))
problem_words.register(
    "patrol-unfinished",
    facts={"left": (_("Not looked at yet"), "text")},
    advice=_("Note a finding on every offer first."),
)
problem_words.register("patrolled-already", advice=_("The finding stays as it was noted."))
problem_words.register("word-unchanged", facts={"word": (_("Word"), "text")}, advice=_("Read the list again."))

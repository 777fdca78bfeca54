"""Decisions in words, at the moment they are shown: stored decisions hold keys and facts only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shared_apps.rulebook import rules as r
from shared_apps.rulebook.rules import Decision
from shared_apps.rulebook.selectors import LawText, law_texts
from shared_apps.rulebook.wording_policies import POLICY_EXPLANATIONS, POLICY_FACTS, POLICY_REMEDIES
from webkit import formats

TITLES: dict[str, Promise] = {
    r.R_MODULE: _("What the module takes"),
    r.R_DECENTRALISED: _("Limit of decentralised procurement"),
    r.R_OPEN_TENDER: _("Limit of open tender"),
    r.R_DIRECT: _("Limit of direct orders"),
    r.R_SUPPLIER: _("Standing of the supplier"),
    r.R_PLAN: _("Plan filed in the fiscal year"),
    r.R_CEILING: _("Price not above the reference price"),
    r.R_OFFER: _("Offer valid, unchanged and delivered there"),
    r.R_ONE_SUPPLIER: _("One supplier an order"),
    r.R_COMPARE: _("Comparison of offers"),
    r.R_ACCEPT: _("Time to answer an order"),
    r.R_BARGAIN: _("Times of a bargain"),
    r.R_PAYMENT: _("Time to pay"),
    r.R_SPLIT_TENDER: _("Sum of the year against the open-tender limit"),
    r.R_SPLIT_DECENTRALISED: _("Sum of the year against the limit of decentralised procurement"),
    r.R_PAID_PRICE: _("Price beside what malls paid"),
    r.R_SME_RESERVE: _("Reserved for small and medium suppliers"),
    r.R_SME_SHARE: _("Share of small and medium suppliers"),
    r.R_RELIEF: _("Share of relief areas in canteen food"),
    r.R_GREEN: _("Energy-saving products that must be bought"),
    r.R_RELATED: _("Related suppliers in a comparison"),
}

BASES: dict[str, Promise] = {
    r.Basis.STATUTE: _("Law"),
    r.Basis.DOCUMENT: _("Regional document"),
    r.Basis.PLATFORM: _("Platform's own rule"),
    r.Basis.PROPOSAL: _("Platform's proposal, not verified"),
}
LEVELS: dict[str, Promise] = {
    r.ANY: _("All levels"),
    r.Level.PROVINCE: _("Region"),
    r.Level.PREFECTURE: _("Prefecture"),
    r.Level.COUNTY: _("County"),
}
KINDS: dict[str, Promise] = {
    r.ANY: _("All kinds"),
    r.Kind.GOODS: _("Goods"),
    r.Kind.SERVICES: _("Services"),
    r.Kind.WORKS: _("Works"),
}
MODES: dict[str, Promise] = {
    r.Mode.DIRECT: _("Direct order"),
    r.Mode.COMPARE: _("Compared order"),
    r.Mode.BARGAIN: _("Bargained order"),
}
MODULES: dict[str, Promise] = {r.ANY: _("All modules"), r.ONLINE_SUPERMARKET: _("Online supermarket")}
SIZES: dict[str, Promise] = {
    "micro": _("Micro"),
    "small": pgettext_lazy("size", "Small"),
    "medium": pgettext_lazy("size", "Medium"),
    "large": pgettext_lazy("size", "Large"),
}
STANDINGS: dict[str, Promise] = {
    "under_review": _("Under review"),
    "admitted": _("Admitted"),
    "refused": pgettext_lazy("standing", "Refused"),
    "suspended": _("Suspended"),
    "removed": _("Removed"),
}

EXPLANATIONS: dict[str, Promise] = {
    "rule.missing": _("No rule is in force for this level and kind of object, so nothing may be bought by it."),
    "module.allowed": _("Everything in the order is something this module takes."),
    "module.refused": _("The module does not take this kind of object."),
    "decentralised.allowed": _("The total %(total)s is inside the limit of %(limit)s."),
    "decentralised.refused": _(
        "The total %(total)s reaches the limit of %(limit)s: this is decentralised procurement, and the mall cannot "
        "sell it."
    ),
    "decentralised.open_tender": _(
        "The total %(total)s reaches the limit of %(limit)s and also the open-tender limit of %(open_tender_limit)s: "
        "open tender is required."
    ),
    "direct.no_limit": _("No limit of its own is set for direct orders."),
    "direct.allowed": _("The total %(total)s is inside the direct-order limit of %(limit)s."),
    "direct.refused": _("The total %(total)s is above the direct-order limit of %(limit)s."),
    "supplier.allowed": _("The supplier is admitted and in good standing."),
    "supplier.refused": _("The supplier may not take orders now: %(standing)s."),
    "plan.allowed": _("The plan is filed and the money is of fiscal year %(fiscal_year)s."),
    "plan.no_line": _("No budget line is chosen."),
    "plan.other_year": _("The budget line is of %(budget_year)s, the order of fiscal year %(fiscal_year)s."),
    "plan.not_filed": _("The procurement plan of the budget line is not filed with the finance bureau."),
    "ceiling.allowed": _("No unit price is above the reference price."),
    "ceiling.refused": _("Unit price above the reference price: %(products)s."),
    "offer.allowed": _("Every offer is valid, at today's price, and delivered to the area."),
    "offer.ended": _("No longer offered: %(ended)s."),
    "offer.changed": _("The price has changed since: %(changed)s."),
    "offer.not_delivered": _("Not delivered to this area: %(not_delivered)s."),
    "one_supplier.allowed": _("All lines come from one supplier."),
    "one_supplier.refused": _("The lines come from more than one supplier: %(suppliers)s."),
    "compare.allowed": _("Offers of %(offers_compared)s independent suppliers were compared."),
    "compare.too_few": _(
        "Offers of %(offers_compared)s independent suppliers were compared; at least %(offers_least)s are needed."
    ),
    "compare.no_reason": _("The chosen offer is not the lowest and no reason is given."),
    **POLICY_EXPLANATIONS,
}

REMEDIES: dict[str, Promise] = {
    "rule.missing": _("Ask the region to enter and verify the rule."),
    "module.refused": _("Take these products out, or use the module or the statutory method made for them."),
    "decentralised.refused": _(
        "Entrust a procurement agency with a statutory method and file the procurement plan with the finance bureau. "
        "Do not split the purchase: article 28 of the Implementing Regulation forbids it."
    ),
    "decentralised.open_tender": _(
        "Entrust a procurement agency with an open tender and file the procurement plan with the finance bureau. "
        "Do not split the purchase: article 28 of the Implementing Regulation forbids it."
    ),
    "direct.refused": _("Compare at least the required number of offers and submit as a compared order."),
    "supplier.refused": _("Choose another supplier that offers the product."),
    "plan.no_line": _("Choose a budget line of this fiscal year."),
    "plan.other_year": _("Choose a budget line of this fiscal year."),
    "plan.not_filed": _("File the plan with the finance bureau, or choose a line whose plan is filed."),
    "ceiling.refused": _("Choose another offer, or wait until the supplier lowers the price."),
    "offer.ended": _("Take these products out of the cart or choose another offer."),
    "offer.changed": _("Open the cart again and submit at today's price."),
    "offer.not_delivered": _("Choose an offer that is delivered to the area, or another delivery address."),
    "one_supplier.refused": _("Submit one order for each supplier."),
    "compare.too_few": _("Add offers of the same product to the comparison."),
    "compare.no_reason": _("Choose the lowest offer, or write down why it does not meet the need."),
    **POLICY_REMEDIES,
}

# Label and kind of every fact a decision may hold; what is not named here is not shown.
FACTS: dict[str, tuple[Promise, str]] = {
    "total": (_("Order total"), "money"),
    "limit": (_("Limit"), "money"),
    "inclusive": (_("The limit itself is allowed"), "yes"),
    "open_tender_limit": (_("Open-tender limit"), "money"),
    "level": (_("Level"), "level"),
    "kind": (_("Kind of object"), "kind"),
    "takes": (_("The module takes"), "kinds"),
    "module": (_("Module"), "module"),
    "mode": (_("Way of ordering"), "mode"),
    "supplier_code": (_("Supplier's credit code"), "text"),
    "standing": (_("Standing"), "standing"),
    "fiscal_year": (_("Fiscal year of the order"), "text"),
    "budget_year": (_("Fiscal year of the budget line"), "text"),
    "plan_filed": (_("Plan filed"), "yes"),
    "lines": (_("Lines looked at"), "text"),
    "products": (_("Products"), "list"),
    "ended": (_("No longer offered"), "list"),
    "changed": (_("Price changed"), "list"),
    "not_delivered": (_("Not delivered"), "list"),
    "area": (_("Delivery area"), "text"),
    "suppliers": (_("Suppliers"), "list"),
    "offers_compared": (_("Offers compared"), "text"),
    "offers_least": (_("At least"), "text"),
    "chosen_is_lowest": (_("The lowest was chosen"), "yes"),
    "choice_reason": (_("Reason of the choice"), "text"),
    "on": (_("Day"), "text"),
    **POLICY_FACTS,
}
_TABLES: dict[str, Mapping[str, Promise]] = {
    "level": LEVELS,
    "kind": KINDS,
    "module": MODULES,
    "mode": MODES,
    "standing": STANDINGS,
    "size": SIZES,
}


@dataclass(frozen=True)
class ShownDecision:
    """A decision for the page: the names `decision_card` reads, and the law's own words."""

    allowed: bool
    title: str
    reason: str
    rule: str
    version: int
    article: str
    basis: str
    source_url: str
    inputs: Sequence[tuple[str, str]]
    remedy: str
    is_demo: bool
    verified: bool
    decided_at: datetime | None
    law: Sequence[LawText]
    warned: bool
    # What was looked at, as it is stored: for pages that show more of it than words.
    facts: Mapping[str, Any]


def shown(decision: Decision | Mapping[str, Any], *, decided_at: datetime | None = None) -> ShownDecision:
    """One decision in the language of the page; takes a decision or its stored JSON."""
    if not isinstance(decision, Decision):
        decision = Decision.from_json(decision)
    facts = {name: fact_text(name, value) for name, value in decision.inputs.items() if name in FACTS}
    texts = law_texts()
    return ShownDecision(
        allowed=decision.allowed,
        title=title(decision.rule),
        reason=_filled(EXPLANATIONS.get(decision.explanation), facts),
        rule=decision.rule,
        version=decision.version,
        article=decision.article,
        basis=_basis(decision),
        source_url=decision.source_url,
        inputs=[(str(FACTS[name][0]), text) for name, text in facts.items() if text],
        remedy=_filled(REMEDIES.get(decision.remedy), facts),
        is_demo=decision.is_demo,
        verified=decision.verified,
        decided_at=decided_at,
        law=[texts[key] for key in decision.articles if key in texts],
        warned=decision.warned,
        facts=decision.inputs,
    )


def shown_all(
    decisions: Sequence[Decision | Mapping[str, Any]], *, decided_at: datetime | None = None
) -> list[ShownDecision]:
    """Decisions for the page, refused ones first, then those that warn."""
    cards = (shown(one, decided_at=decided_at) for one in decisions)
    return sorted(cards, key=lambda one: (one.allowed, not one.warned))


def title(code: str) -> str:
    return str(TITLES[code]) if code in TITLES else code


def fact_text(name: str, value: Any) -> str:
    """A fact in words; "" for one without a value."""
    kind = FACTS[name][1]
    if value is None or value == "" or value == []:
        return ""
    if kind == "money":
        try:
            return formats.money_text(Decimal(str(value)))
        except InvalidOperation:
            return str(value)
    if kind == "percent":
        return f"{value}%"
    if kind == "yes":
        return _now("Yes") if value else _now("No")
    if kind == "kinds":
        return "、".join(str(KINDS.get(one, one)) for one in value)
    if kind == "list":
        return "、".join(str(one) for one in value)
    if kind in _TABLES:
        return str(_TABLES[kind].get(value, value))
    return str(value)


def _basis(decision: Decision) -> str:
    words = [str(BASES.get(decision.basis, decision.basis))]
    if decision.tightened:
        words.append(_now("stricter local value"))
    if decision.document_number:
        words.append(decision.document_number)
    return " · ".join(words)


class _Blanks(dict[str, str]):
    """A fact an old decision does not hold is a dash, not a failure."""

    def __missing__(self, key: str) -> str:
        return "—"


def _filled(text: Promise | None, facts: Mapping[str, str]) -> str:
    return "" if text is None else str(text) % _Blanks(facts)

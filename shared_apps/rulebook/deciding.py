"""How each rule answers. Pure. `rules.decide` is the way in."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from shared_apps.rulebook import deciding_policies
from shared_apps.rulebook import rules as r
from shared_apps.rulebook.deciding_policies import WARNED, Finding
from shared_apps.rulebook.rules import Decision, Mode, Purchase, Rule, RuleSet

GOOD_STANDING = "admitted"  # shared_apps.suppliers.rules.Standing.ADMITTED


def decide(*, purchase: Purchase, rules: RuleSet) -> tuple[Decision, ...]:
    checks = [(code, check) for code, check in CHECKS if _concerns(code, purchase)]
    checks += deciding_policies.checks_of(purchase, rules)
    return tuple(_answer(code, check, purchase, rules) for code, check in checks)


def _concerns(code: str, purchase: Purchase) -> bool:
    if code == r.R_DIRECT:
        # Who bargains with one supplier alone has compared nothing.
        return purchase.mode in {Mode.DIRECT, Mode.BARGAIN}
    return code != r.R_COMPARE or purchase.mode == Mode.COMPARE


def _answer(
    code: str, check: Callable[[Purchase, Rule, RuleSet], Finding], purchase: Purchase, rules: RuleSet
) -> Decision:
    rule = rules.get(code, purchase.kind)
    if rule is None:
        return Decision(
            rule=code,
            version=0,
            allowed=False,
            inputs={"level": rules.level, "kind": purchase.kind, "on": rules.on.isoformat()},
            article="",
            explanation="rule.missing",
            remedy="rule.missing",
        )
    allowed, explanation, remedy, inputs = check(purchase, rule, rules)
    warned = allowed and explanation.endswith(WARNED)
    return Decision(
        rule=code,
        version=rule.version,
        allowed=allowed,
        inputs=inputs,
        article=rule.legal_basis,
        explanation=explanation,
        remedy=remedy if warned or not allowed else "",
        verified=rule.verified,
        is_demo=rule.is_demo or bool(inputs.get("limit_is_demo")),
        tightened=rule.tightened,
        basis=rule.basis,
        articles=rule.articles,
        source_url=rule.source_url,
        document_number=rule.document_number,
        warned=warned,
    )


def _text(amount: Decimal) -> str:
    return format(amount, "f")


def _module(purchase: Purchase, rule: Rule, rules: RuleSet) -> Finding:
    takes = list(rule.parameters.get("kinds", ()))
    strangers = [line.product_code for line in purchase.lines if line.kind not in takes]
    allowed = purchase.kind in takes and not strangers
    inputs = {"module": purchase.module, "kind": purchase.kind, "takes": takes, "products": strangers}
    return allowed, "module.allowed" if allowed else "module.refused", "module.refused", inputs


def _decentralised(purchase: Purchase, rule: Rule, rules: RuleSet) -> Finding:
    """Below the limit the mall may sell. At it the purchase is government procurement with a statutory method.

    Source: Government Procurement Law arts. 7, 8, 27. Which side the limit itself falls on is a parameter.
    The remedy never says "buy less": splitting is what art. 28 of the Implementing Regulation forbids.
    """
    if rule.amount is None:
        return False, "rule.missing", "rule.missing", {"level": rules.level, "kind": purchase.kind}
    inputs: dict[str, Any] = {
        "total": _text(purchase.total),
        "limit": _text(rule.amount),
        "inclusive": rule.inclusive,
        "level": rules.level,
        "kind": purchase.kind,
    }
    if rule.holds(purchase.total):
        return True, "decentralised.allowed", "", inputs
    tender = rules.get(r.R_OPEN_TENDER, purchase.kind)
    if tender is not None and tender.amount is not None and purchase.total >= tender.amount:
        inputs |= {"open_tender_limit": _text(tender.amount), "open_tender_rule": tender.reference}
        return False, "decentralised.open_tender", "decentralised.open_tender", inputs
    return False, "decentralised.refused", "decentralised.refused", inputs


def _direct(purchase: Purchase, rule: Rule, rules: RuleSet) -> Finding:
    inputs: dict[str, Any] = {"total": _text(purchase.total), "mode": purchase.mode}
    if rule.amount is None:
        return True, "direct.no_limit", "", inputs
    inputs |= {"limit": _text(rule.amount), "inclusive": rule.inclusive}
    allowed = rule.holds(purchase.total)
    return allowed, "direct.allowed" if allowed else "direct.refused", "direct.refused", inputs


def _supplier(purchase: Purchase, rule: Rule, rules: RuleSet) -> Finding:
    allowed = purchase.supplier_standing == GOOD_STANDING
    inputs = {"supplier_code": purchase.supplier_code, "standing": purchase.supplier_standing}
    return allowed, "supplier.allowed" if allowed else "supplier.refused", "supplier.refused", inputs


def _plan(purchase: Purchase, rule: Rule, rules: RuleSet) -> Finding:
    """The plan is filed with the finance bureau before buying. Source: Implementing Regulation art. 29."""
    inputs = {
        "fiscal_year": purchase.fiscal_year,
        "budget_year": purchase.budget_year,
        "plan_filed": purchase.plan_filed,
    }
    if purchase.budget_year is None:
        return False, "plan.no_line", "plan.no_line", inputs
    if purchase.budget_year != purchase.fiscal_year:
        return False, "plan.other_year", "plan.other_year", inputs
    allowed = purchase.plan_filed
    return allowed, "plan.allowed" if allowed else "plan.not_filed", "plan.not_filed", inputs


def _ceiling(purchase: Purchase, rule: Rule, rules: RuleSet) -> Finding:
    above = [line for line in purchase.lines if line.unit_price > line.reference_price]
    inputs = {
        "lines": len(purchase.lines),
        "products": [line.product_code for line in above],
        "prices": [
            {"product": line.product_code, "price": _text(line.unit_price), "reference": _text(line.reference_price)}
            for line in above
        ],
    }
    return not above, "ceiling.refused" if above else "ceiling.allowed", "ceiling.refused", inputs


def _offer(purchase: Purchase, rule: Rule, rules: RuleSet) -> Finding:
    ended = [line.product_code for line in purchase.lines if not line.offer_active]
    # What was agreed in a bargain stays, unless the offer has become cheaper than that.
    bargained = purchase.mode == Mode.BARGAIN
    changed = [
        line.product_code
        for line in purchase.lines
        if line.unit_price != line.current_price and not (bargained and line.unit_price < line.current_price)
    ]
    not_delivered = [line.product_code for line in purchase.lines if not line.delivers]
    inputs = {
        "lines": len(purchase.lines),
        "area": purchase.area,
        "ended": ended,
        "changed": changed,
        "not_delivered": not_delivered,
    }
    for found, key in ((ended, "offer.ended"), (changed, "offer.changed"), (not_delivered, "offer.not_delivered")):
        if found:
            return False, key, key, inputs
    return True, "offer.allowed", "", inputs


def _one_supplier(purchase: Purchase, rule: Rule, rules: RuleSet) -> Finding:
    suppliers = sorted({line.supplier_code or purchase.supplier_code for line in purchase.lines})
    allowed = suppliers == [purchase.supplier_code]
    inputs = {"suppliers": suppliers, "supplier_code": purchase.supplier_code}
    return allowed, "one_supplier.allowed" if allowed else "one_supplier.refused", "one_supplier.refused", inputs


def _compare(purchase: Purchase, rule: Rule, rules: RuleSet) -> Finding:
    least = int(rule.parameters.get("offers", 3))
    inputs = {
        "offers_compared": purchase.offers_compared,
        "offers_least": least,
        "chosen_is_lowest": purchase.chosen_is_lowest,
        "choice_reason": purchase.choice_reason,
    }
    if purchase.offers_compared < least:
        return False, "compare.too_few", "compare.too_few", inputs
    if not purchase.chosen_is_lowest and not purchase.choice_reason.strip():
        return False, "compare.no_reason", "compare.no_reason", inputs
    return True, "compare.allowed", "", inputs


CHECKS: tuple[tuple[str, Callable[[Purchase, Rule, RuleSet], Finding]], ...] = (
    (r.R_MODULE, _module),
    (r.R_DECENTRALISED, _decentralised),
    (r.R_DIRECT, _direct),
    (r.R_COMPARE, _compare),
    (r.R_SUPPLIER, _supplier),
    (r.R_ONE_SUPPLIER, _one_supplier),
    (r.R_PLAN, _plan),
    (r.R_OFFER, _offer),
    (r.R_CEILING, _ceiling),
)

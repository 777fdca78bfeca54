"""How the rules of policy answer: split purchases, prices, small suppliers, relief areas, green labels, ties. Pure.

What nobody verified warns and refuses nothing, but for the split-purchase rules: they rest on the limits in force.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from shared_apps.rulebook import rules as r
from shared_apps.rulebook.committed import CommittedSum, Scope, YearShares, stem_of
from shared_apps.rulebook.rules import Mode, Purchase, PurchaseLine, Rule, RuleSet

# What one rule found: allowed, key of the explanation, key of the remedy, inputs. An explanation that ends in `WARNED`
# allows and warns.
Finding = tuple[bool, str, str, dict[str, Any]]
Check = Callable[[Purchase, Rule, RuleSet], Finding]
WARNED: Final = ".warned"
SUMS_MAX: Final = 10
# The size an enterprise declares: shared_apps.suppliers.rules.Size.
SMALL_SIZES: Final = frozenset({"micro", "small"})
SME_SIZES: Final = SMALL_SIZES | {"medium"}
ENERGY_LABEL: Final = "energy"
_HUNDRED = Decimal(100)


def checks_of(purchase: Purchase, rules: RuleSet) -> list[tuple[str, Check]]:
    """The checks that have something to say of this purchase, in their order."""
    found: list[tuple[str, Check]] = []
    if purchase.committed is not None and purchase.committed.asked:
        found += [(r.R_SPLIT_TENDER, _split_tender), (r.R_SPLIT_DECENTRALISED, _split_decentralised)]
    if any(line.paid_median is not None for line in purchase.lines):
        found.append((r.R_PAID_PRICE, _paid_price))
    if purchase.shares is not None:
        if _reaches(purchase, rules.get(r.R_DECENTRALISED, purchase.kind)):
            found.append((r.R_SME_RESERVE, _sme_reserve))
        found.append((r.R_SME_SHARE, _sme_share))
    if purchase.relief is not None and _in_list(purchase, rules.get(r.R_RELIEF, purchase.kind)):
        found.append((r.R_RELIEF, _relief))
    if _in_list(purchase, rules.get(r.R_GREEN, purchase.kind)):
        found.append((r.R_GREEN, _green))
    if purchase.mode == Mode.COMPARE and purchase.related is not None:
        found.append((r.R_RELATED, _related))
    return found


# -- split purchases -------------------------------------------------------------------------------------------------
def _split_tender(purchase: Purchase, rule: Rule, rules: RuleSet) -> Finding:
    """Over the open-tender limit in sum: evading open tender. Source: Implementing Regulation art. 28 (超过)."""
    return _split(purchase, rule, rules.get(r.R_OPEN_TENDER, purchase.kind), inclusive=True, stem="split_tender")


def _split_decentralised(purchase: Purchase, rule: Rule, rules: RuleSet) -> Finding:
    """What reaches the decentralised limit in sum is government procurement with a statutory method, not the mall's."""
    limit = rules.get(r.R_DECENTRALISED, purchase.kind)
    inclusive = limit.inclusive if limit is not None else False
    return _split(purchase, rule, limit, inclusive=inclusive, stem="split_decentralised")


def _split(purchase: Purchase, rule: Rule, limit: Rule | None, *, inclusive: bool, stem: str) -> Finding:
    committed = purchase.committed
    if committed is None or limit is None or limit.amount is None:
        return False, "rule.missing", "rule.missing", {"kind": purchase.kind}
    most, percent = limit.amount, Decimal(str(rule.parameters.get("warn_percent", 80)))
    sums = committed.sums(class_level=int(rule.parameters.get("class_level", 0)))
    states = {one: sum_state(one, limit=most, inclusive=inclusive, warn_percent=percent) for one in sums}
    # The gravest first; of a class and an item in it the item, which says more.
    shown = sorted(sums, key=lambda one: (_GRAVITY[states[one]], one.scope == Scope.CLASS, -one.after))[:SUMS_MAX]
    inputs: dict[str, Any] = {
        "limit": _text(most),
        "limit_rule": limit.reference,
        "limit_is_demo": limit.is_demo,
        "inclusive": inclusive,
        "warn_percent": _text(percent),
        "fiscal_year": committed.fiscal_year,
        "unit_id": committed.unit_id,
        "sums": [_sum_facts(one, states[one], most) for one in shown],
    }
    worst = shown[0]
    inputs |= {
        "code": worst.code,
        "budget_item": worst.budget_item,
        "before": _text(worst.before),
        "asked": _text(worst.asked),
        "after": _text(worst.after),
    }
    state = states[worst]
    if state == "over":
        return False, f"{stem}.refused", f"{stem}.refused", inputs
    if state == "near":
        return True, f"{stem}{WARNED}", f"{stem}{WARNED}", inputs
    return True, f"{stem}.excepted" if state == "excepted" else f"{stem}.allowed", "", inputs


_GRAVITY = {"over": 0, "excepted": 1, "near": 2, "inside": 3}


def sum_state(one: CommittedSum, *, limit: Decimal, inclusive: bool, warn_percent: Decimal) -> str:
    """`inside`, `near` the limit, `over` it, or `excepted`.

    A first purchase is never `over`: the article speaks of buying more than once, and its amount alone meets the limit
    itself.
    """
    over = one.after > limit if inclusive else one.after >= limit
    if over and one.before > 0:
        return "excepted" if one.is_excepted else "over"
    return "near" if one.after * _HUNDRED >= limit * warn_percent else "inside"


def _sum_facts(one: CommittedSum, state: str, limit: Decimal) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "budget_item": one.budget_item,
        "scope": str(one.scope),
        "code": one.code,
        "before": _text(one.before),
        "asked": _text(one.asked),
        "after": _text(one.after),
        "percent": _text(percent_of(one.after, limit)),
        "state": state,
    }
    if one.exception is not None:
        facts |= {"exception": one.exception.number, "excepted_up_to": _text(one.exception.up_to)}
    return facts


# -- prices ----------------------------------------------------------------------------------------------------------
def _paid_price(purchase: Purchase, rule: Rule, rules: RuleSet) -> Finding:
    """Above what the region's malls paid, by more than the deviation: a warning, as the figure is a proposal."""
    most = 1 + Decimal(str(rule.parameters.get("deviation_percent", 15))) / _HUNDRED
    known = [line for line in purchase.lines if line.paid_median is not None]
    above = [line for line in known if line.paid_median is not None and line.unit_price > line.paid_median * most]
    inputs = {
        "deviation_percent": _text(Decimal(str(rule.parameters.get("deviation_percent", 15)))),
        "lines": len(known),
        "products": [line.product_code for line in above],
        "paid": [
            {"product": line.product_code, "price": _text(line.unit_price), "median": _text(line.paid_median)}
            for line in known
            if line.paid_median is not None
        ],
    }
    return _by_severity(rule, bool(above), "paid_price", inputs)


# -- small and medium suppliers --------------------------------------------------------------------------------------
def _sme_reserve(purchase: Purchase, rule: Rule, rules: RuleSet) -> Finding:
    """Up to an amount everything fit for small and medium suppliers is bought of them alone."""
    inputs = {
        "total": _text(purchase.total),
        "reserve_up_to": _text(rule.amount) if rule.amount is not None else None,
        "supplier_size": purchase.supplier_size,
    }
    if not rule.holds(purchase.total):
        return True, "sme_reserve.above", "", inputs
    return _by_severity(rule, purchase.supplier_size not in SME_SIZES, "sme_reserve", inputs)


def _sme_share(purchase: Purchase, rule: Rule, rules: RuleSet) -> Finding:
    """Where the unit's share of small and medium suppliers stands with this purchase. Refuses nothing."""
    before = purchase.shares or YearShares()
    size = purchase.supplier_size
    total = before.total + purchase.total
    sme = before.sme + (purchase.total if size in SME_SIZES else 0)
    small = before.small + (purchase.total if size in SMALL_SIZES else 0)
    aim = Decimal(str(rule.parameters.get("share_percent", 40)))
    inputs = {
        "supplier_size": size,
        "year_total": _text(total),
        "sme_total": _text(sme),
        "share": _text(percent_of(sme, total)),
        "share_aim": _text(aim),
        "small_share": _text(percent_of(small, sme)),
        "small_share_aim": _text(Decimal(str(rule.parameters.get("small_percent", 60)))),
    }
    reached = sme * _HUNDRED >= total * aim
    return True, "sme_share.allowed" if reached else f"sme_share{WARNED}", "sme_share.warned", inputs


# -- relief areas and green labels -----------------------------------------------------------------------------------
def _relief(purchase: Purchase, rule: Rule, rules: RuleSet) -> Finding:
    """Canteen food: the share reserved for the 832 relief counties. Refuses nothing: a year is there to reach it."""
    year = purchase.relief
    aim = Decimal(str(rule.parameters.get("share_percent", 10)))
    if year is None or not year.has_canteen:
        return True, "relief.no_canteen", "", {"share_aim": _text(aim)}
    inputs = {
        "food_planned": _text(year.food_planned),
        "bought": _text(year.bought),
        "share": _text(percent_of(year.bought, year.food_planned)),
        "share_aim": _text(aim),
    }
    reached = year.food_planned > 0 and year.bought * _HUNDRED >= year.food_planned * aim
    return True, "relief.allowed" if reached else f"relief{WARNED}", "relief.warned", inputs


def _green(purchase: Purchase, rule: Rule, rules: RuleSet) -> Finding:
    """Categories in which energy-saving products must be bought: the certificate is valid today (Caiku [2019] 9)."""
    due = [line for line in purchase.lines if is_listed(line.category_code, rule)]
    without = [line.product_code for line in due if not carries_green(line)]
    inputs = {"lines": len(due), "products": without, "on": rules.on.isoformat()}
    return _by_severity(rule, bool(without), "green", inputs)


def is_listed(code: str, rule: Rule) -> bool:
    """The item stands in the rule's list of item codes, or below one of them."""
    return any(code.startswith(stem_of(listed)) for listed in rule.parameters.get("items", ()))


def is_green_due(line: PurchaseLine, rules: RuleSet) -> bool:
    """The line is of a category in which energy-saving products must be bought."""
    rule = rules.get(r.R_GREEN, line.kind)
    return rule is not None and is_listed(line.category_code, rule)


def carries_green(line: PurchaseLine) -> bool:
    return ENERGY_LABEL in line.labels


# -- related suppliers -----------------------------------------------------------------------------------------------
def _related(purchase: Purchase, rule: Rule, rules: RuleSet) -> Finding:
    """Offers compared come from suppliers that belong together. The mall learns that, never why.

    Source: Implementing Regulation art. 18: suppliers under one head or control may not compete for one contract.
    """
    pairs = [f"{first} / {second}" for first, second in purchase.related or ()]
    return _by_severity(rule, bool(pairs), "related", {"pairs": pairs, "offers_compared": purchase.offers_compared})


# -- shared ----------------------------------------------------------------------------------------------------------
def _by_severity(rule: Rule, found: bool, stem: str, inputs: dict[str, Any]) -> Finding:
    """A rule of severity `block` refuses; any other, and every proposal, warns."""
    if not found:
        return True, f"{stem}.allowed", "", inputs
    if rule.severity == "block":
        return False, f"{stem}.refused", f"{stem}.refused", inputs
    return True, f"{stem}{WARNED}", f"{stem}.refused", inputs


def _in_list(purchase: Purchase, rule: Rule | None) -> bool:
    return rule is not None and any(is_listed(line.category_code, rule) for line in purchase.lines)


def _reaches(purchase: Purchase, limit: Rule | None) -> bool:
    return limit is not None and not limit.holds(purchase.total)


def percent_of(part: Decimal, whole: Decimal) -> Decimal:
    """`part` in per cent of `whole`, one place; 0 of nothing."""
    if whole <= 0:
        return Decimal("0.0")
    return (part * _HUNDRED / whole).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def _text(amount: Decimal) -> str:
    return format(amount, "f")

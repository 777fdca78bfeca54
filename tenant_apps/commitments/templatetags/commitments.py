"""The sums that decisions were made on, for the page that submits an order."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import template

from shared_apps.classification.selectors import item_names
from shared_apps.rulebook.rules import R_SPLIT_DECENTRALISED, R_SPLIT_TENDER
from shared_apps.rulebook.wording import ShownDecision
from tenant_apps.budgets.order_numbers import numbers_of
from tenant_apps.commitments.selectors import orders_of_sums, within

register = template.Library()
_LIMITS = {R_SPLIT_TENDER: "tender", R_SPLIT_DECENTRALISED: "mall"}


@register.inclusion_tag("commitments/_sums.html")
def committed_sums(decisions: Sequence[ShownDecision]) -> dict[str, Any]:
    """What this order adds to, beside both limits, with the orders that are in it already. Three statements."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    split = [one for one in decisions or () if one.rule in _LIMITS and one.facts.get("sums")]
    for decision in split:
        for found in decision.facts["sums"]:
            row = rows.setdefault((found["budget_item"], found["code"]), _row(found))
            row[_LIMITS[decision.rule]] = {
                "limit": Decimal(decision.facts["limit"]),
                "percent": found["percent"],
                "state": found["state"],
                "is_demo": decision.is_demo,
            }
    warned = [one for one in decisions or () if one.warned]
    if not rows:
        return {"rows": [], "warned": warned}
    facts = split[0].facts
    orders = orders_of_sums(
        unit_id=facts["unit_id"],
        fiscal_year=facts["fiscal_year"],
        budget_items={budget_item for budget_item, _code in rows},
    )
    numbers = numbers_of({one.order_id for one in orders})
    names = item_names(codes={code for _budget_item, code in rows})
    for (budget_item, code), row in rows.items():
        row["name"] = names.get(code, "")
        row["orders"] = [
            {"order": one, "number": numbers.get(one.order_id, "")}
            for one in within(orders, budget_item=budget_item, code=code)
        ]
        row["over"] = any(row[name] and row[name]["state"] == "over" for name in _LIMITS.values())
    return {
        "rows": list(rows.values()),
        "warned": warned,
        "unit_id": facts["unit_id"],
        "year": facts["fiscal_year"],
        "any_over": any(row["over"] for row in rows.values()),
    }


def _row(found: dict[str, Any]) -> dict[str, Any]:
    return {
        "budget_item": found["budget_item"],
        "scope": found["scope"],
        "code": found["code"],
        "before": Decimal(found["before"]),
        "asked": Decimal(found["asked"]),
        "after": Decimal(found["after"]),
        "exception": found.get("exception", ""),
        "tender": None,
        "mall": None,
    }

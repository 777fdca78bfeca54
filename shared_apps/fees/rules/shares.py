"""Who bears a mall's fees, and how a total is cut to the cent. Pure: no database, no Django.

Source: 分级负担, each level of government budgets and pays its own mall's fees; the founding document fixes no other
parts. What a document says beyond it is entered as a rule from the first day of a month on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol, TypeVar

from kernel.money import split_in_proportion
from shared_apps.fees.rules.months import next_month

WHOLE = Decimal(100)
PERCENT_PLACES = 3
# The payer that is no mall: the region's own finance.
REGION_PAYER = "region"


@dataclass(frozen=True, slots=True)
class Part:
    """One level's part of a mall's fees, in per cent."""

    payer_code: str
    payer_name: str
    percent: Decimal


def share_out(total: Decimal, parts: Sequence[Part]) -> list[Decimal]:
    """What each part is of the total, in the order of the parts; together they are the total to the cent.

    Missing cents go by largest remainder, and by the payers' codes where remainders are equal: the same parts in
    another order give every payer the same amount. A negative total, a month of corrections, is cut as its amount is.
    """
    ordered = sorted(range(len(parts)), key=lambda place: parts[place].payer_code)
    amounts = split_in_proportion(abs(total), [parts[place].percent for place in ordered])
    found = dict(zip(ordered, amounts, strict=True))
    return [-found[place] if total < 0 and found[place] else found[place] for place in range(len(parts))]


def are_whole(percents: Iterable[Decimal]) -> bool:
    """Whether parts are each above zero, have at most three places and are 100 per cent together."""
    listed = list(percents)
    return all(percent > 0 and percent == round(percent, PERCENT_PLACES) for percent in listed) and sum(listed) == WHOLE


class Dated(Protocol):
    """Something in force from the first day of a month until the next of its kind begins."""

    @property
    def valid_from(self) -> date: ...


D = TypeVar("D", bound=Dated)


def in_force(rules: Iterable[D], month: date) -> D | None:
    """The rule of a month: the latest that has begun on its first day. Periods are half-open, [from, next from)."""
    begun = [rule for rule in rules if rule.valid_from <= month]
    return max(begun, key=lambda rule: rule.valid_from, default=None)


def may_withdraw(*, valid_from: date, today: date) -> bool:
    """Until the first month that it would decide is over, no statement rests on a rule."""
    return today < next_month(valid_from)


def possible_payers(*, tenant_code: str, above: Mapping[str, str], top: frozenset[str]) -> list[str]:
    """Who may bear a part of a mall's fees: its own level, those it answers to, the region.

    `above` leads from each level to its supervisor, `top` are the codes of the region itself.
    """
    found = [tenant_code]
    code = above.get(tenant_code, "")
    while code and code not in found:
        if code not in top:
            found.append(code)
        code = above.get(code, "")
    return [*found, REGION_PAYER]

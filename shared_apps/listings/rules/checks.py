"""What the machine looks at before a person does. Pure: facts in, findings out, each with what it was reckoned from.

A check that blocks leaves the person nothing but to reject; the others are advice. None decides alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from kernel.money import round_half_up
from kernel.registry import Registry
from shared_apps.listings.rules.parameters import Parameter, Parameters

GOOD_STANDING = "admitted"  # shared_apps.suppliers.rules.Standing.ADMITTED
# Where no rule was found: our own proposal, which region staff may change or switch off by its figure.
PROPOSAL = "proposal"


class Severity(StrEnum):
    BLOCK = "block"
    WARN = "warn"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class PriceMove:
    """One change of the price on sale."""

    on: date
    before: Decimal
    after: Decimal

    @property
    def is_rise(self) -> bool:
        return self.after > self.before


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """What is known of an offer when it is checked. Prices are of a piece with tax, before any area's surcharge."""

    on: date
    price: Decimal
    reference_price: Decimal
    # The price on sale while a dearer one is looked at; None for a new offer.
    present_price: Decimal | None = None
    title: str = ""
    stock_note: str = ""
    standing: str = GOOD_STANDING
    # What the product is said to carry or has carried, and what a certificate of the day proves.
    labels: frozenset[str] = frozenset()
    valid_labels: frozenset[str] = frozenset()
    other_prices: tuple[Decimal, ...] = ()
    paid_median: Decimal | None = None
    paid_orders: int = 0
    moves: tuple[PriceMove, ...] = ()
    # The last price this supplier had the same product on sale for, in an offer that has ended.
    last_price: Decimal | None = None
    earlier_freezes: int = 0
    category: str = ""
    # Whether the category is one the supplier was admitted for; None: it never said what it deals in.
    in_scope: bool | None = True
    # Word and where it stands.
    words: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """`inputs` are texts: what the sentence about it says and what the decision can be explained by years later."""

    code: str
    severity: Severity
    basis: str
    inputs: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "severity": str(self.severity),
            "basis": self.basis,
            "inputs": dict(self.inputs),
        }


Check = Callable[[OfferFacts, Parameters], Finding | None]
CHECKS: Registry[Check] = Registry("machine checks of offers")


def run_checks(facts: OfferFacts, parameters: Parameters) -> list[Finding]:
    """Every finding, in the order of the registry."""
    found = (check(facts, parameters) for check in CHECKS.values())
    return [finding for finding in found if finding is not None]


def worst(findings: Sequence[Finding]) -> str:
    """The gravest severity, or empty."""
    ranks = list(Severity)
    return min(
        (str(one.severity) for one in findings), key=lambda severity: ranks.index(Severity(severity)), default=""
    )


def median(prices: Sequence[Decimal]) -> Decimal:
    """The middle of a non-empty row of prices; of an even number the mean of the middle two."""
    ordered = sorted(prices)
    return round_half_up((ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2)


def percent_above(price: Decimal, base: Decimal) -> Decimal:
    """How much above, in percent with one place; negative below."""
    return ((price - base) * 100 / base).quantize(Decimal("0.1"))


def _check(code: str) -> Callable[[Check], Check]:
    def register(function: Check) -> Check:
        return CHECKS.register(code, function)

    return register


@_check("standing")
def _standing(facts: OfferFacts, parameters: Parameters) -> Finding | None:
    """Who may not sell now is not listed; the conditions are those of admission (GPL art. 22)."""
    if facts.standing == GOOD_STANDING:
        return None
    return Finding("standing", Severity.BLOCK, "gpl:22", {"standing": facts.standing})


@_check("licensed_scope")
def _licensed_scope(facts: OfferFacts, parameters: Parameters) -> Finding | None:
    """Products must fall in the licensed scope, as other e-malls ask; whether they must here is the region's figure.

    A supplier that never said what it deals in is not kept from selling for that: the reviewer reads it.
    """
    level = parameters.whole(Parameter.LICENSED_SCOPE)
    if not level or facts.in_scope:
        return None
    severity = Severity.BLOCK if level > 1 and facts.in_scope is not None else Severity.WARN
    stated = "yes" if facts.in_scope is not None else "no"
    return Finding("licensed_scope", severity, PROPOSAL, {"category": facts.category, "stated": stated})


@_check("above_reference")
def _above_reference(facts: OfferFacts, parameters: Parameters) -> Finding | None:
    """An order above the ceiling would be refused (rule R-CEILING): an offer above it could never be bought."""
    if facts.price <= facts.reference_price:
        return None
    inputs = {"price": str(facts.price), "reference": str(facts.reference_price)}
    return Finding("above_reference", Severity.BLOCK, "R-CEILING", inputs)


@_check("above_paid")
def _above_paid(facts: OfferFacts, parameters: Parameters) -> Finding | None:
    """Against what malls paid lately."""
    if facts.paid_median is None:
        return None
    limit = parameters[Parameter.ABOVE_PAID_PERCENT]
    above = percent_above(facts.price, facts.paid_median)
    if above <= limit:
        return None
    inputs = {
        "price": str(facts.price),
        "median": str(facts.paid_median),
        "orders": str(facts.paid_orders),
        "percent": str(above),
        "limit": _plain(limit),
    }
    return Finding("above_paid", Severity.WARN, PROPOSAL, inputs)


@_check("above_offers")
def _above_offers(facts: OfferFacts, parameters: Parameters) -> Finding | None:
    """Against what other suppliers ask for the same product."""
    if len(facts.other_prices) < parameters.whole(Parameter.OFFERS_COMPARED_MIN):
        return None
    middle, limit = median(facts.other_prices), parameters[Parameter.ABOVE_OFFERS_PERCENT]
    above = percent_above(facts.price, middle)
    if above <= limit:
        return None
    inputs = {
        "price": str(facts.price),
        "median": str(middle),
        "offers": str(len(facts.other_prices)),
        "percent": str(above),
        "limit": _plain(limit),
    }
    return Finding("above_offers", Severity.WARN, PROPOSAL, inputs)


@_check("forbidden_word")
def _forbidden_word(facts: OfferFacts, parameters: Parameters) -> Finding | None:
    """Words of the list in title or note. Whether a word breaks the law where it stands is for a person to say."""
    text = f"{facts.title}\n{facts.stock_note}"
    found = [(word, source) for word, source in facts.words if word in text]
    if not found:
        return None
    inputs = {
        "words": "、".join(word for word, _ in found),
        "sources": "；".join(dict.fromkeys(source for _, source in found)),
    }
    return Finding("forbidden_word", Severity.WARN, "word_list", inputs)


@_check("certificate")
def _certificate(facts: OfferFacts, parameters: Parameters) -> Finding | None:
    """Energy-saving and environment labels rest on a certificate that is valid (Caiku [2019] 9)."""
    missing = facts.labels - facts.valid_labels
    if not missing:
        return None
    return Finding("certificate", Severity.WARN, "caiku_2019_9", {"labels": ",".join(sorted(missing))})


@_check("raised_before_discount")
def _raised_before_discount(facts: OfferFacts, parameters: Parameters) -> Finding | None:
    """The latest discount that followed a rise within the window (indicator R08 of supervision)."""
    found = discount_after_rise(facts.moves, days=parameters.whole(Parameter.RAISED_BEFORE_DISCOUNT_DAYS))
    if found is None:
        return None
    rise, discount = found
    inputs = {
        "raised_on": rise.on.isoformat(),
        "before": str(rise.before),
        "raised_to": str(rise.after),
        "lowered_on": discount.on.isoformat(),
        "lowered_to": str(discount.after),
        "days": str((discount.on - rise.on).days),
    }
    return Finding("raised_before_discount", Severity.WARN, PROPOSAL, inputs)


@_check("dearer_than_last")
def _dearer_than_last(facts: OfferFacts, parameters: Parameters) -> Finding | None:
    """Taken off and offered anew at a higher price: a rise by another way."""
    if facts.last_price is None or facts.present_price is not None or facts.price <= facts.last_price:
        return None
    inputs = {"price": str(facts.price), "last": str(facts.last_price)}
    return Finding("dearer_than_last", Severity.WARN, PROPOSAL, inputs)


@_check("earlier_freezes")
def _earlier_freezes(facts: OfferFacts, parameters: Parameters) -> Finding | None:
    """This supplier's offers of this product were frozen before."""
    if not facts.earlier_freezes:
        return None
    return Finding("earlier_freezes", Severity.INFO, PROPOSAL, {"count": str(facts.earlier_freezes)})


def discount_after_rise(moves: Sequence[PriceMove], *, days: int) -> tuple[PriceMove, PriceMove] | None:
    """The latest fall of the price that came within `days` of a rise, with that rise. `moves` are in their order."""
    found = None
    rise: PriceMove | None = None
    for move in moves:
        if move.is_rise:
            rise = move
        elif rise is not None and move.on - rise.on <= timedelta(days=days):
            found = (rise, move)
    return found


def _plain(figure: Decimal) -> str:
    text = format(figure, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text

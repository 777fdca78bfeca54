"""Amounts: `Decimal` yuan with two places. Never float; rounding is half up and happens only where it is named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
MAX_AMOUNT = Decimal("9999999999999999.99")  # numeric(18,2)

_AMOUNT = re.compile(r"[0-9]{1,16}(?:\.[0-9]{1,2})?")
# Wide enough that a largest price times a largest quantity is exact before it is rounded.
_EXACT = Context(prec=80, rounding=ROUND_HALF_UP)


def yuan(value: str | int | Decimal) -> Decimal:
    """An exact amount with two places; may be negative. ValueError for anything that would need rounding."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise ValueError(f"an amount is a str, an int or a Decimal, not {type(value).__name__}")
    if isinstance(value, str):
        return -parse_amount(value[1:]) if value.startswith("-") else parse_amount(value)
    amount = Decimal(value)
    if not amount.is_finite() or abs(amount) > MAX_AMOUNT:
        raise ValueError("the amount is not finite or too large")
    rounded = round_half_up(amount)
    if rounded != amount:
        raise ValueError("the amount has more than two decimal places")
    return rounded


def parse_amount(text: str) -> Decimal:
    """Read `12`, `12.3` or `12.30` in ASCII digits; ValueError for every other spelling."""
    if not isinstance(text, str) or _AMOUNT.fullmatch(text) is None:
        raise ValueError("an amount is up to 16 digits with at most two decimal places")
    return Decimal(text).quantize(CENT)


def round_half_up(amount: Decimal) -> Decimal:
    """To the cent, halves away from zero; never minus zero."""
    rounded = amount.quantize(CENT, context=_EXACT)
    return ZERO if rounded == 0 else rounded


def line_amount(*, price: Decimal, quantity: int | Decimal) -> Decimal:
    """Price times quantity, rounded half up once. ValueError beyond MAX_AMOUNT."""
    amount = round_half_up(_EXACT.multiply(price, Decimal(quantity)))
    if abs(amount) > MAX_AMOUNT:
        raise ValueError("the line amount is too large")
    return amount


def split_in_proportion(total: Decimal, weights: Sequence[Decimal | int]) -> list[Decimal]:
    """Parts of `total` in proportion to `weights` that add up to it to the cent.

    Largest remainder: every part is rounded down, then the missing cents go to the largest remainders, the earlier
    part first when they are equal, so that the same input always gives the same parts.
    """
    total = yuan(total)
    shares = [Fraction(weight) for weight in weights]
    if total < 0 or any(share < 0 for share in shares) or sum(shares) <= 0:
        raise ValueError("total and weights are not negative, and some weight is positive")
    cents = int(total * 100)
    whole = sum(shares)
    exact = [cents * share / whole for share in shares]
    parts = [int(part) for part in exact]
    by_remainder = sorted(range(len(parts)), key=lambda index: (parts[index] - exact[index], index))
    for index in by_remainder[: cents - sum(parts)]:
        parts[index] += 1
    return [Decimal(part).scaleb(-2).quantize(CENT) for part in parts]

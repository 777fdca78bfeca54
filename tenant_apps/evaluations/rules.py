"""Who rates whom by what, and the mean of the marks. Pure.

No rule was found for indicators, marks or the period: the indicators below are proposals until the mall's bureau
decides its own; the 15 days are R-CLOSE, a proposal of the order's lifecycle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum

from kernel.posts import Post

MARKS = (1, 2, 3, 4, 5)
INDICATORS_MOST = 6


class Side(StrEnum):
    """Who rates: the buyer the supplier, the supplier the buyer."""

    BUYER = "buyer"
    SUPPLIER = "supplier"


RATERS = frozenset({Post.BUYER_CLERK, Post.BUYER_ACCEPTOR, Post.SUPPLIER_ADMIN, Post.SUPPLIER_SALES})
OVERSEERS = frozenset({Post.TIER_SUPERVISOR, Post.CPB_OPERATOR, Post.AUDITOR})
DECIDERS = frozenset({Post.TIER_SUPERVISOR})

# Data, in the language they are read in: as a bureau would write them.
PROPOSED: Mapping[Side, tuple[str, ...]] = {
    Side.BUYER: ("商品质量", "交货及时", "服务态度"),
    Side.SUPPLIER: ("验收及时", "付款及时", "沟通配合"),
}


def mean(marks: Sequence[int]) -> Decimal:
    """The mean with one decimal, half up. ValueError for none, or for a mark that is none."""
    if not marks or any(mark not in MARKS for mark in marks):
        raise ValueError("marks are 1 to 5")
    total, count = sum(marks) * 10, len(marks)
    return Decimal((total * 2 + count) // (count * 2)) / 10

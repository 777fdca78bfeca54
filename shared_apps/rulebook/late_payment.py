"""What paying a small or medium supplier late costs. Pure.

Source: Regulation on Ensuring Payment to Small and Medium-sized Enterprises (State Council Order 802) art. 17: who pays
late owes interest; where no rate was agreed, 0.05 % of the amount for each day.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from kernel.money import round_half_up

DAILY_RATE: Final = Decimal("0.0005")


def late_interest(*, amount: Decimal, days: int) -> Decimal:
    """Simple interest of `days` late days in yuan, rounded half up to the cent once, of the whole time."""
    return round_half_up(amount * DAILY_RATE * max(0, days))

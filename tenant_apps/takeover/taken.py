"""What of the old mall is here already, and what is here of the same name."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from tenant_apps.budgets.named_lines import lines_named
from tenant_apps.takeover.models import TakenLine, TakenOrder


@dataclass(frozen=True, slots=True)
class PresentLine:
    """A budget line of the mall. `taken` is (total, spent before) of one whose old spending was taken off."""

    id: int
    total: Decimal
    available: Decimal
    taken: tuple[Decimal, Decimal] | None


def known_orders(numbers: Collection[str]) -> dict[str, str]:
    """Fingerprints of the orders taken over, by their old numbers. One statement."""
    rows = TakenOrder.objects.filter(old_number__in=list(numbers))
    return dict(rows.values_list("old_number", "fingerprint"))


def present_lines(keys: Collection[tuple[int, int, str]]) -> dict[tuple[int, int, str], PresentLine]:
    """Lines of the mall by unit, year and plan number. Two statements."""
    wanted = set(keys)
    lines = lines_named(keys=wanted)
    rows = TakenLine.objects.filter(line_id__in=[line.id for line in lines.values()])
    taken = {line_id: (total, spent) for line_id, total, spent in rows.values_list("line_id", "total", "earlier_spent")}
    return {key: PresentLine(line.id, line.total, line.available, taken.get(line.id)) for key, line in lines.items()}

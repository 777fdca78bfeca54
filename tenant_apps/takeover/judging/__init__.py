"""Whether a package can be taken over: every cell that is wrong, every code that is not mapped, every sum."""

from __future__ import annotations

from datetime import date

from tenant_apps.takeover.codes import load_codes
from tenant_apps.takeover.judging.common import Given, Judged
from tenant_apps.takeover.judging.lines import LineJudge
from tenant_apps.takeover.judging.orders import OrderJudge
from tenant_apps.takeover.reading import Package
from tenant_apps.takeover.rules import reconcile

__all__ = ["Judged", "judge_package"]


def judge_package(*, package: Package, live_on: date | None, today: date) -> Judged:
    """Reads the mall and the libraries, writes nothing. `live_on` is the day the mall went live, None before.

    Runs as the mall's login of the region.
    """
    codes, added = load_codes(package)
    given = Given(package, codes, today)
    of_lines = LineJudge(given)
    lines = of_lines.lines()
    orders = OrderJudge(given, live_on).orders()
    comparison = reconcile(lines=of_lines.money, draws=of_lines.draws, controls=of_lines.controls())
    of_lines.enough(lines)
    return Judged(
        items=[*lines, *orders],
        errors=package.sorted_errors(),
        unmapped=codes.unmapped(),
        comparison=comparison,
        added_codes=added,
    )

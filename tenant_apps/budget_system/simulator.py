"""A budget-management system that behaves like one. What it does is decided by the quota number's last two digits.

No chance is involved, so that a test and a demonstration can ask for each behaviour; the table is in the README and on
the bureau's page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from django.db.models import F, Sum
from django.utils.translation import gettext_lazy as _

from kernel.clock import utc_now
from kernel.money import ZERO
from kernel.sm3 import sm3_hex
from tenant_apps.budget_system.models import SimulatedQuota, SimulatedQuotaEntry
from tenant_apps.budget_system.provider import Answer, BudgetSystemUnavailable, Quota, Report, Status
from tenant_apps.budget_system.rules import ReportKind
from tenants.database.context import current_tenant, tenant_atomic
from tenants.registry.providers import require_no_transaction


class Scenario(StrEnum):
    ACCEPTS = "accepts"
    NOT_FOUND = "not_found"
    INSUFFICIENT = "insufficient"
    YEAR_CLOSED = "year_closed"
    DELAYS = "delays"
    UNAVAILABLE = "unavailable"
    LOSES_ANSWER = "loses_answer"


BY_ENDING = {
    "01": Scenario.NOT_FOUND,
    "02": Scenario.INSUFFICIENT,
    "03": Scenario.YEAR_CLOSED,
    "04": Scenario.DELAYS,
    "05": Scenario.UNAVAILABLE,
    "06": Scenario.LOSES_ANSWER,
}
WORDS = {
    "01": _("Refuses: it does not know the quota"),
    "02": _("Refuses: the quota has too little left there"),
    "03": _("Refuses: the year is closed there"),
    "04": _("Delays: takes the report and accepts it after a minute"),
    "05": _("Does not answer for the first two minutes"),
    "06": _("Enters the report, but its first answer is lost; the repeated report is not entered twice"),
}
# The other side's own words: they are data of the outside world and stay as they came.
REASONS = {
    Scenario.NOT_FOUND: "指标不存在",
    Scenario.INSUFFICIENT: "指标可用余额不足",
    Scenario.YEAR_CLOSED: "该年度已关账",
}
DELAYED_BY = timedelta(minutes=1)
UNREACHABLE_FOR = timedelta(minutes=2)


def scenario_of(quota_number: str) -> Scenario:
    return BY_ENDING.get(quota_number[-2:], Scenario.ACCEPTS)


@dataclass
class SimulatedBudgetSystem:
    """`clock` is the other side's, not ours: tests and demonstrations turn it forward."""

    clock: Callable[[], datetime] = utc_now
    name: str = "simulated"

    def fetch(self, *, unit_code: str, fiscal_year: int) -> Sequence[Quota]:
        """The quotas of the book, each with what was reported of it."""
        require_no_transaction()
        rows = list(SimulatedQuota.objects.filter(unit_code=unit_code, fiscal_year=fiscal_year).order_by("number"))
        sums: dict[str, dict[str, Decimal]] = {}
        entries = SimulatedQuotaEntry.objects.filter(quota_number__in=[row.number for row in rows])
        for number, kind, amount in entries.values_list("quota_number", "kind").annotate(sum=Sum("amount")):
            sums.setdefault(number, {})[kind] = amount
        found = []
        for row in rows:
            told = sums.get(row.number, {})
            frozen, spent, released, returned = (told.get(kind, ZERO) for kind in ReportKind)
            found.append(
                Quota(
                    row.number, row.unit_code, row.fiscal_year, row.name, row.functional_class, row.economic_class,
                    row.fund_source, row.project_code, row.project_name, row.total,
                    frozen - spent - released + returned, spent - returned,
                )
            )  # fmt: skip
        return found

    def report(self, report: Report) -> Answer:
        """Enters the report in the book, once per number; what is refused is not entered."""
        require_no_transaction()
        now, scenario = self.clock(), scenario_of(report.quota_number)
        if scenario in REASONS:
            return Answer(Status.REFUSED, reason=REASONS[scenario])
        reference = f"YTH{sm3_hex(f'{current_tenant().code}|{report.number}'.encode())[:16].upper()}"
        with tenant_atomic():
            entry, new = SimulatedQuotaEntry.objects.get_or_create(
                number=report.number,
                defaults={
                    "reference": reference,
                    "quota_number": report.quota_number,
                    "kind": report.kind,
                    "amount": report.amount,
                    "scenario": scenario,
                    "received_at": now,
                },
            )
            if not new:
                SimulatedQuotaEntry.objects.filter(pk=entry.pk).update(times_received=F("times_received") + 1)
        if scenario == Scenario.UNAVAILABLE and now < entry.received_at + UNREACHABLE_FOR:
            raise BudgetSystemUnavailable("the simulated budget system is out of reach")
        if scenario == Scenario.LOSES_ANSWER and new:
            raise BudgetSystemUnavailable("the simulated budget system's answer was lost")
        return self._answer(entry, now)

    def ask(self, number: str) -> Answer:
        """Looks the report up in the book."""
        require_no_transaction()
        entry = SimulatedQuotaEntry.objects.filter(number=number).first()
        if entry is None:
            raise BudgetSystemUnavailable("the simulated budget system's book was emptied")
        return self._answer(entry, self.clock())

    @staticmethod
    def _answer(entry: SimulatedQuotaEntry, now: datetime) -> Answer:
        delayed = entry.scenario == Scenario.DELAYS and now < entry.received_at + DELAYED_BY
        return Answer(Status.PENDING if delayed else Status.ACCEPTED, entry.reference)

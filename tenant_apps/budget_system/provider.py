"""What a budget-management system (预算管理一体化) must be able to do. The simulator is one; a real one is a setting.

Every call may fail in every way a network can, after the other side has acted as well: `report` must therefore be
idempotent by the report's number. No call is made inside a database transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from tenants.registry.providers import Outside


class BudgetSystemUnavailable(Exception):
    """Not reached, or no answer in time: what became of the report is not known."""


@dataclass(frozen=True, slots=True)
class Report:
    """What the other side is told of an order's money."""

    number: str
    kind: str
    quota_number: str
    unit_code: str
    fiscal_year: int
    amount: Decimal
    order_number: str
    at: datetime


class Status(StrEnum):
    PENDING = "pending"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a report; `reason` in the other side's own words where it is refused."""

    status: Status
    reference: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Quota:
    """A quota line with its balance, as the other side has it."""

    number: str
    unit_code: str
    fiscal_year: int
    name: str
    functional_class: str
    economic_class: str
    fund_source: str
    project_code: str
    project_name: str
    total: Decimal
    frozen: Decimal
    spent: Decimal


class BudgetSystemProvider(Protocol):
    name: str

    def fetch(self, *, unit_code: str, fiscal_year: int) -> Sequence[Quota]:
        """The quota lines of a unit and year. Raises BudgetSystemUnavailable."""

    def report(self, report: Report) -> Answer:
        """Tells a freeze, a payment or a release; the same number again gives the same answer, entered once.

        Raises BudgetSystemUnavailable.
        """

    def ask(self, number: str) -> Answer:
        """What became of a report that was taken. Raises BudgetSystemUnavailable."""


BUDGET_SYSTEM: Outside[BudgetSystemProvider] = Outside(
    "YZ_BUDGET_SYSTEM", "tenant_apps.budget_system.simulator.SimulatedBudgetSystem"
)

"""What a treasury must be able to do. The simulator is one implementation; a real one is another class and a setting.

Every call may fail in every way a network can, after the treasury has acted as well: `send` must therefore be
idempotent by the instruction's number. No call is made inside a database transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from tenants.registry.providers import Outside


class TreasuryUnavailable(Exception):
    """Not reached, or no answer in time: what became of the request is not known."""


@dataclass(frozen=True, slots=True)
class Payment:
    """An instruction as the treasury is told it."""

    number: str
    amount: Decimal
    payer_unit: str
    payee_code: str
    payee_name: str
    payee_bank: str
    payee_account: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """The treasury has the instruction, under its own reference."""

    reference: str
    received_at: datetime


class Status(StrEnum):
    PENDING = "pending"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an instruction; `reason` in the treasury's own words where it failed."""

    status: Status
    reason: str = ""


class TreasuryProvider(Protocol):
    name: str

    def send(self, payment: Payment) -> Receipt | Outcome:
        """Hands the instruction in; the same number again gives the same receipt.

        A refusal at the counter is an Outcome. Raises TreasuryUnavailable.
        """

    def poll(self, reference: str) -> Outcome:
        """Asks what became of it. Raises TreasuryUnavailable."""


TREASURY: Outside[TreasuryProvider] = Outside("YZ_TREASURY", "tenant_apps.payments.simulator.SimulatedTreasury")

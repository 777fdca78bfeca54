"""What the medium that a finance department of the province or above names must be able to do: announce a contract.

Source: Implementing Regulation art. 50. Which medium that is and how it is reached was not found: the simulator is one
implementation, a real one another class and the setting `YZ_CONTRACT_MEDIUM`. Every call may fail in every way a
network can, after the medium has acted as well: `announce` must be idempotent by the notice's key. No call is made
inside a database transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from tenants.registry.providers import Outside


class MediumUnavailable(Exception):
    """Not reached, or no answer in time: what became of the notice is not known."""


@dataclass(frozen=True, slots=True)
class Notice:
    """`text` is what the public reads on the mall's own page, secrets already left out; its values are JSON."""

    key: str
    number: str
    title: str
    purchaser: str
    supplier: str
    amount: str
    signed_on: str
    sm3: str
    text: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MediumReceipt:
    """The medium has the notice, under its own reference."""

    reference: str
    received_at: datetime


class MediumStatus(StrEnum):
    PENDING = "pending"
    PUBLISHED = "published"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class MediumOutcome:
    """`address` is where the public reads it; `reason` in the medium's own words where it refused."""

    status: MediumStatus
    address: str = ""
    reason: str = ""


class ContractMedium(Protocol):
    name: str

    def announce(self, notice: Notice) -> MediumReceipt:
        """Hands the notice in; the same key again gives the same receipt. Raises MediumUnavailable."""

    def poll(self, reference: str) -> MediumOutcome:
        """Asks what became of it. Raises MediumUnavailable."""


MEDIUM: Outside[ContractMedium] = Outside(
    "YZ_CONTRACT_MEDIUM", "tenant_apps.contracts.simulated_medium.SimulatedMedium"
)

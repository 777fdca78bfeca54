"""What a verifier of invoices must be able to do. The simulator is one; an authority's service is a setting.

No call is made inside a database transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from tenant_apps.invoices.rules import InvoiceFacts
from tenants.registry.providers import Outside


class VerifierUnavailable(Exception):
    """Not reached, or no answer in time."""


class Finding(StrEnum):
    MATCHES = "matches"
    DIFFERS = "differs"
    NOT_FOUND_YET = "not_found_yet"


@dataclass(frozen=True, slots=True)
class Answer:
    """`reason` in the verifier's own words where the invoice differs."""

    finding: Finding
    reason: str = ""


class InvoiceVerifier(Protocol):
    name: str

    def verify(self, facts: InvoiceFacts) -> Answer:
        """Whether the invoice stands with the authority as it was recorded. Raises VerifierUnavailable."""


VERIFIER: Outside[InvoiceVerifier] = Outside("YZ_INVOICE_VERIFIER", "tenant_apps.invoices.simulator.SimulatedVerifier")

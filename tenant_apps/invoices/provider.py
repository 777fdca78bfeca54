"""What a verifier of invoices must be able to do. The simulator is one; an authority's service is a setting.

No call is made inside a database transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from tenant_apps.invoices.rules import InvoiceFacts
from tenants.database.context import current_tenant
from tenants.registry.rules import TenantKind

SIMULATED = "tenant_apps.invoices.simulator.SimulatedVerifier"


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


def verifier() -> InvoiceVerifier:
    """The verifier of `settings.YZ_INVOICE_VERIFIER`; the simulator where none is set, and for practice always."""
    found: InvoiceVerifier = import_string(_path())()
    return found


def is_simulated() -> bool:
    """Whether nobody but the simulator was asked: pages say so."""
    return _path() == SIMULATED


def _path() -> str:
    if current_tenant().kind == TenantKind.PRACTICE:
        return SIMULATED
    return str(getattr(settings, "YZ_INVOICE_VERIFIER", SIMULATED))

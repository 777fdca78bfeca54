"""What a service of electronic signatures must be able to do. The simulator is one; a real one is a setting.

Every call may fail in every way a network can, after the service has acted as well: `ask` must be idempotent by the
request's key. No call is made inside a database transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from tenants.registry.providers import Outside


class SignerUnavailable(Exception):
    """Not reached, or no answer in time: what became of the request is not known."""


@dataclass(frozen=True, slots=True)
class SigningRequest:
    """`digest` is the SM3 of the document's bytes; the service never sees the document."""

    key: str
    digest: str
    certificate: str
    party: str
    document: str


@dataclass(frozen=True, slots=True)
class SigningReceipt:
    reference: str
    received_at: datetime


class SigningStatus(StrEnum):
    PENDING = "pending"
    SIGNED = "signed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class SigningOutcome:
    """`value` is the signature over the digest; `reason` in the service's own words where it refused."""

    status: SigningStatus
    value: str = ""
    reason: str = ""


class SignatureService(Protocol):
    name: str

    def ask(self, request: SigningRequest) -> SigningReceipt:
        """Hands the request in; the same key again gives the same receipt. Raises SignerUnavailable."""

    def poll(self, reference: str) -> SigningOutcome:
        """Asks what became of it. Raises SignerUnavailable."""


SIGNER: Outside[SignatureService] = Outside("YZ_SIGNATURE_SERVICE", "tenant_apps.contracts.simulator.SimulatedSigner")

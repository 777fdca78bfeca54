"""What a carrier of e-mail or of short messages must be able to do. A real one is a class and a setting.

Every call may fail in every way a network can, after the provider has acted as well: `send` is therefore idempotent by
the message's number as far as the provider is (a mail server is not: it gets the number as the Message-ID). No call is
made inside a database transaction, and no implementation logs a text or an address.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from shared_apps.messaging.rules import Channel
from tenants.registry.providers import Outside


class ProviderUnavailable(Exception):
    """Not reached, or no answer in time: what became of the message is not known."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as the provider is told it; a short message has no subject."""

    number: str
    address: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """The provider has the message, under its own reference. `reports`: it can be asked what became of it."""

    reference: str
    reports: bool


class Status(StrEnum):
    PENDING = "pending"
    DELIVERED = "delivered"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message; `reason` in the provider's own words where it was refused."""

    status: Status
    reason: str = ""


class Provider(Protocol):
    name: str

    def send(self, letter: Letter) -> Receipt | Outcome:
        """Hands a message over; the same number again gives the same receipt and sends nothing.

        A refusal at the counter is an Outcome. Raises ProviderUnavailable.
        """

    def ask(self, reference: str) -> Outcome:
        """What became of it. Raises ProviderUnavailable."""


PROVIDERS: dict[Channel, Outside[Provider]] = {
    Channel.EMAIL: Outside("YZ_EMAIL_PROVIDER", "shared_apps.messaging.simulators.SimulatedEmail"),
    Channel.SMS: Outside("YZ_SMS_PROVIDER", "shared_apps.messaging.simulators.SimulatedSms"),
}

"""Writes of fees, by noun. Others import from here."""

from shared_apps.fees.services.api_hours import tell_api_hours
from shared_apps.fees.services.metering import meter_uses
from shared_apps.fees.services.tariffs import (
    DemoTariff,
    TariffDocumentMismatch,
    TariffExists,
    TariffNotWaiting,
    TariffTooLate,
    add_tariff,
    enter_tariff,
    verify_tariff,
    withdraw_tariff,
)

__all__ = [
    "DemoTariff",
    "TariffDocumentMismatch",
    "TariffExists",
    "TariffNotWaiting",
    "TariffTooLate",
    "add_tariff",
    "enter_tariff",
    "meter_uses",
    "tell_api_hours",
    "verify_tariff",
    "withdraw_tariff",
]

"""Writes of the ledger, of exception documents and of canteen food, by noun. Others import from here."""

from tenant_apps.commitments.services.exceptions import (
    ExceptionChanged,
    ExceptionWaits,
    OwnException,
    file_exception,
    step_exception,
)
from tenant_apps.commitments.services.food import ReceiptReported, declare_food, report_relief, take_back_relief
from tenant_apps.commitments.services.ledger import commit, give_back, give_back_items, held, release

__all__ = [
    "ExceptionChanged",
    "ExceptionWaits",
    "OwnException",
    "ReceiptReported",
    "commit",
    "declare_food",
    "file_exception",
    "give_back",
    "give_back_items",
    "held",
    "release",
    "report_relief",
    "step_exception",
    "take_back_relief",
]

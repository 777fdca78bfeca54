"""Writes of the bulk exchange. Other apps import from here."""

from shared_apps.exchange.services.receiving import cancel_import, confirm_import, receive_table, wake_import
from shared_apps.exchange.services.running import due_imports, run_import

__all__ = [
    "cancel_import",
    "confirm_import",
    "due_imports",
    "receive_table",
    "run_import",
    "wake_import",
]

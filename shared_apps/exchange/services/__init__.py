"""Writes of the bulk exchange. Other apps import from here."""

from shared_apps.exchange.services.catalogue import sync_catalogue
from shared_apps.exchange.services.purging import purge
from shared_apps.exchange.services.receiving import cancel_import, confirm_import, receive_table, wake_import
from shared_apps.exchange.services.running import due_imports, run_import
from shared_apps.exchange.services.tokens import make_token, revoke_token
from shared_apps.exchange.services.webhooks import (
    enable_webhook,
    make_webhook,
    remove_webhook,
    replay_delivery,
    send_due,
)

__all__ = [
    "cancel_import",
    "confirm_import",
    "due_imports",
    "enable_webhook",
    "make_token",
    "make_webhook",
    "purge",
    "receive_table",
    "remove_webhook",
    "replay_delivery",
    "revoke_token",
    "run_import",
    "send_due",
    "sync_catalogue",
    "wake_import",
]

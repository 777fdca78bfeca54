"""What is followed in the journals: every step of an invoice."""

from __future__ import annotations

from shared_apps.inbox.told import moved
from shared_apps.invoice_numbers.services import hear
from tenants.journaling.consumers import RelayedEntry, consumer

EVENTS = tuple(f"invoices.{name}" for name in ("recorded", "verified", "refused", "reversed"))


def _invoice_moved(entry: RelayedEntry) -> None:
    for move in hear(entry=entry):
        moved(entry, move)


for _event in EVENTS:
    consumer(_event)(_invoice_moved)

"""How long a journal row waits for the relay while something else is at work: the longest, in seconds, on stdout."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import django

EVERY_SECONDS = 0.1


def longest(stop: Path) -> float:
    """Writes a row of the region's journal, relays until it has gone, and again, until the file `stop` appears."""
    from kernel.actor import SYSTEM
    from kernel.clock import utc_now
    from shared_apps.region_journal.services import record
    from tenants.database.context import region_atomic
    from tenants.journaling.relay import drain

    worst = 0.0
    number = 0
    drain(room="region", schema="public", now=utc_now())
    while not stop.exists():
        number += 1
        with region_atomic():
            written = record(
                actor=SYSTEM, event="products.labels_expired", object_type="bench", object_id=number,
                facts={"products": 0, "on": ""}, now=utc_now(),
            )  # fmt: skip
        began = time.perf_counter()
        while not _relayed(written):
            drain(room="region", schema="public", now=utc_now())
            if not _relayed(written):
                time.sleep(EVERY_SECONDS)
        worst = max(worst, time.perf_counter() - began)
        time.sleep(EVERY_SECONDS)
    return worst


def _relayed(journal_id: int) -> bool:
    from tenants.database.context import region_as
    from tenants.journaling.models import RelayReceipt

    with region_as("yz_relay"):
        return RelayReceipt.objects.filter(room="region", journal_id=journal_id).exists()


if __name__ == "__main__":
    django.setup()
    print("watching", flush=True)
    print(longest(Path(sys.argv[1])))

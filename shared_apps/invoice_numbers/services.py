"""Keeping which mall uses which number, as the journals tell it, and whom a number used twice waits for."""

from __future__ import annotations

from datetime import datetime

from kernel.locks import advisory_lock_key, advisory_xact_lock
from kernel.posts import Post
from shared_apps.inbox.rules import ItemKind
from shared_apps.inbox.services import Moved, end_wait, wait_beside
from shared_apps.invoice_numbers.models import NumberUse
from shared_apps.invoice_numbers.rules import COUNTING_EVENTS, is_doubled
from tenants.database.context import REGION_ALIAS
from tenants.journaling.consumers import RelayedEntry
from tenants.registry.selectors import is_practice

THREAD = "invoice_number"


def hear(*, entry: RelayedEntry) -> list[Moved]:
    """Follows one step of an invoice; returns what waits for payers since. In the relay's transaction.

    One number is followed by one relay at a time: of two malls that record it at once the later one finds the other.
    """
    if is_practice(code=entry.tenant):
        return []
    facts = entry.facts
    mark = str(facts["fingerprint"])
    hold(mark)
    values = {
        "counts": entry.event in COUNTING_EVENTS,
        "invoice_id": int(entry.object_id),
        "order_id": facts["order_id"],
        "order_number": facts["order_number"],
        "organisation_id": facts["organisation_id"],
        "unit_id": facts.get("unit_id"),
        "epoch": entry.epoch,
        "journal_id": entry.journal_id,
    }
    use, is_new = NumberUse.objects.get_or_create(fingerprint=mark, tenant_code=entry.tenant, defaults=values)
    if not is_new:
        if (use.epoch, use.journal_id) > (entry.epoch, entry.journal_id):
            return []
        for name, value in values.items():
            setattr(use, name, value)
        use.save(update_fields=list(values))
    return settle(mark=mark, entry=entry, at=entry.at)


def hold(mark: str) -> None:
    advisory_xact_lock(REGION_ALIAS, advisory_lock_key("invoice-number", mark))


def settle(*, mark: str, entry: RelayedEntry | None, at: datetime) -> list[Moved]:
    """Every mall that counts on a doubled number has its payer look into it; the others wait for nothing."""
    uses = list(NumberUse.objects.filter(fingerprint=mark).order_by("tenant_code"))
    doubled = is_doubled(use.counts for use in uses)
    moves: list[Moved] = []
    for use in uses:
        key = f"{use.order_id}-{use.invoice_id}"
        if not (doubled and use.counts):
            end_wait(tenant_code=use.tenant_code, object_type=THREAD, object_id=key, at=at)
        elif entry is not None and use.unit_id is not None:
            move = wait_beside(
                entry=entry,
                tenant_code=use.tenant_code,
                kind=ItemKind.INVOICE,
                object_type=THREAD,
                object_id=key,
                step="invoice_elsewhere",
                facts={"order_number": use.order_number},
                post=Post.BUYER_PAYER,
                organisation_id=use.organisation_id,
                unit_id=use.unit_id,
            )
            moves += [move] if move is not None else []
    return moves

"""A medium that behaves like one and publishes nothing. The last two digits of the contract's number decide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F

from kernel.clock import utc_now
from kernel.sm3 import sm3_hex
from tenant_apps.contracts.medium import MediumOutcome, MediumReceipt, MediumStatus, MediumUnavailable, Notice
from tenant_apps.contracts.models import SimulatedNotice
from tenants.database.context import current_tenant, tenant_atomic
from tenants.registry.providers import require_no_transaction

REFUSES, DELAYS, AWAY, LOSES_ANSWER = "91", "92", "93", "94"
# The medium's own words: they are data of the outside world and stay as they came.
INCOMPLETE = "公告要素不完整，退回修改"
PUBLISHES_AFTER = timedelta(seconds=5)
DELAYED_BY = timedelta(minutes=10)
AWAY_FOR = timedelta(minutes=2)


@dataclass
class SimulatedMedium:
    """`clock` is the medium's, not ours. `acts` overrides the digits, for tests and demonstrations."""

    clock: Callable[[], datetime] = utc_now
    acts: str = ""
    name: str = "simulated"

    def announce(self, notice: Notice) -> MediumReceipt:
        """Enters the notice in the book, once per key. What was refused once is taken when it is sent again."""
        require_no_transaction()
        now = self.clock()
        again = "/" in notice.key
        ending = "" if again else self.acts or notice.number.split("-")[0][-2:]
        reference = f"GG{sm3_hex(f'{current_tenant().code}|{notice.key}'.encode())[:16].upper()}"
        with tenant_atomic():
            entry, new = SimulatedNotice.objects.get_or_create(
                request=notice.key, defaults={"reference": reference, "ending": ending, "received_at": now}
            )
            if not new:
                SimulatedNotice.objects.filter(pk=entry.pk).update(times_received=F("times_received") + 1)
        if entry.ending == AWAY and now < entry.received_at + AWAY_FOR:
            raise MediumUnavailable("the simulated medium is out of reach")
        if entry.ending == LOSES_ANSWER and new:
            raise MediumUnavailable("the simulated medium's answer was lost")
        return MediumReceipt(entry.reference, entry.received_at)

    def poll(self, reference: str) -> MediumOutcome:
        """Looks the notice up in the book."""
        require_no_transaction()
        entry = SimulatedNotice.objects.filter(reference=reference).first()
        if entry is None:
            raise MediumUnavailable("the simulated medium's book was emptied")
        if self.clock() < entry.received_at + _publishing_time(entry.ending):
            return MediumOutcome(MediumStatus.PENDING)
        if entry.ending == REFUSES:
            return MediumOutcome(MediumStatus.REFUSED, reason=INCOMPLETE)
        return MediumOutcome(MediumStatus.PUBLISHED)


def _publishing_time(ending: str) -> timedelta:
    """From receipt to answer; `YZ_SIGNING_SECONDS` shortens the usual one, as the signature service's."""
    if ending == DELAYS:
        return DELAYED_BY
    seconds = getattr(settings, "YZ_SIGNING_SECONDS", None)
    return PUBLISHES_AFTER if seconds is None else timedelta(seconds=seconds)

"""A signature service that behaves like one and binds nobody. The last two digits of the certificate decide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from kernel.clock import utc_now
from kernel.sm3 import sm3_hex
from tenant_apps.contracts.models import SimulatedSignature
from tenant_apps.contracts.provider import (
    SignerUnavailable,
    SigningOutcome,
    SigningReceipt,
    SigningRequest,
    SigningStatus,
)
from tenants.database.context import current_tenant, tenant_atomic
from tenants.registry.providers import require_no_transaction

REFUSES, DELAYS, AWAY, LOSES_ANSWER = "01", "02", "03", "04"
WORDS = {
    REFUSES: _("Refuses: the certificate has expired"),
    DELAYS: _("Delays: signs after ten minutes"),
    AWAY: _("Does not answer for the first two minutes"),
    LOSES_ANSWER: _("Takes the request, but its first answer is lost"),
}
# The service's own words: they are data of the outside world and stay as they came.
EXPIRED = "证书已过有效期，签章请求被拒绝"
SIGNS_AFTER = timedelta(seconds=5)
DELAYED_BY = timedelta(minutes=10)
AWAY_FOR = timedelta(minutes=2)


@dataclass
class SimulatedSigner:
    """`clock` is the service's, not ours: tests and demonstrations turn it forward."""

    clock: Callable[[], datetime] = utc_now
    name: str = "simulated"

    def ask(self, request: SigningRequest) -> SigningReceipt:
        """Enters the request in the book, once per key."""
        require_no_transaction()
        now, ending = self.clock(), request.certificate[-2:]
        reference = f"QZ{sm3_hex(f'{current_tenant().code}|{request.key}'.encode())[:16].upper()}"
        with tenant_atomic():
            entry, new = SimulatedSignature.objects.get_or_create(
                request=request.key,
                defaults={
                    "reference": reference,
                    "digest": request.digest,
                    "certificate": request.certificate,
                    "received_at": now,
                },
            )
            if not new:
                SimulatedSignature.objects.filter(pk=entry.pk).update(times_received=F("times_received") + 1)
        if ending == AWAY and now < entry.received_at + AWAY_FOR:
            raise SignerUnavailable("the simulated signature service is out of reach")
        if ending == LOSES_ANSWER and new:
            raise SignerUnavailable("the simulated signature service's answer was lost")
        return SigningReceipt(entry.reference, entry.received_at)

    def poll(self, reference: str) -> SigningOutcome:
        """Looks the request up in the book."""
        require_no_transaction()
        entry = SimulatedSignature.objects.filter(reference=reference).first()
        if entry is None:
            raise SignerUnavailable("the simulated signature service's book was emptied")
        if self.clock() < entry.received_at + _signing_time(entry.certificate[-2:]):
            return SigningOutcome(SigningStatus.PENDING)
        if entry.certificate.endswith(REFUSES):
            return SigningOutcome(SigningStatus.REFUSED, reason=EXPIRED)
        value = sm3_hex(f"simulated|{entry.certificate}|{entry.digest}".encode())
        return SigningOutcome(SigningStatus.SIGNED, value=value)


def _signing_time(ending: str) -> timedelta:
    """From receipt to answer; `YZ_SIGNING_SECONDS` shortens the usual one."""
    if ending == DELAYS:
        return DELAYED_BY
    seconds = getattr(settings, "YZ_SIGNING_SECONDS", None)
    return SIGNS_AFTER if seconds is None else timedelta(seconds=seconds)

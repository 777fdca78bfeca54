"""A verifier that behaves like one and asks nobody. The last two digits of the number decide what it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from kernel.clock import utc_now
from tenant_apps.invoices.models import SimulatedVerification
from tenant_apps.invoices.provider import Answer, Finding, VerifierUnavailable
from tenant_apps.invoices.rules import InvoiceFacts, fingerprint
from tenants.database.context import tenant_atomic
from tenants.registry.providers import require_no_transaction

DIFFERS, LATE, AWAY = "01", "02", "03"
WORDS = {
    DIFFERS: _("Differs: the authority has another amount"),
    LATE: _("Not found for the first ten minutes, then as recorded"),
    AWAY: _("Does not answer for the first two minutes"),
}
# The verifier's own words: they are data of the outside world and stay as they came.
OTHER_AMOUNT = "查验不一致：金额与税务机关记录不符"
FOUND_AFTER = timedelta(minutes=10)
AWAY_FOR = timedelta(minutes=2)


@dataclass
class SimulatedVerifier:
    """`clock` is the authority's, not ours: tests and demonstrations turn it forward."""

    clock: Callable[[], datetime] = utc_now
    name: str = "simulated"

    def verify(self, facts: InvoiceFacts) -> Answer:
        require_no_transaction()
        now, ending = self.clock(), facts.number[-2:]
        with tenant_atomic():
            asked, _new = SimulatedVerification.objects.get_or_create(
                fingerprint=fingerprint(code=facts.code, number=facts.number), defaults={"first_asked_at": now}
            )
        if ending == AWAY and now < asked.first_asked_at + AWAY_FOR:
            raise VerifierUnavailable("the simulated verifier is out of reach")
        if ending == LATE and now < asked.first_asked_at + FOUND_AFTER:
            return Answer(Finding.NOT_FOUND_YET)
        if ending == DIFFERS:
            return Answer(Finding.DIFFERS, OTHER_AMOUNT)
        return Answer(Finding.MATCHES)

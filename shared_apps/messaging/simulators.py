"""Carriers for demonstration and practice: nothing leaves the house. There is no chance in them.

The last two digits of a number, or of a mailbox's name, decide:

| ends with | what happens |
|---|---|
| 01 | refused at the counter |
| 02 | taken, refused later |
| 03 | not reached for the first two minutes, then as usual |
| 04 | taken, but the first answer is lost: sent again, entered once |
| 05 | delivered after ten minutes |
| anything else | delivered after twenty seconds (`YZ_CARRIER_SECONDS` changes the 20) |
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import F

from kernel.clock import database_now
from shared_apps.messaging.models import SimulatedLetter
from shared_apps.messaging.provider import Letter, Outcome, ProviderUnavailable, Receipt, Status
from shared_apps.messaging.rules import Channel
from tenants.database.context import REGION_ALIAS, region_atomic

SECONDS = 20
_SLOW = timedelta(minutes=10)
_AWAY = timedelta(minutes=2)


def _scenario(address: str) -> str:
    digits = address.partition("@")[0][-2:]
    return digits if digits in {"01", "02", "03", "04", "05"} else ""


class _Simulated:
    name = "simulated"
    channel: Channel

    def send(self, letter: Letter) -> Receipt | Outcome:
        scenario = _scenario(letter.address)
        now = database_now(REGION_ALIAS)
        if scenario == "01":
            return Outcome(Status.REFUSED, "号码或邮箱不存在（演示）")
        with region_atomic():
            row, is_new = SimulatedLetter.objects.get_or_create(
                number=letter.number,
                defaults={
                    "reference": f"SIM-{letter.number}",
                    "channel": self.channel,
                    "scenario": scenario,
                    "received_at": now,
                },
            )
            if not is_new:
                SimulatedLetter.objects.filter(pk=row.pk).update(times_received=F("times_received") + 1)
        if scenario == "03" and now - row.received_at < _AWAY:
            raise ProviderUnavailable
        if scenario == "04" and is_new:
            raise ProviderUnavailable
        return Receipt(reference=row.reference, reports=True)

    def ask(self, reference: str) -> Outcome:
        row = SimulatedLetter.objects.filter(reference=reference).first()
        if row is None:
            raise ProviderUnavailable
        usual = timedelta(seconds=int(getattr(settings, "YZ_CARRIER_SECONDS", SECONDS)))
        if database_now(REGION_ALIAS) - row.received_at < (_SLOW if row.scenario == "05" else usual):
            return Outcome(Status.PENDING)
        if row.scenario == "02":
            return Outcome(Status.REFUSED, "对方停机或拒收（演示）")
        return Outcome(Status.DELIVERED)


class SimulatedEmail(_Simulated):
    channel = Channel.EMAIL


class SimulatedSms(_Simulated):
    channel = Channel.SMS

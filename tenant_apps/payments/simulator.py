"""A treasury that behaves like one and moves no money. What it does is decided by the last two digits of the account.

No chance is involved, so that a test and a demonstration can ask for each behaviour; the table is in the README and
on the payer's form.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from kernel.clock import utc_now
from kernel.sm3 import sm3_hex
from tenant_apps.payments.models import SimulatedTreasuryEntry
from tenant_apps.payments.provider import Outcome, Payment, Receipt, Status, TreasuryUnavailable
from tenants.database.context import current_tenant, tenant_atomic
from tenants.registry.providers import require_no_transaction


class Scenario(StrEnum):
    PAYS = "pays"
    REFUSES = "refuses"
    DELAYS = "delays"
    RETURNS = "returns"
    UNAVAILABLE = "unavailable"
    LOSES_ANSWER = "loses_answer"
    COMES_BACK = "comes_back"


BY_ENDING = {
    "01": Scenario.REFUSES,
    "02": Scenario.DELAYS,
    "03": Scenario.RETURNS,
    "04": Scenario.UNAVAILABLE,
    "05": Scenario.LOSES_ANSWER,
    "06": Scenario.COMES_BACK,
}

WORDS = {
    "01": _("Refuses: the account name does not match"),
    "02": _("Delays: confirms after ten minutes"),
    "03": _("Returns: the payee's bank sends the money back"),
    "04": _("Does not answer for the first two minutes"),
    "05": _("Takes the instruction, but its first answer is lost"),
    "06": _("Confirms; a day later the payee's bank sends the money back"),
}

# The treasury's own words: they are data of the outside world and stay as they came.
ACCOUNT_NAME_WRONG = "户名与账号不符"
RETURNED_BY_BANK = "收款行退汇：账户状态异常"
CAME_BACK = "收款行退汇：账户已销户"

SETTLES_AFTER = timedelta(seconds=20)
COMES_BACK_AFTER = timedelta(days=1)
DELAYED_BY = timedelta(minutes=10)
UNREACHABLE_FOR = timedelta(minutes=2)


def scenario_of(account: str) -> Scenario:
    return BY_ENDING.get(account[-2:], Scenario.PAYS)


@dataclass
class SimulatedTreasury:
    """`clock` is the treasury's, not ours: tests and demonstrations turn it forward."""

    clock: Callable[[], datetime] = utc_now
    name: str = "simulated"

    def send(self, payment: Payment) -> Receipt:
        """Enters the instruction in the book, once per number."""
        require_no_transaction()
        now, scenario = self.clock(), scenario_of(payment.payee_account)
        reference = f"GK{sm3_hex(f'{current_tenant().code}|{payment.number}'.encode())[:16].upper()}"
        with tenant_atomic():
            entry, new = SimulatedTreasuryEntry.objects.get_or_create(
                number=payment.number,
                defaults={
                    "reference": reference,
                    "amount": payment.amount,
                    "payee_name": payment.payee_name,
                    "payee_account": payment.payee_account,
                    "scenario": scenario,
                    "received_at": now,
                },
            )
            if not new:
                SimulatedTreasuryEntry.objects.filter(pk=entry.pk).update(times_received=F("times_received") + 1)
        if scenario == Scenario.UNAVAILABLE and now < entry.received_at + UNREACHABLE_FOR:
            raise TreasuryUnavailable("the simulated treasury is out of reach")
        if scenario == Scenario.LOSES_ANSWER and new:
            raise TreasuryUnavailable("the simulated treasury's answer was lost")
        return Receipt(entry.reference, entry.received_at)

    def poll(self, reference: str) -> Outcome:
        """Looks the instruction up in the book."""
        require_no_transaction()
        entry = SimulatedTreasuryEntry.objects.filter(reference=reference).first()
        if entry is None:
            raise TreasuryUnavailable("the simulated treasury's book was emptied")
        scenario = Scenario(entry.scenario)
        if self.clock() < entry.received_at + settling_time(scenario):
            return Outcome(Status.PENDING)
        if scenario == Scenario.REFUSES:
            return Outcome(Status.REFUSED, ACCOUNT_NAME_WRONG)
        if scenario == Scenario.RETURNS:
            return Outcome(Status.RETURNED, RETURNED_BY_BANK)
        if scenario == Scenario.COMES_BACK and self.clock() >= entry.received_at + COMES_BACK_AFTER:
            return Outcome(Status.RETURNED, CAME_BACK)
        return Outcome(Status.CONFIRMED)


def settling_time(scenario: Scenario) -> timedelta:
    """From receipt to answer; `YZ_TREASURY_SECONDS` shortens the usual one."""
    if scenario == Scenario.DELAYS:
        return DELAYED_BY
    seconds = getattr(settings, "YZ_TREASURY_SECONDS", None)
    return SETTLES_AFTER if seconds is None else timedelta(seconds=seconds)

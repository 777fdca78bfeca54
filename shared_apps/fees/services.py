"""Metering and tariffs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.posts import Post
from kernel.problems import Conflict, NotFound, NotPermitted
from shared_apps.fees.meters import METERS
from shared_apps.fees.models import TariffLine, TariffVersion, UsageEvent
from shared_apps.fees.rules import QUANTITY_PLACES, Price
from shared_apps.region_journal.services import record
from tenants.database.context import region_atomic
from tenants.journaling.consumers import RelayedEntry
from tenants.registry.selectors import is_practice

# What a statement shows of an event beside its quantity.
_KEPT_FACTS = ("order_number", "unit_name", "supplier_name", "total")


class TariffExists(Conflict):
    code = "tariff-exists"
    title = _("There is a tariff with this number or from this day already")


class DemoTariff(Conflict):
    code = "demo-tariff"
    title = _("A demonstration tariff is never verified")


def meter_use(*, entry: RelayedEntry) -> int:
    """Counts a relayed journal row on every meter of its event; returns how many uses were written.

    A practice tenant's use is never counted. Runs in the relay's transaction, as yz_relay.
    """
    meters = [meter for meter in METERS.values() if meter.event == entry.event]
    if not meters or is_practice(code=entry.tenant):
        return 0
    facts = {name: entry.facts[name] for name in _KEPT_FACTS if name in entry.facts}
    written = UsageEvent.objects.bulk_create(
        [
            UsageEvent(
                tenant_code=entry.tenant,
                epoch=entry.epoch,
                journal_id=entry.journal_id,
                meter=meter.code,
                at=entry.at,
                quantity=meter.measure(entry.facts).quantize(QUANTITY_PLACES),
                object_type=entry.object_type,
                object_id=entry.object_id,
                facts=facts,
            )
            for meter in meters
        ]
    )
    return len(written)


def add_tariff(
    *,
    actor: Actor,
    version: int,
    name: str,
    valid_from: date,
    prices: Sequence[Price],
    document_number: str = "",
    is_demo: bool = False,
    now: datetime,
) -> TariffVersion:
    """A new version of the tariff, not verified. Raises NotPermitted and TariffExists."""
    if not (actor.is_system or actor.has(Post.REGION_SUPERVISOR)):
        raise NotPermitted
    with region_atomic():
        if TariffVersion.objects.filter(Q(version=version) | Q(valid_from=valid_from)).exists():
            raise TariffExists(tariff=version)
        tariff = TariffVersion.objects.create(
            version=version,
            name=name,
            valid_from=valid_from,
            document_number=document_number,
            is_demo=is_demo,
            created_at=now,
        )
        TariffLine.objects.bulk_create(
            TariffLine(
                tariff=tariff,
                meter=METERS[price.meter].code,
                kind=price.kind,
                unit_price=price.unit_price,
                allowance=price.allowance,
            )
            for price in prices
        )
        record(
            actor=actor,
            event="fees.tariff_added",
            object_type="tariff",
            object_id=version,
            facts={
                "version": version,
                "valid_from": valid_from,
                "document_number": document_number,
                "is_demo": is_demo,
                "prices": [
                    [price.meter, str(price.kind), str(price.unit_price), str(price.allowance)] for price in prices
                ],
            },
            now=now,
        )
    return tariff


def verify_tariff(*, actor: Actor, version: int, document_number: str, now: datetime) -> TariffVersion:
    """Region staff confirm a tariff against its document. Raises NotPermitted, NotFound and DemoTariff."""
    if not actor.has(Post.REGION_SUPERVISOR):
        raise NotPermitted
    with region_atomic():
        tariff = TariffVersion.objects.select_for_update().filter(version=version).first()
        if tariff is None:
            raise NotFound(tariff=version)
        if tariff.is_demo:
            raise DemoTariff(tariff=version)
        tariff.document_number = document_number
        tariff.verified_by, tariff.verified_by_name, tariff.verified_at = actor.user_id, actor.name, now
        tariff.save(update_fields=["document_number", "verified_by", "verified_by_name", "verified_at"])
        record(
            actor=actor,
            event="fees.tariff_verified",
            object_type="tariff",
            object_id=version,
            facts={"version": version, "valid_from": tariff.valid_from, "document_number": document_number},
            now=now,
        )
    return tariff

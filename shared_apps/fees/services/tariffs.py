"""Tariffs: entered from the region's document, verified against it, or taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.clock import local_date
from kernel.locks import advisory_lock_key, advisory_xact_lock
from kernel.meters import METERS
from kernel.posts import Post
from kernel.problems import Conflict, InvalidInput, NotFound, NotPermitted
from shared_apps.fees.models import TariffLine, TariffVersion
from shared_apps.fees.rules.pricing import Price
from shared_apps.region_journal.services import record
from tenants.database.context import REGION_ALIAS, region_atomic


class TariffExists(Conflict):
    code = "tariff-exists"
    title = _("There is a tariff with this number or from this day already")


class DemoTariff(Conflict):
    code = "demo-tariff"
    title = _("A demonstration tariff is never verified")


class TariffNotWaiting(Conflict):
    """It is verified or taken back already."""

    code = "tariff-not-waiting"
    title = _("This tariff is not waiting for verification")


class TariffDocumentMismatch(Conflict):
    """The number typed at verification is not that of the entered document."""

    code = "tariff-document-mismatch"
    title = _("The document number does not match the one entered")


class TariffTooLate(Conflict):
    """Statements of months that are over would change."""

    code = "tariff-too-late"
    title = _("The tariff would begin in a month that is over")


def enter_tariff(
    *, actor: Actor, name: str, valid_from: date, document_number: str, prices: Sequence[Price], now: datetime
) -> TariffVersion:
    """Enters the prices as the region's document states them. They charge nothing until they are verified.

    `valid_from` is the first day of this month or a later one: a month has one tariff, and statements of months
    that are over do not change. Raises NotPermitted, InvalidInput and TariffExists.
    """
    errors: dict[str, list[str]] = {}
    if valid_from.day != 1:
        errors["valid_from"] = [str(_("A tariff begins on the first day of a month."))]
    elif valid_from < _first_of_month(now):
        errors["valid_from"] = [str(_("A tariff cannot begin in a month that is over."))]
    if not prices:
        errors["prices"] = [str(_("Enter at least one price."))]
    if errors:
        raise InvalidInput(errors=errors)
    return add_tariff(
        actor=actor, name=name, valid_from=valid_from, document_number=document_number, prices=prices, now=now
    )


def add_tariff(
    *,
    actor: Actor,
    name: str,
    valid_from: date,
    prices: Sequence[Price],
    version: int | None = None,
    document_number: str = "",
    is_demo: bool = False,
    now: datetime,
) -> TariffVersion:
    """A new version of the tariff, not verified; without `version` it takes the next number.

    Raises NotPermitted and TariffExists.
    """
    if not actor.is_system:
        _require_region(actor)
    with region_atomic():
        advisory_xact_lock(REGION_ALIAS, advisory_lock_key("fees", "tariff"))
        standing = TariffVersion.objects.filter(withdrawn_at=None)
        if version is None:
            version = (TariffVersion.objects.aggregate(last=Max("version"))["last"] or 0) + 1
        elif TariffVersion.objects.filter(version=version).exists():
            raise TariffExists(tariff=version)
        if standing.filter(valid_from=valid_from).exists():
            raise TariffExists(tariff=version, valid_from=valid_from)
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
    """Region staff confirm a tariff against its document: from its first day on it charges.

    The verifier types the document number again from the paper. Raises NotPermitted, NotFound, DemoTariff,
    TariffNotWaiting, TariffDocumentMismatch, and TariffTooLate when its first month is over.
    """
    _require_region(actor)
    with region_atomic():
        tariff = _waiting(version)
        if document_number.strip() != tariff.document_number:
            raise TariffDocumentMismatch(entered=tariff.document_number, typed=document_number)
        if tariff.valid_from < _first_of_month(now):
            raise TariffTooLate(valid_from=tariff.valid_from)
        tariff.verified_by, tariff.verified_by_name, tariff.verified_at = actor.user_id, actor.name, now
        tariff.save(update_fields=["verified_by", "verified_by_name", "verified_at"])
        record(
            actor=actor,
            event="fees.tariff_verified",
            object_type="tariff",
            object_id=version,
            facts={"version": version, "valid_from": tariff.valid_from, "document_number": tariff.document_number},
            now=now,
        )
    return tariff


def withdraw_tariff(*, actor: Actor, version: int, reason: str, now: datetime) -> TariffVersion:
    """Takes back an entry that was never verified. Raises NotPermitted, NotFound, DemoTariff and TariffNotWaiting."""
    _require_region(actor)
    with region_atomic():
        tariff = _waiting(version)
        tariff.withdrawn_at, tariff.withdrawn_reason = now, reason
        tariff.save(update_fields=["withdrawn_at", "withdrawn_reason"])
        record(
            actor=actor,
            event="fees.tariff_withdrawn",
            object_type="tariff",
            object_id=version,
            facts={"version": version, "reason": reason},
            now=now,
        )
    return tariff


def _waiting(version: int) -> TariffVersion:
    """The entered tariff, locked."""
    tariff = TariffVersion.objects.select_for_update().filter(version=version).first()
    if tariff is None:
        raise NotFound(tariff=version)
    if tariff.is_demo:
        raise DemoTariff(tariff=version)
    if tariff.verified_at or tariff.withdrawn_at:
        raise TariffNotWaiting(tariff=version)
    return tariff


def _first_of_month(now: datetime) -> date:
    return local_date(now).replace(day=1)


def _require_region(actor: Actor) -> None:
    if not actor.has(Post.REGION_SUPERVISOR):
        raise NotPermitted

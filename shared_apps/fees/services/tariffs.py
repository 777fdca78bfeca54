"""Tariffs: entered from the region's document, verified against it, or taken back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.clock import local_date
from kernel.locks import advisory_lock_key, advisory_xact_lock
from kernel.meters import METERS
from kernel.posts import Post
from kernel.problems import Conflict, InvalidInput, NotFound, NotPermitted
from shared_apps.fees.models import TariffBundle, TariffDiscount, TariffLine, TariffVersion
from shared_apps.fees.rules.terms import Price, Tariff
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
    """Those who pay were promised to know it earlier."""

    code = "tariff-too-late"
    title = _("The tariff would begin before its notice period is over")


def enter_tariff(
    *,
    actor: Actor,
    name: str,
    valid_from: date,
    document_number: str,
    terms: Tariff,
    notice_days: int = 0,
    now: datetime,
) -> TariffVersion:
    """Enters the terms as the region's document states them. They charge nothing until they are verified.

    `valid_from` is the first day of this month or a later one: a month has one tariff, and statements of months
    that are over do not change. Raises NotPermitted, InvalidInput and TariffExists.
    """
    errors: dict[str, list[str]] = {}
    if valid_from.day != 1:
        errors["valid_from"] = [str(_("A tariff begins on the first day of a month."))]
    elif valid_from < _first_of_month(now):
        errors["valid_from"] = [str(_("A tariff cannot begin in a month that is over."))]
    if not terms.prices:
        errors["prices"] = [str(_("Enter at least one price."))]
    if errors:
        raise InvalidInput(errors=errors)
    return add_tariff(
        actor=actor,
        name=name,
        valid_from=valid_from,
        document_number=document_number,
        terms=terms,
        notice_days=notice_days,
        now=now,
    )


def add_tariff(
    *,
    actor: Actor,
    name: str,
    valid_from: date,
    terms: Tariff,
    version: int | None = None,
    document_number: str = "",
    notice_days: int = 0,
    is_demo: bool = False,
    now: datetime,
) -> TariffVersion:
    """A new version of the tariff, not verified; without `version` it takes the next number.

    Of one first day one version may wait, and another may be published already as long as it has not begun: the new
    one supersedes it once it is verified. Raises NotPermitted and TariffExists.
    """
    if not actor.is_system:
        _require_region(actor)
    with region_atomic():
        advisory_xact_lock(REGION_ALIAS, advisory_lock_key("fees", "tariff"))
        if version is None:
            version = (TariffVersion.objects.aggregate(last=Max("version"))["last"] or 0) + 1
        elif TariffVersion.objects.filter(version=version).exists():
            raise TariffExists(tariff=version)
        same_day = TariffVersion.objects.filter(valid_from=valid_from, withdrawn_at=None, superseded_by=None)
        begun = is_demo or valid_from <= local_date(now)
        if same_day.filter(Q() if begun else Q(is_demo=True) | Q(verified_at=None)).exists():
            raise TariffExists(tariff=version, valid_from=valid_from)
        tariff = TariffVersion.objects.create(
            version=version,
            name=name,
            valid_from=valid_from,
            document_number=document_number,
            notice_days=notice_days,
            monthly_minimum=terms.minimum,
            monthly_cap=terms.cap,
            is_demo=is_demo,
            created_at=now,
        )
        TariffLine.objects.bulk_create(_line(tariff, price) for price in terms.prices)
        TariffBundle.objects.bulk_create(
            TariffBundle(tariff=tariff, name=one.name, meters=list(one.meters), percent=one.percent)
            for one in terms.bundles
        )
        TariffDiscount.objects.bulk_create(
            TariffDiscount(tariff=tariff, level=level, percent=percent) for level, percent in terms.discounts.items()
        )
        record(
            actor=actor,
            event="fees.tariff_added",
            object_type="tariff",
            object_id=version,
            facts={
                "version": version,
                "name": name,
                "valid_from": valid_from,
                "document_number": document_number,
                "notice_days": notice_days,
                "is_demo": is_demo,
                "prices": [_price_facts(price) for price in terms.prices],
                "bundles": [[one.name, list(one.meters), str(one.percent)] for one in terms.bundles],
                "discounts": [[level, str(percent)] for level, percent in terms.discounts.items()],
                "minimum": terms.minimum,
                "cap": terms.cap,
            },
            now=now,
        )
    return tariff


def _line(tariff: TariffVersion, price: Price) -> TariffLine:
    return TariffLine(
        tariff=tariff,
        meter=METERS[price.meter].code,
        kind=price.kind,
        unit_price=price.unit_price,
        allowance=price.allowance,
        tiers=_tiers(price),
        package_size=price.package_size,
        minimum=price.minimum,
        cap=price.cap,
    )


def _tiers(price: Price) -> list[list[str | None]]:
    return [[None if tier.up_to is None else str(tier.up_to), str(tier.price)] for tier in price.tiers]


def _price_facts(price: Price) -> dict[str, Any]:
    """Everything that a line charges by; what it does not use is left out."""
    facts = {
        "meter": price.meter,
        "kind": str(price.kind),
        "unit_price": "" if price.kind.is_tiered else str(price.unit_price),
        "allowance": str(price.allowance) if price.allowance else "",
        "tiers": _tiers(price),
        "package_size": _text(price.package_size),
        "minimum": _text(price.minimum),
        "cap": _text(price.cap),
    }
    return {name: value for name, value in facts.items() if value}


def _text(value: object) -> str:
    return "" if value is None else str(value)


def verify_tariff(*, actor: Actor, version: int, document_number: str, now: datetime) -> TariffVersion:
    """Region staff confirm a tariff against its document and so publish it: from its first day on it charges.

    The verifier types the document number again from the paper. The first day is at the earliest the day of
    verification and the notice period of the document after it. A version that was published for the same day and
    has not begun is superseded. Raises NotPermitted, NotFound, DemoTariff, TariffNotWaiting,
    TariffDocumentMismatch and TariffTooLate.
    """
    _require_region(actor)
    with region_atomic():
        advisory_xact_lock(REGION_ALIAS, advisory_lock_key("fees", "tariff"))
        tariff = _waiting(version)
        if document_number.strip() != tariff.document_number:
            raise TariffDocumentMismatch(entered=tariff.document_number, typed=document_number)
        earliest = local_date(now) + timedelta(days=tariff.notice_days)
        if tariff.valid_from < earliest:
            raise TariffTooLate(valid_from=tariff.valid_from, notice_days=tariff.notice_days, earliest=earliest)
        before = (
            TariffVersion.objects.select_for_update()
            .filter(valid_from=tariff.valid_from, verified_at__isnull=False, superseded_by=None)
            .first()
        )
        if before is not None:
            if before.valid_from <= local_date(now):
                raise TariffExists(tariff=before.version, valid_from=before.valid_from)
            before.superseded_by = tariff
            before.save(update_fields=["superseded_by"])
        tariff.verified_by, tariff.verified_by_name, tariff.verified_at = actor.user_id, actor.name, now
        tariff.save(update_fields=["verified_by", "verified_by_name", "verified_at"])
        record(
            actor=actor,
            event="fees.tariff_verified",
            object_type="tariff",
            object_id=version,
            facts={
                "version": version,
                "name": tariff.name,
                "valid_from": tariff.valid_from,
                "document_number": tariff.document_number,
                "notice_days": tariff.notice_days,
                "supersedes": before.version if before else None,
            },
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

"""Canteen food of a unit's year: what it plans, and what it bought in relief areas on the platform made for that."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.clock import fiscal_year as year_of
from kernel.clock import local_date
from kernel.money import ZERO
from kernel.problems import Conflict, InvalidInput, NotFound
from tenant_apps.budgets.selectors import units_of
from tenant_apps.commitments.models import ReliefDeclaration, ReliefPurchase
from tenant_apps.commitments.permissions import REPORTERS
from tenant_apps.journal.services import record
from tenants.database.context import tenant_atomic


class ReceiptReported(Conflict):
    code = "receipt-reported"
    title = _("A purchase with this receipt is reported already")


def declare_food(
    *, actor: Actor, unit_id: int, fiscal_year: int, has_canteen: bool, food_planned: Decimal | None, now: datetime
) -> ReliefDeclaration:
    """What the unit plans to spend on canteen food this year, or that it runs no canteen. A new one replaces it."""
    _require_reporter(actor, unit_id)
    planned = food_planned or ZERO
    if has_canteen and planned <= 0:
        raise InvalidInput(errors={"food_planned": [str(_("Give the amount planned for the year."))]})
    if not has_canteen:
        planned = ZERO
    with tenant_atomic():
        row, made = ReliefDeclaration.objects.select_for_update().get_or_create(
            unit_id=unit_id,
            fiscal_year=fiscal_year,
            defaults={
                "has_canteen": has_canteen,
                "food_planned": planned,
                "declared_at": now,
                "declared_by_id": actor.user_id or 0,
                "declared_by_name": actor.name,
            },
        )
        if not made:
            row.has_canteen, row.food_planned = has_canteen, planned
            row.declared_at, row.declared_by_id, row.declared_by_name = now, actor.user_id or 0, actor.name
            row.version += 1
            row.save()
        record(
            actor=actor,
            event="commitments.food_declared",
            object_type="budget_unit",
            object_id=unit_id,
            facts={
                "unit_id": unit_id,
                "fiscal_year": fiscal_year,
                "has_canteen": has_canteen,
                "food_planned": planned,
            },
            now=now,
        )
    return row


def report_relief(
    *,
    actor: Actor,
    unit_id: int,
    bought_on: date,
    amount: Decimal,
    receipt_number: str,
    now: datetime,
    note: str = "",
) -> ReliefPurchase:
    """A purchase of canteen food in a relief area, with its receipt. Raises ReceiptReported for one reported before."""
    _require_reporter(actor, unit_id)
    if bought_on > local_date(now):
        raise InvalidInput(errors={"bought_on": [str(_("The day lies in the future."))]})
    try:
        with tenant_atomic():
            row = ReliefPurchase.objects.create(
                unit_id=unit_id,
                fiscal_year=year_of(bought_on),
                bought_on=bought_on,
                amount=amount,
                receipt_number=receipt_number,
                note=note,
                reported_at=now,
                reported_by_id=actor.user_id or 0,
                reported_by_name=actor.name,
            )
            _journal(actor, row, "relief_reported", now)
    except IntegrityError as error:
        if "relief_purchase_receipt_once" in str(error):
            raise ReceiptReported(receipt_number=receipt_number) from error
        raise
    return row


def take_back_relief(*, actor: Actor, purchase_id: int, now: datetime) -> ReliefPurchase:
    """Reported by mistake: it counts no more and stays on record. Raises NotFound for strangers and a second time."""
    with tenant_atomic():
        row = ReliefPurchase.objects.select_for_update().filter(pk=purchase_id, taken_back_at__isnull=True).first()
        if row is None:
            raise NotFound(purchase_id=purchase_id)
        _require_reporter(actor, row.unit_id)
        row.taken_back_at = now
        row.save(update_fields=["taken_back_at"])
        _journal(actor, row, "relief_taken_back", now)
    return row


def _require_reporter(actor: Actor, unit_id: int) -> None:
    if all(unit_id != unit.id for post in REPORTERS if actor.has(post) for unit in units_of(actor, post)):
        raise NotFound(unit_id=unit_id)


def _journal(actor: Actor, row: ReliefPurchase, what: str, now: datetime) -> None:
    record(
        actor=actor,
        event=f"commitments.{what}",
        object_type="relief_purchase",
        object_id=row.pk,
        facts={
            "unit_id": row.unit_id,
            "fiscal_year": row.fiscal_year,
            "amount": row.amount,
            "receipt_number": row.receipt_number,
        },
        now=now,
    )

"""Formulas: entered from the region's document, verified against it, or taken back."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.actor import Actor
from kernel.clock import local_date
from kernel.locks import advisory_lock_key, advisory_xact_lock
from kernel.problems import Conflict, InvalidInput, NotFound, NotPermitted
from shared_apps.region_journal.services import record
from shared_apps.scores.models import ScoreFormula
from shared_apps.scores.rules import DECIDERS
from tenants.database.context import REGION_ALIAS, region_atomic


class FormulaExists(Conflict):
    code = "formula-exists"
    title = gettext_lazy("There is a formula from this day already")


class FormulaNotWaiting(Conflict):
    code = "formula-not-waiting"
    title = gettext_lazy("This formula is not waiting for verification")


class FormulaDocumentMismatch(Conflict):
    code = "formula-document-mismatch"
    title = gettext_lazy("The document number is not that of the entered formula")


class FormulaTooLate(Conflict):
    code = "formula-too-late"
    title = gettext_lazy("The formula's first day is over")


def enter_formula(
    *,
    actor: Actor,
    name: str,
    document_number: str,
    valid_from: date,
    weight_declined: int,
    weight_expired: int,
    weight_refused: int,
    orders_min: int,
    window_days: int,
    appeal_days: int,
    decide_days: int,
    now: datetime,
) -> ScoreFormula:
    """A formula as the region's document states it; it counts nothing until it is verified.

    Raises NotPermitted, InvalidInput and FormulaExists.
    """
    _require_region(actor)
    errors: dict[str, list[str]] = {}
    if valid_from < local_date(now):
        errors["valid_from"] = [_("A formula cannot begin on a day that is over.")]
    if weight_declined + weight_expired + weight_refused != 100:
        errors["weight_refused"] = [_("The three weights add up to 100.")]
    if errors:
        raise InvalidInput(errors=errors)
    try:
        with region_atomic():
            advisory_xact_lock(REGION_ALIAS, advisory_lock_key("scores", "formula"))
            row = ScoreFormula.objects.create(
                version=(ScoreFormula.objects.aggregate(last=Max("version"))["last"] or 0) + 1,
                name=name,
                document_number=document_number,
                valid_from=valid_from,
                weight_declined=weight_declined,
                weight_expired=weight_expired,
                weight_refused=weight_refused,
                orders_min=orders_min,
                window_days=window_days,
                appeal_days=appeal_days,
                decide_days=decide_days,
                entered_by_name=actor.name,
                entered_at=now,
            )
            _record(
                actor, "scores.formula_entered", row, now,
                weights={"declined": weight_declined, "expired": weight_expired, "refused": weight_refused},
                orders_min=orders_min, window_days=window_days, appeal_days=appeal_days, decide_days=decide_days,
            )  # fmt: skip
    except IntegrityError as error:
        raise FormulaExists(valid_from=valid_from) from error
    return row


def verify_formula(*, actor: Actor, version: int, document_number: str, now: datetime) -> ScoreFormula:
    """Region staff confirm a formula against its document: from its first day on it makes the scores.

    The verifier types the document number again from the paper. Raises NotPermitted, NotFound, FormulaNotWaiting,
    FormulaDocumentMismatch and FormulaTooLate.
    """
    _require_region(actor)
    with region_atomic():
        row = _waiting(version)
        if document_number.strip() != row.document_number:
            raise FormulaDocumentMismatch(typed=document_number)
        if row.valid_from < local_date(now):
            raise FormulaTooLate(valid_from=row.valid_from)
        row.verified_by_name, row.verified_at = actor.name, now
        row.save(update_fields=["verified_by_name", "verified_at"])
        _record(actor, "scores.formula_verified", row, now)
    return row


def withdraw_formula(*, actor: Actor, version: int, reason: str, now: datetime) -> ScoreFormula:
    """Takes back an entry that was never verified. Raises NotPermitted, NotFound and FormulaNotWaiting."""
    _require_region(actor)
    with region_atomic():
        row = _waiting(version)
        row.withdrawn_at, row.withdrawn_reason = now, reason
        row.save(update_fields=["withdrawn_at", "withdrawn_reason"])
        record(
            actor=actor,
            event="scores.formula_withdrawn",
            object_type="score_formula",
            object_id=version,
            facts={"version": version, "reason": reason},
            now=now,
        )
    return row


def _waiting(version: int) -> ScoreFormula:
    """The entered formula, locked."""
    row = ScoreFormula.objects.select_for_update().filter(version=version).first()
    if row is None:
        raise NotFound(formula=version)
    if row.verified_at or row.withdrawn_at:
        raise FormulaNotWaiting(formula=version)
    return row


def _require_region(actor: Actor) -> None:
    if not actor.posts & DECIDERS:
        raise NotPermitted


def _record(actor: Actor, event: str, row: ScoreFormula, now: datetime, **more: object) -> None:
    facts = {
        "version": row.version, "valid_from": row.valid_from, "document_number": row.document_number, **more,
    }  # fmt: skip
    record(actor=actor, event=event, object_type="score_formula", object_id=row.version, facts=facts, now=now)

"""Which formula is in force: the last one verified, or the proposal that ships."""

from __future__ import annotations

from datetime import date

from shared_apps.scores.models import ScoreFormula
from shared_apps.scores.rules import PROPOSAL, Formula, Part


def formula_of(row: ScoreFormula) -> Formula:
    return Formula(
        version=row.version,
        name=row.name,
        weights={
            Part.DECLINED: row.weight_declined,
            Part.EXPIRED: row.weight_expired,
            Part.REFUSED: row.weight_refused,
        },
        orders_min=row.orders_min,
        window_days=row.window_days,
        appeal_days=row.appeal_days,
        decide_days=row.decide_days,
        document_number=row.document_number,
        valid_from=row.valid_from,
    )


def formula_on(*, day: date) -> Formula:
    """The formula of a day. One statement."""
    row = (
        ScoreFormula.objects.filter(verified_at__isnull=False, valid_from__lte=day)
        .order_by("-valid_from", "-version")
        .first()
    )
    return formula_of(row) if row else PROPOSAL


def formula_version(*, version: int) -> Formula:
    """The formula a score was computed with."""
    row = ScoreFormula.objects.filter(version=version).first() if version else None
    return formula_of(row) if row else PROPOSAL

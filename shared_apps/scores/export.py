"""The list of scores as a table for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponse
from django.utils.translation import gettext as _

from shared_apps.scores.selectors import ScoreView
from shared_apps.scores.wording import PARTS
from webkit.tables import csv_response


def scores_csv(rows: Iterable[ScoreView]) -> HttpResponse:
    header: list[object] = [_("Credit code"), _("Supplier"), _("Score"), _("Orders answered")]
    for label in PARTS.values():
        header += [label, _("of")]
    return csv_response("scores.csv", [*header, _("Formula")], map(_cells, rows))


def _cells(row: ScoreView) -> list[object]:
    counts = [count for part in row.parts for count in (part.bad, part.of)]
    return [row.supplier_code, row.supplier_name, row.score, row.answered, *counts, row.formula_name]

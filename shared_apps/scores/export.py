"""The list of scores as a table for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from django.utils.translation import gettext as _

from shared_apps.fees.export import safe_cell
from shared_apps.scores.selectors import ScoreView
from shared_apps.scores.wording import PARTS


def scores_csv(rows: Iterable[ScoreView]) -> str:
    """UTF-8 text with a byte order mark, so that spreadsheets read the Chinese."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    heads = [_("Credit code"), _("Supplier"), _("Score"), _("Orders answered")]
    for label in PARTS.values():
        heads += [str(label), _("of")]
    writer.writerow([*heads, _("Formula")])
    for row in rows:
        cells: list[object] = [
            row.supplier_code,
            row.supplier_name,
            "" if row.score is None else row.score,
            row.answered,
        ]
        for part in row.parts:
            cells += [part.bad, part.of]
        writer.writerow([safe_cell(cell) for cell in [*cells, row.formula_name]])
    return "\ufeff" + out.getvalue()

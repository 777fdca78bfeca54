"""The public list as a table for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from django.utils.translation import gettext as _

from shared_apps.fees.export import safe_cell
from shared_apps.sanctions.parties import PARTIES
from shared_apps.sanctions.selectors import SanctionView
from webkit import states


def sanctions_csv(rows: Iterable[SanctionView]) -> str:
    """UTF-8 text with a byte order mark, so that spreadsheets read the Chinese."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        [
            _("Number"), _("Kind"), _("Credit code"), _("Name"), _("State"), _("Legal basis"), _("Situation"),
            _("Decision number"), _("Decided by"), _("Decided on"), _("Banned from"), _("Last day"), _("Fine (yuan)"),
        ]
    )  # fmt: skip
    for row in rows:
        cells = (
            row.reference,
            PARTIES[row.party_kind].label,
            row.party_code,
            row.party_name,
            states.label_of("sanction", row.state).label,
            row.citation,
            row.words,
            row.decision_number,
            row.decided_by,
            row.decided_on.isoformat(),
            row.starts_on.isoformat(),
            row.last_on.isoformat(),
            _("unknown") if row.fine_amount is None else row.fine_amount,
        )
        writer.writerow([safe_cell(cell) for cell in cells])
    return "\ufeff" + out.getvalue()

"""The public list as a table for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponse
from django.utils.translation import gettext as _

from shared_apps.sanctions.parties import PARTIES
from shared_apps.sanctions.selectors import SanctionView
from webkit import states
from webkit.tables import csv_response


def sanctions_csv(rows: Iterable[SanctionView]) -> HttpResponse:
    header = [
        _("Number"), _("Kind"), _("Credit code"), _("Name"), _("State"), _("Legal basis"), _("Situation"),
        _("Decision number"), _("Decided by"), _("Decided on"), _("Banned from"), _("Last day"), _("Fine (yuan)"),
    ]  # fmt: skip
    cells = (
        (
            row.reference,
            PARTIES[row.party_kind].label,
            row.party_code,
            row.party_name,
            states.label_of("sanction", row.state).label,
            row.citation,
            row.words,
            row.decision_number,
            row.decided_by,
            row.decided_on,
            row.starts_on,
            row.last_on,
            _("unknown") if row.fine_amount is None else row.fine_amount,
        )
        for row in rows
    )
    return csv_response("sanctions.csv", header, cells)

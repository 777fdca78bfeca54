"""A statement as a workbook: its lines on one sheet, the events they name on another."""

from __future__ import annotations

import io

from django.utils.translation import gettext as _

from kernel.clock import local
from kernel.spreadsheets import safe
from shared_apps.fees.models import FeeStatement
from shared_apps.fees.selectors.issued import uses_of
from shared_apps.fees.statement_words import line_words, unit_of

# What a sheet holds in every spreadsheet program; the CSV has no end.
EVENTS_MAX = 200_000


def statement_workbook(row: FeeStatement) -> bytes:
    """Written row by row: memory does not grow with the events."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    lines = list(row.lines.order_by("position"))
    sheet = book.create_sheet(_("Lines")[:31])
    sheet.append([_("Statement number"), row.number, row.tenant_name, f"{row.month:%Y-%m}"])
    sheet.append([_("Seal"), row.seal])
    sheet.append(
        [
            _("Line"), _("What is charged"), _("Quantity"), _("Unit of quantity"), _("Free quantity"),
            _("Charged quantity"), _("Events"), _("Amount (yuan)"),
        ]
    )  # fmt: skip
    for line in lines:
        sheet.append(
            [
                line.position, safe(line_words(line)), line.quantity, unit_of(line), line.free, line.billable,
                line.event_count, line.amount,
            ]
        )  # fmt: skip
    sheet.append([_("Total"), "", "", "", "", "", "", row.total])
    events = book.create_sheet(_("Events")[:31])
    events.append(
        [
            _("Line"), _("What is charged"), _("Event"), _("Time"), _("Order number"), _("Unit"), _("Supplier"),
            _("Quantity"), _("Journal row"),
        ]
    )  # fmt: skip
    left = EVENTS_MAX
    for line in lines:
        words = safe(line_words(line))
        for one in uses_of(line)[:left].iterator(chunk_size=2000):
            use, left = one.usage, left - 1
            events.append(
                [
                    line.position, words, use.pk, f"{local(use.at):%Y-%m-%d %H:%M:%S}",
                    safe(str(use.facts.get("order_number", use.object_id))), safe(str(use.facts.get("unit_name", ""))),
                    safe(str(use.facts.get("supplier_name", ""))),
                    use.quantity if one.turn % 2 == 0 else -use.quantity, f"{use.room}/{use.epoch}/{use.journal_id}",
                ]
            )  # fmt: skip
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()

"""A statement as a table for spreadsheets."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

from django.utils.translation import gettext as _

from kernel.clock import local
from shared_apps.fees.selectors import Statement

# A cell that begins so is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_cell(value: object) -> str:
    """Text that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def plain(value: Decimal) -> str:
    """A quantity without trailing zeros, never in scientific notation."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def statement_csv(statement: Statement) -> str:
    """UTF-8 text with a byte order mark, so that spreadsheets read the Chinese; one row per event."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        [safe_cell(cell) for cell in (statement.tenant_code, statement.tenant_name, f"{statement.month:%Y-%m}")]
    )
    if statement.tariff is not None:
        mark = _("Demo, not verified") if statement.tariff.is_demo else ""
        writer.writerow([_("Tariff"), statement.tariff.version, safe_cell(statement.tariff.name), mark])
    writer.writerow([])
    writer.writerow([_("Meter"), _("Quantity"), _("Free quantity"), _("Charged quantity"), _("Amount (yuan)")])
    for line in statement.lines:
        found = line.charge
        amount = "" if found.amount is None else found.amount
        writer.writerow(
            [str(line.meter.label), plain(found.quantity), plain(found.free), plain(found.billable), amount]
        )
    writer.writerow([_("Total"), "", "", "", statement.total])
    writer.writerow([])
    writer.writerow(
        [_("Meter"), _("Time"), _("Order number"), _("Unit"), _("Supplier"), _("Quantity"), _("Journal row")]
    )
    for line in statement.lines:
        for use in line.events:
            cells = [
                str(line.meter.label),
                f"{local(use.at):%Y-%m-%d %H:%M:%S}",
                use.facts.get("order_number", ""),
                use.facts.get("unit_name", ""),
                use.facts.get("supplier_name", ""),
                plain(use.quantity),
                f"{use.epoch}/{use.journal_id}",
            ]
            writer.writerow([safe_cell(cell) for cell in cells])
    return "\ufeff" + out.getvalue()

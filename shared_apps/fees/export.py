"""A statement as a table for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from kernel.clock import local
from shared_apps.fees.selectors.statements import Statement


def plain(value: Decimal) -> str:
    """A quantity without trailing zeros, never in scientific notation."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def statement_rows(statement: Statement) -> Iterator[Sequence[object]]:
    """Whose and of which month, the sums, and one row per event."""
    yield statement.tenant_code, statement.tenant_name, f"{statement.month:%Y-%m}"
    if statement.tariff is not None:
        mark = _("Demo, not verified") if statement.tariff.is_demo else ""
        yield _("Tariff"), statement.tariff.version, statement.tariff.name, mark
    yield ()
    yield _("Meter"), _("Quantity"), _("Free quantity"), _("Charged quantity"), _("Amount (yuan)")
    for line in statement.lines:
        found = line.charge
        yield line.meter.label, plain(found.quantity), plain(found.free), plain(found.billable), found.amount
    yield _("Total"), "", "", "", statement.total
    yield ()
    yield _("Meter"), _("Time"), _("Order number"), _("Unit"), _("Supplier"), _("Quantity"), _("Journal row")
    for line in statement.lines:
        for use in line.events:
            yield (
                line.meter.label,
                f"{local(use.at):%Y-%m-%d %H:%M:%S}",
                use.facts.get("order_number", ""),
                use.facts.get("unit_name", ""),
                use.facts.get("supplier_name", ""),
                plain(use.quantity),
                f"{use.epoch}/{use.journal_id}",
            )

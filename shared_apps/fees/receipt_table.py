"""The table of receipts: an Excel workbook or CSV, read by the same fields as the form."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.inputs import AmountField, DayField, StrictSerializer, TextField
from kernel.spreadsheets import CellError, Column, SpreadsheetRefused, read_checked, read_rows

ROWS_MAX = 2000
FILE_BYTES_MAX = 5 * 1024 * 1024
COLUMNS = (
    Column("statement", _("Statement number"), width=24),
    Column("payer", _("Payer code"), width=14),
    Column("receipt_number", _("Receipt number"), width=24),
    Column("amount", _("Amount (yuan)"), width=16),
    Column("paid_on", _("Day of payment"), width=14),
    Column("budget_reference", _("Budget reference"), width=30),
)


class ReceiptRowInput(StrictSerializer):
    statement = TextField(max_length=40)
    payer = TextField(max_length=30)
    receipt_number = TextField(max_length=60)
    amount = AmountField()
    paid_on = DayField()
    budget_reference = TextField(max_length=80)


def read_receipts(content: bytes) -> tuple[list[tuple[int, dict[str, Any]]], list[CellError]]:
    """Rows that are right by themselves, and what is wrong with the others. Raises SpreadsheetRefused."""
    if len(content) > FILE_BYTES_MAX:
        raise SpreadsheetRefused("too-large")
    form = "xlsx" if content[:2] == b"PK" else "csv"
    rows = read_rows(content, columns=COLUMNS, rows_max=ROWS_MAX, form=form)
    return read_checked(rows, serializer=ReceiptRowInput, columns=COLUMNS)

"""What a mall takes along of its stored statements: heads with their seals, lines, disputes and receipts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shared_apps.fees.models import FeeDispute, FeeReceipt, FeeStatement, StatementLine
from shared_apps.fees.rules.lifecycles import SEALED
from tenants.upkeep.region_parts import every_field, region_part

_HEADS = every_field(FeeStatement)
_LINES = every_field(StatementLine)
_DISPUTES = every_field(FeeDispute)
_RECEIPTS = every_field(FeeReceipt)


@region_part("fee_statements", about="Issued fee statements with their seals", columns=_HEADS)
def fee_statements(code: str) -> Iterator[tuple[Any, ...]]:
    rows = FeeStatement.objects.filter(tenant_code=code, state__in=SEALED).order_by("month")
    yield from rows.values_list(*_HEADS)


@region_part("fee_statement_lines", about="Lines of the issued fee statements", columns=_LINES)
def fee_statement_lines(code: str) -> Iterator[tuple[Any, ...]]:
    rows = StatementLine.objects.filter(statement__tenant_code=code, statement__state__in=SEALED)
    yield from rows.order_by("statement_id", "position").values_list(*_LINES).iterator()


@region_part("fee_disputes", about="Disputes of fee statements with their answers", columns=_DISPUTES)
def fee_disputes(code: str) -> Iterator[tuple[Any, ...]]:
    rows = FeeDispute.objects.filter(statement__tenant_code=code).order_by("id")
    yield from rows.values_list(*_DISPUTES)


@region_part("fee_receipts", about="Receipts of what was paid for fee statements", columns=_RECEIPTS)
def fee_receipts(code: str) -> Iterator[tuple[Any, ...]]:
    rows = FeeReceipt.objects.filter(share__statement__tenant_code=code).order_by("id")
    yield from rows.values_list(*_RECEIPTS)

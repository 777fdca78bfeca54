"""The seal of a statement: SM3 of one byte form of all that it says. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from kernel.clock import local
from kernel.sm3 import canonical_json, sm3_hex

# Changes with the form of what is hashed, so that an old seal is checked by the form it was made in.
SEAL_FORM = 1


@dataclass(frozen=True, slots=True)
class SealedLine:
    """A line as the seal covers it. `uses` is the digest of the uses that it names."""

    position: int
    kind: str
    item: str
    corrects: str
    for_month: date
    quantity: Decimal | None
    opening: Decimal | None
    free: Decimal | None
    billable: Decimal | None
    amount: Decimal
    event_count: int
    dispute_id: int | None
    uses: str


@dataclass(frozen=True, slots=True)
class SealedShare:
    payer_code: str
    payer_name: str
    percent: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedStatement:
    """Everything that does not change any more once a statement is issued."""

    number: str
    tenant_code: str
    tenant_name: str
    level: str
    month: date
    tariff: int | None
    total: Decimal
    issued_at: datetime
    issued_by_name: str
    dispute_until: date
    pay_by: date
    lines: Sequence[SealedLine]
    shares: Sequence[SealedShare]


def _text(value: Decimal | None, places: int) -> str | None:
    return None if value is None else f"{value:.{places}f}"


def seal(statement: SealedStatement) -> str:
    """64 hexadecimal digits; the same for the same statement, on every machine."""
    content: Mapping[str, object] = {
        "form": SEAL_FORM,
        "number": statement.number,
        "tenant": [statement.tenant_code, statement.tenant_name, statement.level],
        "month": statement.month.isoformat(),
        "tariff": statement.tariff,
        "total": _text(statement.total, 2),
        "issued": [local(statement.issued_at).isoformat(timespec="microseconds"), statement.issued_by_name],
        "days": [statement.dispute_until.isoformat(), statement.pay_by.isoformat()],
        "lines": [
            [
                line.position, line.kind, line.item, line.corrects, line.for_month.isoformat(),
                _text(line.quantity, 4), _text(line.opening, 4), _text(line.free, 4), _text(line.billable, 4),
                _text(line.amount, 2), line.event_count, line.dispute_id, line.uses,
            ]
            for line in sorted(statement.lines, key=lambda line: line.position)
        ],
        "shares": [
            [share.payer_code, share.payer_name, _text(share.percent, 3), _text(share.amount, 2)]
            for share in sorted(statement.shares, key=lambda share: share.payer_code)
        ],
    }  # fmt: skip
    return sm3_hex(canonical_json(content))


def digests(chunks: Iterable[tuple[int, str]]) -> dict[int, str]:
    """SM3 of each line's uses from (line, text) chunks in order; how they are cut into chunks does not matter."""
    hashes: dict[int, hashlib._Hash] = {}
    for line, text in chunks:
        if line not in hashes:
            hashes[line] = hashlib.new("sm3")
        hashes[line].update(text.encode())
    return {line: found.hexdigest() for line, found in hashes.items()}


NO_USES = sm3_hex(b"")

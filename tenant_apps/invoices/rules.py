"""What an invoice must be before it counts, its process, and the timing of asking about it. Pure.

A digital invoice (数电发票) has a number of 20 digits and no code; an older one a code of 10 or 12 digits and a number
of 8. A red-letter invoice takes a whole invoice back.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from kernel.lifecycle import Lifecycle, Transition
from kernel.money import ZERO
from kernel.posts import Post
from kernel.sm3 import sm3_hex


class InvoiceState(StrEnum):
    RECORDED = "recorded"
    VERIFIED = "verified"
    REFUSED = "refused"
    REVERSED = "reversed"


S = InvoiceState
_SYSTEM: frozenset[Post | None] = frozenset({None})
_SUPPLIER = frozenset({Post.SUPPLIER_ADMIN, Post.SUPPLIER_SALES})

INVOICE_LIFECYCLE = Lifecycle(
    "invoice",
    InvoiceState,
    S.RECORDED,
    (S.REFUSED, S.REVERSED),
    (
        Transition("verify", (S.RECORDED,), S.VERIFIED, _SYSTEM, guards=("the verifier found it as recorded",)),
        Transition("refuse", (S.RECORDED,), S.REFUSED, _SYSTEM, guards=("reason",)),
        Transition("reverse", (S.VERIFIED,), S.REVERSED, _SUPPLIER, guards=("a red-letter invoice of the same sum",)),
    ),
)
# What counts against what was accepted: a refused or reversed invoice does not.
COUNTED = frozenset({S.RECORDED, S.VERIFIED})

# The verifier's answers: when to ask again. Ours, not a rule's.
ASK_AGAIN = timedelta(minutes=1)
ASK_AGAIN_MOST = timedelta(hours=1)
CLAIM = timedelta(seconds=60)
# How often "not found yet" is taken for an answer before the invoice is refused (proposal).
NOT_FOUND_MOST = 40

_DIGITAL = re.compile(r"[0-9]{20}")
_CODE = re.compile(r"[0-9]{10}|[0-9]{12}")
_NUMBER = re.compile(r"[0-9]{8}")


def is_number(*, code: str, number: str) -> bool:
    """Whether code and number are those of an invoice: 20 digits alone, or 10 or 12 with 8."""
    if code:
        return _CODE.fullmatch(code) is not None and _NUMBER.fullmatch(number) is not None
    return _DIGITAL.fullmatch(number) is not None


def fingerprint(*, code: str, number: str) -> str:
    """The same for the same invoice in whatever mall, and nothing can be read from it without the number itself."""
    return sm3_hex(f"invoice|{code}|{number}".encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Name and unified social credit code; an empty code where the platform does not know it."""

    name: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceFacts:
    """An invoice as it was written: what is recorded, and what the verifier is asked about."""

    code: str
    number: str
    issued_on: date
    net: Decimal
    tax: Decimal
    seller: Party
    buyer: Party

    @property
    def total(self) -> Decimal:
        return self.net + self.tax


def faults(facts: InvoiceFacts, *, seller: Party, buyer: Party, today: date, left: Decimal) -> dict[str, str]:
    """What is wrong, field to word, against the order's own parties and what is left to invoice. Empty: nothing."""
    found: dict[str, str] = {}
    if not is_number(code=facts.code, number=facts.number):
        found["number"] = "number"
    if facts.issued_on > today:
        found["issued_on"] = "future"
    if facts.total > left:
        found["net"] = "beyond"
    for side, given, known in (("seller", facts.seller, seller), ("buyer", facts.buyer, buyer)):
        if written(given.name) != written(known.name):
            found[f"{side}_name"] = "other_name"
        if known.code and given.code != known.code:
            found[f"{side}_code"] = "other_code"
    return found


def written(name: str) -> str:
    """A name as compared: one width of brackets and letters, no blanks."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name))


def left_to_invoice(*, payable: Decimal, counted: Iterable[Decimal]) -> Decimal:
    """What may still be invoiced of what was accepted."""
    return payable - sum(counted, ZERO)


def ask_again_at(*, attempts: int, now: datetime) -> datetime:
    """Twice as long each time, at most an hour."""
    wait: timedelta = min(ASK_AGAIN * (1 << max(0, min(attempts - 1, 10))), ASK_AGAIN_MOST)
    return now + wait

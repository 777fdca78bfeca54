"""The checkout form: reading what was typed, and what the page begins with."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from kernel.problems import InvalidInput
from tenant_apps.budgets.rules import LineView

_AMOUNT_FIELD = re.compile(r"amount_([0-9]{1,19})")
_LISTS = frozenset({"compared_offer_ids", "papers"})
_CSRF_FIELD = "csrfmiddlewaretoken"


def body_of(form: QueryDict) -> dict[str, Any]:
    """The form as the API's body. Amounts are written amount_<budget line>; an empty one draws nothing.

    Raises InvalidInput for a field sent twice that is not a list.
    """
    body: dict[str, Any] = {}
    funding: list[dict[str, str]] = []
    twice: dict[str, list[str]] = {}
    for name in form:
        if name == _CSRF_FIELD:
            continue
        if name in _LISTS:
            body[name] = form.getlist(name)
            continue
        if len(form.getlist(name)) > 1:
            twice[name] = [_("This field was sent more than once.")]
        text = str(form[name])
        if match := _AMOUNT_FIELD.fullmatch(name):
            if text.strip():
                funding.append({"budget_line_id": match[1], "amount": text.strip()})
        else:
            body[name] = text
    if twice:
        raise InvalidInput(errors=twice)
    return {**body, "funding": funding}


def key_of(text: str) -> int | None:
    """The id that a hidden field carries; None where it is no id."""
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text, re.ASCII) else None


@dataclass(frozen=True)
class FundingRow:
    """One budget line of the form with the amount typed or proposed."""

    line: LineView
    amount: str
    errors: tuple[str, ...] = ()

    @property
    def field(self) -> str:
        return f"amount_{self.line.id}"


def proposed(*, lines: Sequence[LineView], total: Decimal) -> dict[int, Decimal]:
    """The whole amount from the first line that has it and whose plan is filed; else from the first with enough."""
    enough = [line for line in lines if line.available >= total]
    chosen = next((line for line in enough if line.plan_filed), enough[0] if enough else None)
    if chosen is None and len(lines) == 1:
        chosen = lines[0]
    return {chosen.id: total} if chosen and total > 0 else {}


def funding_rows(
    *, lines: Sequence[LineView], typed: Mapping[str, str], amounts: Mapping[int, Decimal], errors: Mapping[str, Any]
) -> list[FundingRow]:
    """Rows of the form; what was typed goes before what is proposed."""
    order = [key for key, text in typed.items() if _AMOUNT_FIELD.fullmatch(key) and text.strip()]
    rows = []
    for line in lines:
        field = f"amount_{line.id}"
        index = order.index(field) if field in order else None
        found = errors.get(f"funding.{index}.amount", ()) if index is not None else ()
        amount = typed.get(field, "") if typed else str(amounts.get(line.id, ""))
        rows.append(FundingRow(line, amount, tuple(found)))
    return rows

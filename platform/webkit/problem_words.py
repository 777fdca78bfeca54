"""Words for refusals: labels of their facts and what to do next.

The code and the facts of a `DomainError` are for programs. An app gives them words at start:

    problem_words.register(
        "budget-insufficient",
        facts={"available": (_("Available"), "money"), "needed": (_("Needed"), "money")},
        advice=_("Ask the unit administrator for another budget line, or take lines out of the order."),
    )

Facts without words are not shown: their names are English identifiers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.registry import Registry
from webkit import formats

Kind = Literal["text", "money", "time", "date"]


@dataclass(frozen=True)
class Words:
    facts: dict[str, tuple[str | Promise, Kind]] = field(default_factory=dict)
    advice: str | Promise = ""


WORDS: Registry[Words] = Registry("words of problems")

BY_STATUS: dict[int, Promise] = {
    400: _("Check what was entered and send it again."),
    401: _("Sign in and open the page again."),
    403: _("If this is part of your work, ask the administrator of your unit for the post it needs."),
    404: _("Check the address, or start again from the front page."),
    405: _("Go back and use the buttons of the page."),
    409: _("Somebody or something changed it in the meantime. Open the page again and look at its present state."),
    415: _("Go back and choose a file of an accepted kind."),
    422: _("Go back, correct what is named above and send it again."),
    429: _("Wait a little, then try again."),
    500: _(
        "The fault is ours and was recorded. Try again later; when it comes again, give the operator the number below."
    ),
    503: _(
        "It will be back shortly. What you sent was done whole or not at all: look at its present state before you "
        "send it again."
    ),
}


def register(
    code: str, *, facts: Mapping[str, tuple[str | Promise, Kind]] | None = None, advice: str | Promise = ""
) -> None:
    """Give one problem code its words. Raises when the code has some already."""
    WORDS.register(code, Words(dict(facts or {}), advice))


def advice(problem: Mapping[str, Any]) -> str | Promise:
    """What the reader can do next: the code's own advice, else that of its status."""
    words = WORDS.get(str(problem.get("code", "")))
    if words is not None and words.advice:
        return words.advice
    status = int(problem.get("status", 500))
    return BY_STATUS.get(status, BY_STATUS[500] if status >= 500 else BY_STATUS[400])


def fact_rows(problem: Mapping[str, Any]) -> list[tuple[str | Promise, str]]:
    """Label and value of each fact that has words, in the order they were registered."""
    words = WORDS.get(str(problem.get("code", "")))
    facts = problem.get("facts") or {}
    if words is None:
        return []
    return [(label, _shown(facts[name], kind)) for name, (label, kind) in words.facts.items() if name in facts]


def _shown(value: Any, kind: Kind) -> str:
    """Facts arrive as the JSON texts of `as_problem`."""
    if value is None or value == "":
        return "—"
    if kind == "money":
        return formats.money_text(Decimal(str(value)))
    if kind == "time":
        return formats.time_text(value if isinstance(value, datetime) else datetime.fromisoformat(str(value)))
    if kind == "date":
        return formats.date_text(value if isinstance(value, date) else date.fromisoformat(str(value)))
    if isinstance(value, list | tuple):
        return "、".join(str(item) for item in value)
    return str(value)


register("too-many-requests", facts={"retry_after_seconds": (_("Seconds to wait"), "text")})

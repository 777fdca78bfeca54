"""What of each rule the region may set by a document, and within which bounds. Pure.

A rule that is not named here has nothing to set: it says what a statute says. The bounds are the platform's own, so
that a slip of the pen does not stop every mall; where a statute sets one it is named.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from kernel.money import MAX_AMOUNT
from shared_apps.rulebook import rules as r


class Shape(StrEnum):
    WHOLE = "whole"
    FLAG = "flag"
    KINDS = "kinds"  # kinds of objects, at least one
    CODES = "codes"  # item codes of the classification, none or more


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that a version of the rule says; `least` and `most` of a whole number."""

    name: str
    shape: Shape = Shape.WHOLE
    least: int = 0
    most: int = 100


@dataclass(frozen=True, slots=True)
class Settable:
    """What is set of one rule. `amount`: "" has none, "needed" must have one, "free" may have one."""

    parameters: tuple[Parameter, ...] = ()
    amount: str = ""
    severities: tuple[str, ...] = ()


_SAID = ("warn", "block")
_INCLUSIVE = Parameter("inclusive", Shape.FLAG)
_SPLIT = Settable((Parameter("warn_percent", least=1), Parameter("class_level", most=4)))
SETTABLE: Final[Mapping[str, Settable]] = {
    r.R_MODULE: Settable((Parameter("kinds", Shape.KINDS),)),
    r.R_DIRECT: Settable((_INCLUSIVE,), amount="free"),
    r.R_COMPARE: Settable((Parameter("offers", least=2, most=20),)),
    r.R_ACCEPT: Settable((Parameter("working_days", least=1, most=30),)),
    r.R_BARGAIN: Settable(
        (Parameter("answer_working_days", least=1, most=30), Parameter("order_working_days", least=1, most=60))
    ),
    # State Council Order 802 art. 9: thirty days are the most a rule of the region may say.
    r.R_PAYMENT: Settable((Parameter("days", least=1, most=30),)),
    r.R_SPLIT_TENDER: _SPLIT,
    r.R_SPLIT_DECENTRALISED: _SPLIT,
    r.R_PAID_PRICE: Settable((Parameter("deviation_percent", most=1000),), severities=_SAID),
    r.R_SME_RESERVE: Settable((_INCLUSIVE,), amount="needed", severities=_SAID),
    r.R_SME_SHARE: Settable((Parameter("share_percent"), Parameter("small_percent"))),
    r.R_RELIEF: Settable((Parameter("share_percent"), Parameter("items", Shape.CODES))),
    r.R_GREEN: Settable((Parameter("items", Shape.CODES),), severities=_SAID),
    r.R_RELATED: Settable(severities=_SAID),
}
_CODE = re.compile(r"[ABC][0-9]{2,8}", re.ASCII)
CODES_MAX = 200


def parsed(code: str, texts: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The parameters of a version from texts, and by name what is wrong: "missing", "unknown" or "wrong"."""
    declared = {one.name: one for one in SETTABLE[code].parameters}
    values: dict[str, Any] = {}
    wrong = {name: "unknown" for name in texts if name not in declared}
    for name, one in declared.items():
        text = texts.get(name, "").strip()
        if not text and one.shape in {Shape.WHOLE, Shape.KINDS}:
            wrong[name] = "missing"
            continue
        value = _value(one, text)
        if value is None:
            wrong[name] = "wrong"
        else:
            values[name] = value
    return values, wrong


def _value(one: Parameter, text: str) -> Any:
    """The value, or None where the text is none."""
    match one.shape:
        case Shape.WHOLE:
            if not re.fullmatch(r"[0-9]{1,6}", text, re.ASCII):
                return None
            return int(text) if one.least <= int(text) <= one.most else None
        case Shape.FLAG:
            return {"true": True, "on": True, "false": False, "": False}.get(text)
        case Shape.KINDS:
            kinds = text.split()
            return sorted(set(kinds)) if set(kinds) <= {str(kind) for kind in r.Kind} else None
        case Shape.CODES:
            codes = sorted(set(text.split()))
            return codes if len(codes) <= CODES_MAX and all(_CODE.fullmatch(code) for code in codes) else None


def as_texts(code: str, values: Mapping[str, Any]) -> dict[str, str]:
    """The parameters as a form begins with them."""
    found = {}
    for one in SETTABLE[code].parameters if code in SETTABLE else ():
        value = values.get(one.name)
        if isinstance(value, list):
            found[one.name] = " ".join(str(part) for part in value)
        elif isinstance(value, bool):
            found[one.name] = "true" if value else "false"
        else:
            found[one.name] = "" if value is None else str(value)
    return found


def is_amount(amount: Any) -> bool:
    return bool(0 < amount <= MAX_AMOUNT)

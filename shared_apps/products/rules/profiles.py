"""Requirement sets: what a product of a category must have, attribute by attribute. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _

from shared_apps.classification.attribute_rules import AttributeType, AttributeView

CRITERIA_MAX: Final = 40
WORDS_MAX: Final = 30
_NUMBER: Final = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,4})?")


class Operator(StrEnum):
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    EQUALS = "equals"
    ONE_OF = "one_of"
    IS_YES = "is_yes"
    IS_NO = "is_no"


class ProfileState(StrEnum):
    ACTIVE = "active"
    CLOSED = "closed"


OPERATORS_OF: Final[Mapping[str, tuple[Operator, ...]]] = {
    AttributeType.NUMBER: (Operator.AT_LEAST, Operator.AT_MOST, Operator.EQUALS),
    AttributeType.CHOICE: (Operator.ONE_OF,),
    AttributeType.TEXT: (Operator.ONE_OF,),
    AttributeType.BOOLEAN: (Operator.IS_YES, Operator.IS_NO),
}


@dataclass(frozen=True, slots=True)
class Criterion:
    """One requirement; `number` of a number, in the attribute's unit, `words` of a choice or text."""

    key: str
    operator: str
    number: Decimal | None
    words: tuple[str, ...]
    unit: str
    is_mandatory: bool


def criteria_of(
    rows: Sequence[Mapping[str, object]], typed: Sequence[AttributeView]
) -> tuple[tuple[Criterion, ...], dict[str, list[str]]]:
    """Criteria from rows of key, operator, value and is_mandatory; what is wrong by `criteria.<place>.<field>`."""
    known = {one.key: one for one in typed}
    found: list[Criterion] = []
    errors: dict[str, list[str]] = {}
    seen: set[tuple[str, str]] = set()
    for place, row in enumerate(rows):
        key, operator, value = str(row["key"]), str(row["operator"]), str(row["value"]).strip()
        attribute = known.get(key)
        if attribute is None:
            errors[f"criteria.{place}.key"] = [_("Products of this category have no such attribute.")]
            continue
        if operator not in OPERATORS_OF[attribute.type]:
            errors[f"criteria.{place}.operator"] = [_("%(name)s cannot be compared so.") % {"name": attribute.name}]
            continue
        if (key, operator) in seen:
            errors[f"criteria.{place}.key"] = [_("%(name)s was given before.") % {"name": attribute.name}]
        seen.add((key, operator))
        number: Decimal | None = None
        words: tuple[str, ...] = ()
        if attribute.type == AttributeType.NUMBER:
            if _NUMBER.fullmatch(value):
                number = Decimal(value)
            else:
                errors[f"criteria.{place}.value"] = [_("Write a number in digits, at most four decimal places.")]
        elif operator == Operator.ONE_OF:
            words = tuple(dict.fromkeys(word for word in re.split(r"[、，,;；]+", value) if word.strip()))
            words = tuple(word.strip() for word in words)
            if not 1 <= len(words) <= WORDS_MAX:
                errors[f"criteria.{place}.value"] = [_("Name between one and 30 words, with commas between.")]
        found.append(Criterion(key, operator, number, words, attribute.unit, bool(row["is_mandatory"])))
    return tuple(found), errors


def in_words(one: Criterion, name: str) -> str:
    """The requirement as a person reads it."""
    number = "" if one.number is None else f"{one.number.normalize():f} {one.unit}".strip()
    texts = {
        Operator.AT_LEAST: _("%(name)s: at least %(value)s"),
        Operator.AT_MOST: _("%(name)s: at most %(value)s"),
        Operator.EQUALS: _("%(name)s: exactly %(value)s"),
        Operator.ONE_OF: _("%(name)s: %(value)s"),
        Operator.IS_YES: _("%(name)s: yes"),
        Operator.IS_NO: _("%(name)s: no"),
    }
    return texts[Operator(one.operator)] % {"name": name, "value": number or "、".join(one.words)}

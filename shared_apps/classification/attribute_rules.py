"""What attributes of a category may be, and whether a product's values fit them. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from django.utils.translation import gettext as _

ATTRIBUTES_MAX: Final = 40
CHOICES_MAX: Final = 60
CHOICE_LENGTH_MAX: Final = 40
TEXT_LENGTH_MAX: Final = 200
_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_NUMBER: Final = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,4})?")
_YES: Final = frozenset({"true", "是"})
_NO: Final = frozenset({"false", "否"})


class AttributeType(StrEnum):
    NUMBER = "number"
    CHOICE = "choice"
    TEXT = "text"
    BOOLEAN = "yes_no"


@dataclass(frozen=True, slots=True)
class AttributeView:
    """One attribute of a category. `choices` empty: any short word; bounds are of numbers, in the unit."""

    key: str
    name: str
    type: str
    unit: str
    is_facet: bool
    is_required: bool = False
    choices: tuple[str, ...] = ()
    min_value: Decimal | None = None
    max_value: Decimal | None = None


Value = int | float | str | bool
Errors = dict[str, list[str]]


def wrong_definitions(definitions: Sequence[AttributeView]) -> Errors:
    """What is wrong with a category's attributes, by `attributes.<place>.<field>`."""
    errors: Errors = {}
    keys, names = set[str](), set[str]()
    for place, one in enumerate(definitions):
        for name, reason in _faults(one, keys, names):
            errors.setdefault(f"attributes.{place}.{name}", []).append(reason)
        keys.add(one.key)
        names.add(one.name)
    return errors


def _faults(one: AttributeView, keys: set[str], names: set[str]) -> list[tuple[str, str]]:
    found = []
    if not _KEY.fullmatch(one.key):
        found.append(("key", _("A key is small Latin letters, digits and underscores, a letter first.")))
    if one.key in keys:
        found.append(("key", _("This key was given before.")))
    if one.name in names:
        found.append(("name", _("This name was given before.")))
    if one.unit and one.type != AttributeType.NUMBER:
        found.append(("unit", _("Only a number has a unit.")))
    if (one.min_value is not None or one.max_value is not None) and one.type != AttributeType.NUMBER:
        found.append(("min_value", _("Only a number has bounds.")))
    if one.min_value is not None and one.max_value is not None and one.min_value > one.max_value:
        found.append(("max_value", _("The upper bound is below the lower one.")))
    if one.choices and one.type != AttributeType.CHOICE:
        found.append(("choices", _("Only a choice has a list of words.")))
    if len(set(one.choices)) != len(one.choices):
        found.append(("choices", _("A word stands in the list twice.")))
    return found


def checked_values(
    definitions: Sequence[AttributeView], given: Mapping[str, Any], *, whole: bool = True
) -> tuple[dict[str, Value], Errors]:
    """(values as they are stored, what is wrong by `attributes.<key>`). An empty text is a value left out.

    With `whole` what is required must be there.
    """
    known = {one.key: one for one in definitions}
    errors: Errors = {
        f"attributes.{key}": [_("Products of this category have no such attribute.")]
        for key in given
        if key not in known
    }
    values: dict[str, Value] = {}
    for one in definitions:
        raw = given.get(one.key)
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            if one.is_required and whole:
                errors[f"attributes.{one.key}"] = [_("%(name)s is required.") % {"name": one.name}]
            continue
        try:
            values[one.key] = checked_value(one, raw)
        except ValueError as error:
            errors[f"attributes.{one.key}"] = [str(error)]
    return values, errors


def checked_value(one: AttributeView, raw: object) -> Value:
    """One value as it is stored. Raises ValueError with the reason in words."""
    if one.type == AttributeType.NUMBER:
        return _number(one, raw)
    if one.type == AttributeType.BOOLEAN:
        word = str(raw).strip().lower()
        if word not in _YES | _NO:
            raise ValueError(_("%(name)s: answer yes or no.") % {"name": one.name})
        return word in _YES
    if not isinstance(raw, str):
        raise ValueError(_("%(name)s: write a text.") % {"name": one.name})
    text = raw.strip()
    if one.type == AttributeType.CHOICE:
        if one.choices and text not in one.choices:
            words = {"name": one.name, "choices": "、".join(one.choices)}
            raise ValueError(_("%(name)s must be one of: %(choices)s.") % words)
        if len(text) > CHOICE_LENGTH_MAX:
            raise ValueError(
                _("%(name)s: at most %(most)s characters.") % {"name": one.name, "most": CHOICE_LENGTH_MAX}
            )
    elif len(text) > TEXT_LENGTH_MAX:
        raise ValueError(_("%(name)s: at most %(most)s characters.") % {"name": one.name, "most": TEXT_LENGTH_MAX})
    return text


def _number(one: AttributeView, raw: object) -> int | float:
    text = str(raw).strip()
    if isinstance(raw, bool) or not _NUMBER.fullmatch(text):
        raise ValueError(_("%(name)s: write a number in digits, at most four decimal places.") % {"name": one.name})
    number = Decimal(text)
    low, high = one.min_value, one.max_value
    if (low is not None and number < low) or (high is not None and number > high):
        words = {"name": one.name, "low": _plain(low), "high": _plain(high), "unit": one.unit}
        raise ValueError(_("%(name)s must lie between %(low)s and %(high)s %(unit)s.") % words)
    return int(number) if number == number.to_integral_value() else float(number)


def _plain(bound: Decimal | None) -> str:
    return "…" if bound is None else f"{bound.normalize():f}"


def shown_value(one: AttributeView, value: object) -> str:
    """A stored value in words, with its unit."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return f"{value} {one.unit}".strip()

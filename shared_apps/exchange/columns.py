"""Columns of exchanged tables: how a cell is read, strictly and fast, and how a value is written into one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from rest_framework import serializers

from kernel.spreadsheets import CELL_LENGTH_MAX, CellError, Column, plain, shown

# JSON-ready values by column name.
Values = dict[str, Any]
_KEPT_MAX = 4096
# What `as_it_is` may be: the usual spelling of an amount above zero, and `code_text`.
AMOUNT_TEXT = re.compile(r"[1-9][0-9]{0,8}\.[0-9]{2}")
AREAS_MAX = 40


@dataclass(frozen=True, slots=True)
class ExchangeColumn(Column):
    """A column whose cells are read by a strict field. `choices` are the texts the template offers.

    `read` turns the field's value into what JSON keeps, `show` turns that into a cell's text. `left_out` is the value
    of an empty cell where the column is not required. A text that is whole `as_it_is` is its own value: the field would
    give it back unchanged (tests compare the two), and it is not asked.
    """

    field: Any = None
    choices: Callable[[], Sequence[str]] | None = None
    read: Callable[[Any], Any] = lambda value: value
    show: Callable[[Any], str] = lambda value: "" if value is None else str(value)
    left_out: Any = None
    as_it_is: re.Pattern[str] | None = None
    kept: dict[str, Any] = attribute(default_factory=dict, compare=False, repr=False)

    def value_of(self, text: str) -> Any:
        """The cell's value. Raises ValidationError. Texts seen before are not read again."""
        if text in self.kept:
            return self.kept[text]
        if self.as_it_is is not None and self.as_it_is.fullmatch(text):
            return text
        if len(text) > CELL_LENGTH_MAX:
            raise serializers.ValidationError(_("The cell is too long."))
        value = self.read(self.field.run_validation(text))
        if len(self.kept) < _KEPT_MAX:
            self.kept[text] = value
        return value


def read_row(
    columns: Sequence[ExchangeColumn], given: Mapping[str, str], *, number: int
) -> tuple[Values, list[CellError]]:
    """The values of a row of texts, or what is wrong with which cell."""
    values: Values = {}
    errors: list[CellError] = []
    for column in columns:
        text = given.get(column.name, "").strip()
        if text.startswith("'"):
            text = plain(text)
        if not text:
            if column.required:
                errors.append(_wrong(number, column, "", _("This cell must not be empty.")))
            values[column.name] = column.left_out
            continue
        try:
            values[column.name] = column.value_of(text)
        except serializers.ValidationError as error:
            reasons = error.detail if isinstance(error.detail, list) else [error.detail]
            errors.append(_wrong(number, column, text, " ".join(str(reason) for reason in reasons)))
    return values, errors


def _wrong(number: int, column: Column, text: str, reason: str) -> CellError:
    return CellError(number, column.name, str(column.label), shown(text), reason)


def texts_of(columns: Sequence[ExchangeColumn], values: Mapping[str, Any]) -> tuple[str, ...]:
    """A row of texts in the columns' order."""
    return tuple(column.show(values.get(column.name)) for column in columns)


def code_text(*, max_length: int) -> re.Pattern[str]:
    return re.compile(rf"[A-Za-z0-9][A-Za-z0-9._-]{{0,{max_length - 1}}}")


# -- readers and writers of values ---------------------------------------------------------------------------------
def as_amount(value: Decimal) -> str:
    return str(value)


def as_day(value: date) -> str:
    return value.isoformat()


class AreasField(serializers.Field[list[list[str]], str, str, Any]):
    """Where an offer is delivered, as "650000:0.00:0.00; 653101:5.00:0.50": division, freight, surcharge a piece."""

    _one = re.compile(r"([0-9]{6})(?::([0-9]{1,9}(?:\.[0-9]{1,2})?))?(?::([0-9]{1,9}(?:\.[0-9]{1,2})?))?")

    def to_internal_value(self, data: Any) -> list[list[str]]:
        if not isinstance(data, str):
            raise serializers.ValidationError(_("Write areas such as 650000:0.00:0.00, divided by semicolons."))
        found: dict[str, list[str]] = {}
        for part in re.split(r"[;；]", data):
            match = self._one.fullmatch(part.strip())
            if match is None:
                raise serializers.ValidationError(
                    _("Write areas such as 650000:0.00:0.00, divided by semicolons: division, freight, surcharge.")
                )
            if match[1] in found:
                raise serializers.ValidationError(_("The division %(code)s stands there twice.") % {"code": match[1]})
            found[match[1]] = [match[1], _cents(match[2]), _cents(match[3])]
        if len(found) > AREAS_MAX:
            raise serializers.ValidationError(_("At most %(most)s areas.") % {"most": AREAS_MAX})
        return [found[code] for code in sorted(found)]


def _cents(text: str | None) -> str:
    return str(Decimal(text or "0").quantize(Decimal("0.01")))


def show_areas(areas: Sequence[Sequence[str]] | None) -> str:
    return "; ".join(":".join(area) for area in areas or ())


class LabelledField(serializers.Field[str, str, str, Any]):
    """One of a few texts a person sees; the value is its code. The code itself is taken too."""

    def __init__(self, *, labels: Callable[[], Mapping[str, str | Promise]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.labels = labels

    def to_internal_value(self, data: Any) -> str:
        known = self.labels()
        if data in known:
            return str(data)
        for code, label in known.items():
            if data == str(label):
                return code
        raise serializers.ValidationError(_("Choose one of the texts the template offers."))


def shown_by(labels: Callable[[], Mapping[str, str | Promise]]) -> Callable[[Any], str]:
    """Writes a code as its label."""
    return lambda value: "" if value is None else str(labels().get(str(value), value))


def texts_by(labels: Callable[[], Mapping[str, str | Promise]]) -> Callable[[], Sequence[str]]:
    return lambda: [str(label) for label in labels().values()]

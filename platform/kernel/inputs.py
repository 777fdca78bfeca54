"""Strict input: one spelling per value, ASCII digits, nothing unknown. API and pages use the same serializers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.parsers import BaseParser
from stdnum.cn import uscc

from kernel.clean_request import CleanRequestMiddleware
from kernel.http import flat_errors
from kernel.money import parse_amount, yuan
from kernel.problems import InvalidInput, MalformedInput
from kernel.strict_json import BODY_BYTES_MAX, INTEGER_MAX, KEYS_MAX, parse_json
from kernel.texts import forbidden_character

__all__ = [
    "AmountField",
    "CleanRequestMiddleware",
    "CodeField",
    "DayField",
    "KeyField",
    "QuantityField",
    "StrictJSONParser",
    "StrictSerializer",
    "TextField",
    "UsccField",
    "WholeField",
    "checked_uscc",
    "parse_json",
    "read_input",
    "read_query",
]

# Not a business field: Django's token, which pages send along.
_CSRF_FIELD = "csrfmiddlewaretoken"


class StrictJSONParser(BaseParser):
    """REST framework's parser over `parse_json`: UTF-8 only, and the body is an object."""

    media_type = "application/json"
    keys_max = KEYS_MAX

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        value = parse_json(stream.read(BODY_BYTES_MAX + 1), keys_max=self.keys_max)
        if not isinstance(value, dict):
            raise MalformedInput(reason="not an object")
        return value


@extend_schema_field({"type": "string", "pattern": r"^[0-9]{1,16}(\.[0-9]{1,2})?$", "example": "12.30"})
class AmountField(serializers.Field[Decimal, str | int | Decimal, str, Any]):
    """Yuan, zero only with `allow_zero=True`. Takes "12.30", 12 or 12.3; gives "12.30"."""

    default_error_messages = {
        "invalid": _("Write an amount such as 12.30: digits, at most two decimal places."),
        "zero": _("The amount must be more than 0."),
    }

    def __init__(self, *, allow_zero: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.allow_zero = allow_zero

    def to_internal_value(self, data: Any) -> Decimal:
        # A float has been rounded already; the JSON reader gives Decimals.
        if isinstance(data, bool) or not isinstance(data, str | int | Decimal):
            self.fail("invalid")
        try:
            amount = parse_amount(data if isinstance(data, str) else str(data))
        except ValueError:
            self.fail("invalid")
        if amount == 0 and not self.allow_zero:
            self.fail("zero")
        return amount

    def to_representation(self, value: Any) -> str:
        return str(yuan(value))


@extend_schema_field({"type": "integer"})
class WholeField(serializers.Field[int, str | int, int, Any]):
    """A whole number within bounds, as a JSON integer or in ASCII digits. Not true, not 1.0, not 1_000."""

    default_error_messages = {
        "invalid": _("Write a whole number in digits."),
        "range": _("The number must be between {least} and {most}."),
    }

    def __init__(self, *, min_value: int = 0, max_value: int = INTEGER_MAX, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.min_value = min_value
        self.max_value = max_value

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, str):
            if re.fullmatch(r"-?[0-9]{1,19}", data) is None:
                self.fail("invalid")
            data = int(data)
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        if not self.min_value <= data <= self.max_value:
            self.fail("range", least=self.min_value, most=self.max_value)
        return int(data)

    def to_representation(self, value: Any) -> int:
        return int(value)


@extend_schema_field({"type": "integer", "minimum": 1, "maximum": 999_999})
class QuantityField(WholeField):
    """How many: whole, 1 to 999,999."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=999_999, **kwargs)


@extend_schema_field({"type": "integer", "format": "int64", "minimum": 1})
class KeyField(WholeField):
    """The id of a row: 1 to 2^63 - 1."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=INTEGER_MAX, **kwargs)


class TextField(serializers.CharField):
    """Text in NFC, trimmed, without invisible characters; one line unless `multiline=True`."""

    default_error_messages = {
        "character": _("The text holds a character that is not allowed: {char}."),
        "lines": _("The text must be on one line."),
    }

    def __init__(self, *, max_length: int, multiline: bool = False, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)
        self.multiline = multiline

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if isinstance(data, str):
            data = unicodedata.normalize("NFC", data)
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        if char := forbidden_character(data):
            self.fail("character", char=char)
        text: str = super().to_internal_value(data).replace("\r\n", "\n")
        if not self.multiline and re.search(r"[\t\n\r]", text):
            self.fail("lines")
        return text


class PhoneField(TextField):
    """A telephone number in ASCII digits, with +, blanks and hyphens between them."""

    default_error_messages = {"phone": _("Write a telephone number in digits.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if re.fullmatch(r"\+?[0-9][0-9 -]{5,18}", text) is None:
            self.fail("phone")
        return text


class CodeField(serializers.CharField):
    """A code in ASCII letters, digits, dot, hyphen and underscore, as written: division, category, order number."""

    default_error_messages = {"code": _("Write the code in letters and digits without blanks.")}

    def __init__(self, *, max_length: int = 64, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, trim_whitespace=False, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", data) is None:
            self.fail("code")
        return data


@extend_schema_field({"type": "string", "format": "date"})
class DayField(serializers.Field[date, str, str, Any]):
    """A day as 2025-06-30 in ASCII digits, years 1900 to 2199."""

    default_error_messages = {"invalid": _("Write a date such as 2025-06-30.")}

    def to_internal_value(self, data: Any) -> date:
        if not isinstance(data, str) or re.fullmatch(r"(?:19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}", data) is None:
            self.fail("invalid")
        try:
            return date.fromisoformat(data)
        except ValueError:
            self.fail("invalid")

    def to_representation(self, value: date) -> str:
        return value.isoformat()


@extend_schema_field({"type": "string", "pattern": "^[0-9A-HJ-NP-RTUW-Y]{18}$"})
class UsccField(serializers.Field[str, str, str, Any]):
    """Unified social credit code with a right check digit (GB 32100-2015); lower case is read as upper.

    The library computes the digit only: its own reading takes full-width digits, blanks and eighteen zeros.
    """

    default_error_messages = {
        "invalid": _("Write the 18 characters of the unified social credit code."),
        "check": _("The last character of the unified social credit code does not match the others."),
    }
    # Registering authority and kind, division, organisation code; no I, O, S, V, Z.
    pattern = re.compile(r"[1-9ANY][0-9A-HJ-NP-RTUW-Y][1-9][0-9]{5}[0-9A-HJ-NP-RTUW-Y]{10}")

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or not data.isascii():
            self.fail("invalid")
        code = data.upper()
        if self.pattern.fullmatch(code) is None:
            self.fail("invalid")
        if uscc.calc_check_digit(code[:17]) != code[17]:
            self.fail("check")
        return code

    def to_representation(self, value: Any) -> str:
        return str(value)


def checked_uscc(code: str) -> str:
    """The code in upper case. Raises InvalidInput when its form or check digit is wrong."""
    try:
        return str(UsccField().run_validation(code))
    except serializers.ValidationError as error:
        details = error.detail if isinstance(error.detail, list) else [error.detail]
        raise InvalidInput(errors={"uscc": [str(detail) for detail in details]}) from error


class StrictSerializer(serializers.Serializer[Any]):
    """Base of every input: refuses unknown fields, and a form field sent twice that is not a list."""

    default_error_messages = {
        "unknown": _("This field is not known."),
        "twice": _("This field was sent more than once."),
    }

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) or hasattr(data, "getlist"):
            self._refuse_strangers(data)
        return super().to_internal_value(data)

    def _refuse_strangers(self, data: Any) -> None:
        is_form = hasattr(data, "getlist")
        errors: dict[str, list[Any]] = {}
        for key in data:
            # Nested form fields are written lines[0]quantity and address.street.
            field = self.fields.get(re.split(r"[\[.]", str(key), maxsplit=1)[0] if is_form else key)
            if field is None or field.read_only:
                errors[str(key)] = [self.error_messages["unknown"]]
            elif is_form and len(data.getlist(key)) > 1 and not _takes_many(field):
                errors[str(key)] = [self.error_messages["twice"]]
        if errors:
            raise serializers.ValidationError(errors)


class FormInput(StrictSerializer):
    """A form sends its empty fields along: those that are not required count as left out."""

    def to_internal_value(self, data: Any) -> Any:
        if hasattr(data, "getlist"):
            data = data.copy()
            optional = {name for name, field in self.fields.items() if not field.required}
            for key in [key for key in data if key in optional and data.getlist(key) == [""]]:
                del data[key]
        return super().to_internal_value(data)


def _takes_many(field: Any) -> bool:
    return isinstance(field, serializers.ListField | serializers.ListSerializer | serializers.MultipleChoiceField)


@cache
def _reader(serializer_class: type[StrictSerializer]) -> StrictSerializer:
    """One instance a class, only ever asked to validate: copying the declared fields costs more than reading them."""
    return serializer_class()


def read_input(serializer_class: type[StrictSerializer], data: Any) -> dict[str, Any]:
    """Validated values of a body or a form. Raises InvalidInput with dotted field names."""
    if isinstance(data, QueryDict):
        data = data.copy()
        data.pop(_CSRF_FIELD, None)
    try:
        return dict(_reader(serializer_class).run_validation(data))
    except serializers.ValidationError:
        # A fresh instance words the errors: a kept one would repeat those of the language it first failed in.
        serializer = serializer_class(data=data)
        if serializer.is_valid():
            raise
        raise InvalidInput(errors=flat_errors(serializer.errors)) from None


def read_query(serializer_class: type[StrictSerializer], request: HttpRequest) -> dict[str, Any]:
    """Validated values of the query string."""
    return read_input(serializer_class, request.GET)

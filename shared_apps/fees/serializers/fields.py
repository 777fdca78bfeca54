"""Fields that pages and API of fees share."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kernel.inputs import StrictSerializer
from kernel.problems import NotFound
from shared_apps.fees.rules.months import is_month

_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")


def month_of(text: str) -> date | None:
    """The first day of `2026-11`; None for everything that is not a month of the calendar."""
    found = _MONTH.fullmatch(text)
    if found is None or not is_month(int(found[1]), int(found[2])):
        return None
    return date(int(found[1]), int(found[2]), 1)


def month_in_path(text: str) -> date:
    """The month of an address. Raises NotFound."""
    month = month_of(text)
    if month is None:
        raise NotFound
    return month


@extend_schema_field({"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$", "example": "2026-11"})
class MonthField(serializers.Field):  # type: ignore[type-arg]  # text in, date out
    """A month as 2026-11."""

    default_error_messages = {"invalid": _("Write a month such as 2026-11.")}

    def to_internal_value(self, data: Any) -> date:
        month = month_of(data) if isinstance(data, str) else None
        if month is None:
            self.fail("invalid")
        return month

    def to_representation(self, value: date) -> str:
        return f"{value:%Y-%m}"


_PRICE = re.compile(r"[0-9]{1,14}(\.[0-9]{1,4})?")


@extend_schema_field({"type": "string", "pattern": r"^[0-9]{1,14}(\.[0-9]{1,4})?$", "example": "0.5000"})
class PriceField(serializers.Field):  # type: ignore[type-arg]  # text in, decimal out
    """A price or a quantity with at most four decimal places, zero included, as text in ASCII digits."""

    default_error_messages = {"invalid": _("Write a number such as 0.5: digits, at most four decimal places.")}

    def to_internal_value(self, data: Any) -> Decimal:
        if not isinstance(data, str) or _PRICE.fullmatch(data) is None:
            self.fail("invalid")
        return Decimal(data)

    def to_representation(self, value: Decimal) -> str:
        return f"{value:.4f}"


_PERCENT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,2})?")


@extend_schema_field({"type": "string", "pattern": r"^[0-9]{1,3}(\.[0-9]{1,2})?$", "example": "12.50"})
class PercentField(serializers.Field):  # type: ignore[type-arg]  # text in, decimal out
    """A part of a hundred, more than 0, with at most two decimal places, as text in ASCII digits."""

    default_error_messages = {"invalid": _("Write a percentage such as 12.5: more than 0, at most 100.")}

    def to_internal_value(self, data: Any) -> Decimal:
        if not isinstance(data, str) or _PERCENT.fullmatch(data) is None or not 0 < Decimal(data) <= 100:
            self.fail("invalid")
        return Decimal(data)

    def to_representation(self, value: Decimal) -> str:
        return f"{value:.2f}"


class MonthQuery(StrictSerializer):
    month = MonthField(required=False)

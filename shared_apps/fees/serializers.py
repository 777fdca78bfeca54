"""What fees take and show, for pages and API alike."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kernel.inputs import AmountField, DayField, StrictSerializer, TextField
from kernel.meters import METERS
from kernel.problems import NotFound
from shared_apps.fees.rules.months import is_month
from shared_apps.fees.rules.pricing import Price, PriceKind
from shared_apps.fees.rules.states import TariffState

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


class PriceInput(StrictSerializer):
    meter = serializers.ChoiceField(choices=[])
    kind = serializers.ChoiceField(choices=[str(kind) for kind in PriceKind])
    unit_price = PriceField()
    allowance = PriceField(required=False, default=Decimal(0))

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        # Apps register their meters at start, perhaps after this module is read.
        fields["meter"] = serializers.ChoiceField(choices=[meter.code for meter in METERS.values()])
        return fields


class TariffInput(StrictSerializer):
    """A meter without a price is not charged."""

    name = TextField(max_length=80)
    valid_from = DayField()
    document_number = TextField(max_length=80)
    prices = PriceInput(
        many=True, allow_empty=False, max_length=50,  # type: ignore[call-arg]  # goes to the list
        error_messages={"empty": _("Enter at least one price.")},
    )  # fmt: skip

    def validate_prices(self, rows: list[dict[str, Any]]) -> tuple[Price, ...]:
        if len({row["meter"] for row in rows}) != len(rows):
            raise serializers.ValidationError(_("A meter is named twice."))
        return tuple(Price(row["meter"], PriceKind(row["kind"]), row["unit_price"], row["allowance"]) for row in rows)


class VerifyTariffInput(StrictSerializer):
    document_number = TextField(max_length=80)


class WithdrawTariffInput(StrictSerializer):
    reason = TextField(max_length=200)


class MonthQuery(StrictSerializer):
    month = MonthField(required=False)


class PriceSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads Price
    meter = serializers.CharField()
    kind = serializers.CharField()
    unit_price = serializers.DecimalField(max_digits=18, decimal_places=4)
    allowance = serializers.DecimalField(max_digits=18, decimal_places=4)


class TariffSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads TariffView
    version = serializers.IntegerField()
    name = serializers.CharField()
    valid_from = serializers.DateField()
    document_number = serializers.CharField()
    is_demo = serializers.BooleanField()
    is_verified = serializers.BooleanField()
    lines = PriceSerializer(many=True)


class TariffRowSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads TariffRow
    version = serializers.IntegerField()
    name = serializers.CharField()
    valid_from = serializers.DateField()
    document_number = serializers.CharField()
    state = serializers.ChoiceField(choices=[str(state) for state in TariffState])
    created_at = serializers.DateTimeField()
    verified_by_name = serializers.CharField()
    verified_at = serializers.DateTimeField(allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    withdrawn_reason = serializers.CharField()
    lines = PriceSerializer(many=True)


class ChargeSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads Charge
    meter = serializers.CharField()
    quantity = serializers.DecimalField(max_digits=24, decimal_places=4)
    free = serializers.DecimalField(max_digits=24, decimal_places=4)
    billable = serializers.DecimalField(max_digits=24, decimal_places=4)
    amount = AmountField(allow_zero=True, allow_null=True)


class UseSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads UseView
    journal_id = serializers.IntegerField()
    epoch = serializers.IntegerField()
    at = serializers.DateTimeField()
    quantity = serializers.DecimalField(max_digits=20, decimal_places=4)
    object_type = serializers.CharField()
    object_id = serializers.CharField()
    facts = serializers.DictField()


class StatementLineSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads StatementLine
    charge = ChargeSerializer()
    event_count = serializers.IntegerField()
    events = UseSerializer(many=True)


class StatementSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads Statement
    tenant_code = serializers.CharField()
    tenant_name = serializers.CharField()
    month = MonthField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    is_open = serializers.BooleanField()
    tariff = TariffSerializer(allow_null=True)
    lines = StatementLineSerializer(many=True)
    total = AmountField(allow_zero=True)


class MonthOfTenantSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads MonthOfTenant
    tenant_code = serializers.CharField()
    tenant_name = serializers.CharField()
    charges = ChargeSerializer(many=True)
    total = AmountField(allow_zero=True, allow_null=True)


class MonthListSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads a mapping
    month = MonthField()
    tariff = TariffSerializer(allow_null=True)
    tenants = MonthOfTenantSerializer(many=True)

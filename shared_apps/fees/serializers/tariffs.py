"""Tariffs as pages and API take and show them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kernel.inputs import AmountField, DayField, FormInput, StrictSerializer, TextField, WholeField
from kernel.meters import METERS
from shared_apps.fees.rules.pricing import priced_per
from shared_apps.fees.rules.states import TariffState
from shared_apps.fees.rules.terms import TIERS_MAX, Bundle, Price, PriceKind, Tariff, TermsWrong, Tier, Wrong
from shared_apps.fees.serializers.fields import PercentField, PriceField
from tenants.divisions.models import Level

NOTICE_DAYS_MAX = 366
_BUNDLES_MAX = 10

WORDS: Mapping[Wrong, Promise] = {
    Wrong.MISSING: _("This kind of price needs it."),
    Wrong.NOT_OF_THIS_KIND: _("This kind of price does not use it. Leave it empty."),
    Wrong.NOT_RISING: _("Each tier ends at a greater quantity than the one before; only the last has no end."),
    Wrong.NOT_OPEN: _("The last tier has no end: leave its quantity empty."),
    Wrong.TOO_MANY: _("There are too many tiers."),
    Wrong.NOT_POSITIVE: _("It must be more than 0."),
    Wrong.NEGATIVE: _("It must not be less than 0."),
    Wrong.CAP_BELOW_MINIMUM: _("The cap is less than the minimum."),
    Wrong.NOT_A_PART: _("Write a percentage such as 12.5: more than 0, at most 100."),
    Wrong.METER_TWICE: _("A meter is named twice."),
    Wrong.NAME_TWICE: _("Two bundles have the same name."),
    Wrong.TOO_FEW_METERS: _("A bundle has at least two meters."),
    Wrong.NOT_PRICED: _("A bundle has only meters with a price."),
}


def _refuse(wrong: Mapping[str, Wrong]) -> serializers.ValidationError:
    return serializers.ValidationError({field: [str(WORDS[why])] for field, why in wrong.items()})


def _meter_choices() -> list[str]:
    return [meter.code for meter in METERS.values()]


class TierInput(StrictSerializer):
    """Without `up_to` the tier has no end."""

    up_to = PriceField(required=False, default=None, allow_null=True)
    price = PriceField()


class PriceInput(StrictSerializer):
    """`unit_price` for every kind but those with tiers; the tiers of money are per mille."""

    meter = serializers.ChoiceField(choices=[])
    kind = serializers.ChoiceField(choices=[str(kind) for kind in PriceKind])
    unit_price = PriceField(required=False)
    allowance = PriceField(required=False, default=Decimal(0))
    tiers = TierInput(many=True, required=False, max_length=TIERS_MAX)  # type: ignore[call-arg]  # goes to the list
    package_size = PriceField(required=False, default=None, allow_null=True)
    minimum = AmountField(required=False, default=None, allow_null=True, allow_zero=True)
    cap = AmountField(required=False, default=None, allow_null=True, allow_zero=True)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        # Apps register their meters at start, perhaps after this module is read.
        fields["meter"] = serializers.ChoiceField(choices=_meter_choices())
        return fields

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        kind = PriceKind(attrs["kind"])
        if not kind.is_tiered and "unit_price" not in attrs:
            raise _refuse({"unit_price": Wrong.MISSING})
        tiers = tuple(Tier(row["up_to"], row["price"]) for row in attrs.get("tiers", ()))
        given = {"unit_price": Decimal(0)} | attrs | {"kind": kind, "tiers": tiers}
        try:
            return {"price": Price(**given)}
        except TermsWrong as error:
            raise _refuse(error.wrong) from None


@extend_schema_field({"type": "string"})
class BundledMeterField(serializers.ChoiceField):
    """A meter of a bundle: one of those that a price may name, whose list the API's document gives there."""


class BundleInput(StrictSerializer):
    name = TextField(max_length=80)
    meters = serializers.ListField(child=BundledMeterField(choices=[]), max_length=50)
    percent = PercentField()

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        meter = BundledMeterField(choices=_meter_choices())
        fields["meters"] = serializers.ListField(child=meter, max_length=50)
        return fields


class DiscountInput(StrictSerializer):
    level = serializers.ChoiceField(choices=Level.values)
    percent = PercentField()


class TermsInput(StrictSerializer):
    """What a tariff charges by; a meter without a price is not charged."""

    prices = PriceInput(
        many=True, allow_empty=False, max_length=50,  # type: ignore[call-arg]  # goes to the list
        error_messages={"empty": _("Enter at least one price.")},
    )  # fmt: skip
    bundles = BundleInput(many=True, required=False, max_length=_BUNDLES_MAX)  # type: ignore[call-arg]
    discounts = DiscountInput(many=True, required=False, max_length=len(Level.values))  # type: ignore[call-arg]
    minimum = AmountField(required=False, default=None, allow_null=True, allow_zero=True)
    cap = AmountField(required=False, default=None, allow_null=True, allow_zero=True)

    def validate_discounts(self, rows: list[dict[str, Any]]) -> dict[str, Decimal]:
        if len({row["level"] for row in rows}) != len(rows):
            raise serializers.ValidationError(_("A level is named twice."))
        return {row["level"]: row["percent"] for row in rows}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        bundles = [Bundle(row["name"], tuple(row["meters"]), row["percent"]) for row in attrs.pop("bundles", ())]
        prices = tuple(row["price"] for row in attrs.pop("prices"))
        discounts, minimum, cap = attrs.pop("discounts", {}), attrs.pop("minimum"), attrs.pop("cap")
        try:
            return {**attrs, "terms": Tariff(prices, tuple(bundles), discounts, minimum, cap)}
        except TermsWrong as error:
            raise _refuse(error.wrong) from None


class TariffInput(TermsInput):
    name = TextField(max_length=80)
    valid_from = DayField()
    document_number = TextField(max_length=80)
    notice_days = WholeField(max_value=NOTICE_DAYS_MAX, required=False, default=0)


class VerifyTariffInput(StrictSerializer):
    document_number = TextField(max_length=80)


class WithdrawTariffInput(StrictSerializer):
    reason = TextField(max_length=200)


class CopyQuery(StrictSerializer):
    copy = WholeField(min_value=1, required=False)


class ExampleQuery(FormInput):
    """Quantities of a worked example, a field `quantity-<meter>` for each meter; read as quantities by meter."""

    level = serializers.ChoiceField(choices=Level.values, required=False)

    def get_fields(self) -> dict[str, Any]:
        quantities = {f"quantity-{code}": PriceField(required=False) for code in _meter_choices()}
        return super().get_fields() | quantities

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return {name.removeprefix("quantity-"): value for name, value in attrs.items()}


class TierSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads Tier
    up_to = PriceField(allow_null=True)
    price = PriceField()


class PriceSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads Price
    meter = serializers.CharField()
    kind = serializers.CharField()
    per = serializers.SerializerMethodField(help_text="How many units a price is for.")
    unit_price = serializers.DecimalField(max_digits=18, decimal_places=4)
    allowance = serializers.DecimalField(max_digits=18, decimal_places=4)
    tiers = TierSerializer(many=True)
    package_size = serializers.DecimalField(max_digits=18, decimal_places=4, allow_null=True)
    minimum = AmountField(allow_zero=True, allow_null=True)
    cap = AmountField(allow_zero=True, allow_null=True)

    def get_per(self, price: Price) -> int:
        return int(priced_per(price))


class BundleSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads Bundle
    name = serializers.CharField()
    meters = serializers.ListField(child=serializers.CharField())
    percent = PercentField()


class _Terms(serializers.Serializer):  # type: ignore[type-arg]  # reads what has terms
    notice_days = serializers.IntegerField()
    lines = PriceSerializer(many=True)
    bundles = BundleSerializer(source="terms.bundles", many=True)
    discounts = serializers.DictField(child=PercentField(), source="terms.discounts")
    minimum = AmountField(source="terms.minimum", allow_zero=True, allow_null=True)
    cap = AmountField(source="terms.cap", allow_zero=True, allow_null=True)


class TariffSerializer(_Terms):
    """Reads TariffView."""

    version = serializers.IntegerField()
    name = serializers.CharField()
    valid_from = serializers.DateField()
    document_number = serializers.CharField()
    is_demo = serializers.BooleanField()
    is_verified = serializers.BooleanField()


class TariffRowSerializer(_Terms):
    """Reads TariffRow."""

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
    superseded_by = serializers.IntegerField(allow_null=True)

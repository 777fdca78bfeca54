"""What years, budgets, subscriptions and shares take and show."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from kernel.inputs import AmountField, CodeField, DayField, FormInput, StrictSerializer, TextField, WholeField
from shared_apps.fees.rules.forecast import Basis
from shared_apps.fees.rules.months import FIRST_YEAR, LAST_YEAR
from shared_apps.fees.rules.states import StatementState
from shared_apps.fees.selectors.overview import Look, Order
from shared_apps.fees.serializers.fields import MonthField, PercentField

PAYERS_MAX = 4


class YearQuery(StrictSerializer):
    year = WholeField(min_value=FIRST_YEAR + 1, max_value=LAST_YEAR - 1, required=False)


class OverviewQuery(YearQuery):
    q = TextField(max_length=40, required=False, allow_blank=True, default="")
    supervisor = CodeField(max_length=30, required=False, default="")
    look = serializers.ChoiceField(choices=[str(one) for one in Look], required=False, default="")
    sort = serializers.ChoiceField(choices=[str(one) for one in Order], required=False, default=str(Order.CODE))

    def to_internal_value(self, data: Any) -> Any:
        # A filter form sends its empty fields along.
        return super().to_internal_value({key: value for key, value in data.items() if value != ""})


class BudgetInput(FormInput):
    """A change of a budget tells its reason; the first one needs none."""

    year = WholeField(min_value=FIRST_YEAR, max_value=LAST_YEAR)
    amount = AmountField(allow_zero=True)
    budget_reference = TextField(max_length=80)
    reason = TextField(max_length=200, required=False, allow_blank=True, default="")


class PartInput(StrictSerializer):
    payer_code = CodeField(max_length=30)
    percent = PercentField()


class ShareRuleInput(StrictSerializer):
    """Parts in per cent by payer: a mall's code or `region`; 100 together."""

    valid_from = DayField()
    document_number = TextField(max_length=80)
    parts = PartInput(many=True, allow_empty=False, max_length=PAYERS_MAX)  # type: ignore[call-arg]  # goes to the list

    def validate_parts(self, rows: list[dict[str, Any]]) -> dict[str, Decimal]:
        if len({row["payer_code"] for row in rows}) != len(rows):
            raise serializers.ValidationError(_("A payer is named twice."))
        return {row["payer_code"]: row["percent"] for row in rows}


class WithdrawShareRuleInput(StrictSerializer):
    reason = TextField(max_length=200)


class BudgetSetSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads BudgetSet
    version = serializers.IntegerField()
    amount = AmountField(allow_zero=True)
    budget_reference = serializers.CharField()
    reason = serializers.CharField()
    set_by_name = serializers.CharField()
    set_at = serializers.DateTimeField()


class MonthOfYearSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads MonthOfYear
    month = MonthField()
    basis = serializers.ChoiceField(choices=[str(basis) for basis in Basis])
    state = serializers.ChoiceField(choices=[str(state) for state in StatementState])
    statement = serializers.CharField(source="number")
    total = serializers.DecimalField(max_digits=18, decimal_places=2, allow_null=True)
    own = serializers.DecimalField(max_digits=18, decimal_places=2)
    so_far = serializers.DecimalField(max_digits=18, decimal_places=2)
    tariff_version = serializers.IntegerField(allow_null=True)


class CollectedSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads Collected
    issued = serializers.IntegerField()
    issued_amount = serializers.DecimalField(max_digits=18, decimal_places=2)
    disputed = serializers.IntegerField()
    overdue = serializers.IntegerField()
    settled = serializers.IntegerField()
    settled_amount = serializers.DecimalField(max_digits=18, decimal_places=2)


class MallYearSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads YearOfMall
    """A row of the region's list. What a mall's own level bears; `percent` of its budget is used."""

    tenant_code = serializers.CharField(source="tenant.code")
    tenant_name = serializers.CharField(source="tenant.name")
    year = serializers.IntegerField()
    budget = BudgetSetSerializer(allow_null=True)
    used = serializers.DecimalField(max_digits=18, decimal_places=2)
    this_month = serializers.DecimalField(max_digits=18, decimal_places=2)
    forecast = serializers.DecimalField(max_digits=18, decimal_places=2)
    percent = serializers.IntegerField(allow_null=True)
    is_short = serializers.BooleanField()
    collected = CollectedSerializer()


class YearOfMallSerializer(MallYearSerializer):
    months = MonthOfYearSerializer(many=True)
    next_year = serializers.DecimalField(max_digits=18, decimal_places=2)


class SumsSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads Sums
    malls = serializers.IntegerField()
    this_month = serializers.DecimalField(max_digits=18, decimal_places=2)
    used = serializers.DecimalField(max_digits=18, decimal_places=2)
    budget = serializers.DecimalField(max_digits=18, decimal_places=2)
    forecast = serializers.DecimalField(max_digits=18, decimal_places=2)
    issued = serializers.DecimalField(max_digits=18, decimal_places=2)
    settled = serializers.DecimalField(max_digits=18, decimal_places=2)


class SupervisedSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads Supervised
    supervisor_code = serializers.CharField(source="code")
    supervisor_name = serializers.CharField(source="name")
    sums = SumsSerializer()
    malls = MallYearSerializer(many=True, source="rows")


class OverviewSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads Overview
    year = serializers.IntegerField()
    sums = SumsSerializer()
    groups = SupervisedSerializer(many=True)


class StandingSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads Standing
    """Days [first, until); `until` null: still on."""

    first = serializers.DateField()
    until = serializers.DateField(allow_null=True)


class SwitchedSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads Switched
    meter = serializers.CharField(source="meter.code")
    is_on = serializers.BooleanField()
    periods = StandingSerializer(many=True)


class AcceptedSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads Accepted
    version = serializers.IntegerField()
    accepted_at = serializers.DateTimeField()
    accepted_by_name = serializers.CharField()


class TariffNameSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads TariffName
    version = serializers.IntegerField()
    name = serializers.CharField()
    valid_from = serializers.DateField()
    is_demo = serializers.BooleanField()


class CostPartSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads Part
    payer_code = serializers.CharField()
    payer_name = serializers.CharField()
    percent = serializers.DecimalField(max_digits=6, decimal_places=3)


class SubscriptionSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads Subscription
    tenant_code = serializers.CharField(source="tenant.code")
    tenant_name = serializers.CharField(source="tenant.name")
    year = serializers.IntegerField()
    mall = SwitchedSerializer(allow_null=True)
    modules = SwitchedSerializer(many=True)
    in_force = TariffNameSerializer(allow_null=True)
    is_accepted = serializers.BooleanField()
    accepted = AcceptedSerializer(many=True)
    coming = TariffNameSerializer(many=True)
    shares = CostPartSerializer(many=True)


class ShareRuleSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads ShareRule
    rule_id = serializers.IntegerField()
    tenant_code = serializers.CharField()
    valid_from = serializers.DateField()
    document_number = serializers.CharField()
    parts = CostPartSerializer(many=True)
    entered_by_name = serializers.CharField()
    entered_at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    withdrawn_reason = serializers.CharField()

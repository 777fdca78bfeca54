"""Comparisons of tariffs as pages and API ask for and show them."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from kernel.inputs import CodeField, FormInput, WholeField
from shared_apps.fees.rules.comparing import LAST_12
from tenants.divisions.models import Level

_YEAR = re.compile(r"2[01][0-9]{2}")


class CompareQuery(FormInput):
    """Without `old` each month by the tariff that was in force in it. `period`: last12 or a fiscal year."""

    old = WholeField(min_value=1, required=False, allow_null=True, default=None)
    new = WholeField(min_value=1, required=False)
    period = CodeField(required=False, default=LAST_12, max_length=6)
    level = serializers.ChoiceField(choices=Level.values, required=False, allow_blank=True, default="")

    def validate_period(self, value: str) -> str:
        if value != LAST_12 and _YEAR.fullmatch(value) is None:
            raise serializers.ValidationError(_("Write last12 or a year such as 2026."))
        return value


class ApiCompareQuery(CompareQuery):
    new = WholeField(min_value=1)


class FeeChangeSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads Change
    before = serializers.DecimalField(max_digits=20, decimal_places=2)
    after = serializers.DecimalField(max_digits=20, decimal_places=2)
    change = serializers.DecimalField(max_digits=20, decimal_places=2)


class MonthChangeSerializer(FeeChangeSerializer):
    month = serializers.DateField()


class MallChangeSerializer(FeeChangeSerializer):
    code = serializers.CharField()
    name = serializers.CharField()
    level = serializers.CharField()
    months = MonthChangeSerializer(many=True)


class LevelChangeSerializer(FeeChangeSerializer):
    level = serializers.CharField()


class MeterChangeSerializer(FeeChangeSerializer):
    meter = serializers.CharField()


class ComparisonSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads a mapping
    old = serializers.IntegerField(allow_null=True)
    new = serializers.IntegerField()
    period = serializers.CharField()
    total = FeeChangeSerializer()
    months = MonthChangeSerializer(many=True)
    levels = LevelChangeSerializer(many=True)
    meters = MeterChangeSerializer(many=True)
    malls = MallChangeSerializer(many=True)
    unused = serializers.IntegerField()

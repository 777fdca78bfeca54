"""Inputs and read models of plans, draws and checks."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from kernel.inputs import CodeField, DayField, StrictSerializer, TextField, UsccField, WholeField
from shared_apps.agencies.rules.checks import DRAW_MAX, CheckItem

_ITEMS = [item.value for item in CheckItem]


class PlanInput(StrictSerializer):
    """`owner_code` is the own level's mall; empty for the region."""

    year = WholeField(min_value=2018, max_value=2100)
    owner_code = CodeField(max_length=30, required=False, allow_blank=True, default="")
    title = TextField(max_length=120)
    note = TextField(max_length=1000, multiline=True, required=False, allow_blank=True, default="")


class DrawInput(StrictSerializer):
    wanted = WholeField(min_value=1, max_value=DRAW_MAX)


class OrderCheckInput(StrictSerializer):
    uscc = UsccField()
    reason = TextField(max_length=300)


class RecordInput(StrictSerializer):
    """Items with a finding, items that do not apply; all others are in order."""

    default_error_messages = {"twice": _("An item was named more than once.")}

    findings = serializers.ListField(
        child=serializers.ChoiceField(choices=_ITEMS), required=False, default=list, max_length=len(_ITEMS)
    )
    not_applicable = serializers.ListField(
        child=serializers.ChoiceField(choices=_ITEMS), required=False, default=list, max_length=len(_ITEMS)
    )
    notes = TextField(max_length=2000, multiline=True, required=False, allow_blank=True, default="")
    due_on = DayField(required=False, allow_null=True, default=None)

    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value(_without_empty_day(data))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        for name in ("findings", "not_applicable"):
            if len(set(attrs[name])) != len(attrs[name]):
                raise serializers.ValidationError({name: [self.error_messages["twice"]]})
        return attrs


class RectifiedInput(StrictSerializer):
    rectification = TextField(max_length=1000, multiline=True)


class DecisionInput(StrictSerializer):
    decision = serializers.ChoiceField(choices=("accept", "send_back", "close_unmended", "cancel"))
    note = TextField(max_length=500, multiline=True, required=False, allow_blank=True, default="")
    due_on = DayField(required=False, allow_null=True, default=None)

    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value(_without_empty_day(data))


def _without_empty_day(data: Any) -> Any:
    """A form sends its day along even where none was chosen."""
    if hasattr(data, "getlist") and data.getlist("due_on") == [""]:
        data = data.copy()
        del data["due_on"]
    return data


class PlanSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    year = serializers.IntegerField()
    owner_code = serializers.CharField()
    owner_name = serializers.CharField()
    title = serializers.CharField()
    note = serializers.CharField()
    made_at = serializers.DateTimeField()


class CheckSerializer(serializers.Serializer[Any]):
    """A check; findings and what does not apply are items of the checklist."""

    id = serializers.IntegerField()
    plan_id = serializers.IntegerField()
    agency_id = serializers.IntegerField()
    agency_name = serializers.CharField(source="agency.name")
    method = serializers.CharField()
    draw_id = serializers.IntegerField(allow_null=True)
    state = serializers.CharField()
    findings = serializers.ListField(child=serializers.CharField())
    not_applicable = serializers.ListField(child=serializers.CharField())
    notes = serializers.CharField()
    checked_at = serializers.DateTimeField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    rectification = serializers.CharField()
    decision_note = serializers.CharField()
    closed_at = serializers.DateTimeField(allow_null=True)


class PlanViewSerializer(serializers.Serializer[Any]):
    plan = PlanSerializer(source="row")
    checks = CheckSerializer(many=True)
    pool_size = serializers.IntegerField()


class CheckViewSerializer(serializers.Serializer[Any]):
    """A check as the caller sees it; `may` names what the caller can do with it now."""

    check_made = CheckSerializer(source="row")
    may = serializers.ListField(child=serializers.CharField())


class DrawSerializer(serializers.Serializer[Any]):
    """A draw whole: order = pool sorted by SM3(seed, "|", code); the first `wanted` are drawn."""

    id = serializers.IntegerField()
    plan_id = serializers.IntegerField()
    number = serializers.IntegerField()
    rule = serializers.CharField()
    pool = serializers.ListField(child=serializers.CharField())
    pool_hash = serializers.CharField()
    seed = serializers.CharField()
    wanted = serializers.IntegerField()
    drawn = serializers.ListField(child=serializers.CharField())
    drawn_at = serializers.DateTimeField()


class DrawViewSerializer(serializers.Serializer[Any]):
    draw = DrawSerializer(source="row")
    order = serializers.ListField(child=serializers.CharField())
    is_right = serializers.BooleanField()


class PublishedCheckSerializer(serializers.Serializer[Any]):
    """A result as the agency's public page shows it: without the checkers' notes."""

    plan = serializers.CharField(source="plan.title")
    year = serializers.IntegerField(source="plan.year")
    owner = serializers.CharField(source="plan.owner_name")
    method = serializers.CharField()
    draw_id = serializers.IntegerField(allow_null=True)
    state = serializers.CharField()
    findings = serializers.ListField(child=serializers.CharField())
    closed_at = serializers.DateTimeField()

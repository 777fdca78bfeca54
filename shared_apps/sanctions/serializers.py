"""Inputs that pages and API share, and what the API shows."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from kernel.inputs import AmountField, CodeField, DayField, StrictSerializer, TextField, UsccField, WholeField
from shared_apps.sanctions.causes import CAUSES
from shared_apps.sanctions.parties import PARTIES
from shared_apps.sanctions.rules import PUBLIC_STATES, LiftGround, SanctionState, Scope

DIVISIONS_MAX = 200


class PublicListInput(StrictSerializer):
    q = TextField(max_length=60, required=False, allow_blank=True, default="")
    state = serializers.ChoiceField(
        choices=[state.value for state in PUBLIC_STATES], required=False, allow_blank=True, default=""
    )
    kind = serializers.ChoiceField(choices=[], required=False, allow_blank=True, default="")
    page = WholeField(min_value=1, max_value=10_000, required=False, default=1)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        # Apps register their kinds at start, perhaps after this module is read.
        fields["kind"] = serializers.ChoiceField(
            choices=[kind.code for kind in PARTIES.values()], required=False, allow_blank=True, default=""
        )
        return fields


class KeptListInput(StrictSerializer):
    q = TextField(max_length=60, required=False, allow_blank=True, default="")
    state = serializers.ChoiceField(
        choices=[state.value for state in SanctionState], required=False, allow_blank=True, default=""
    )
    page = WholeField(min_value=1, max_value=10_000, required=False, default=1)


class EnterSanctionInput(StrictSerializer):
    """What the decision says; an amount that is left out is not known."""

    party_kind = serializers.ChoiceField(choices=[])
    party_code = UsccField()
    party_name = TextField(max_length=120)
    cause = serializers.ChoiceField(choices=[cause.code for cause in CAUSES.values()])
    scope = serializers.ChoiceField(choices=[scope.value for scope in Scope])
    scope_divisions = serializers.ListField(
        child=CodeField(max_length=6), required=False, default=list, max_length=DIVISIONS_MAX
    )
    purchase_amount = AmountField(required=False, allow_null=True, default=None)
    fine_amount = AmountField(allow_zero=True, required=False, allow_null=True, default=None)
    decision_number = TextField(max_length=80)
    decided_on = DayField()
    decided_by = TextField(max_length=80)
    starts_on = DayField()
    last_on = DayField()
    level = CodeField(max_length=30, required=False)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        fields["party_kind"] = serializers.ChoiceField(choices=[kind.code for kind in PARTIES.values()])
        return fields


class LiftSanctionInput(StrictSerializer):
    ground = serializers.ChoiceField(choices=[ground.value for ground in LiftGround])
    number = TextField(max_length=80)
    decided_on = DayField()
    decided_by = TextField(max_length=80)


class AnnulSanctionInput(StrictSerializer):
    reason = TextField(max_length=300)


class CauseSerializer(serializers.Serializer[Any]):
    """A situation of the law, word for word."""

    code = serializers.CharField()
    party_kind = serializers.CharField()
    citation = serializers.CharField()
    words = serializers.CharField()
    ban_years_min = serializers.IntegerField()
    ban_years_max = serializers.IntegerField()


class SanctionSerializer(serializers.Serializer[Any]):
    """A ban as the public list shows it. An amount of null is not known."""

    id = serializers.IntegerField()
    reference = serializers.CharField()
    party_kind = serializers.CharField()
    party_code = serializers.CharField()
    party_name = serializers.CharField()
    cause = serializers.CharField(source="cause_code")
    citation = serializers.CharField()
    words = serializers.CharField()
    scope = serializers.CharField()
    scope_divisions = serializers.ListField(child=serializers.CharField())
    purchase_amount = AmountField(allow_zero=True, allow_null=True)
    fine_amount = AmountField(allow_zero=True, allow_null=True)
    decision_number = serializers.CharField()
    decided_on = serializers.DateField()
    decided_by = serializers.CharField()
    starts_on = serializers.DateField()
    last_on = serializers.DateField()
    returns_on = serializers.DateField()
    state = serializers.CharField()
    ended_at = serializers.DateTimeField(allow_null=True)
    lift_ground = serializers.CharField()
    lift_number = serializers.CharField()
    lift_decided_on = serializers.DateField(allow_null=True)
    lift_decided_by = serializers.CharField()
    lifted_at = serializers.DateTimeField(allow_null=True)
    annulled_reason = serializers.CharField()
    annulled_at = serializers.DateTimeField(allow_null=True)


class SanctionListSerializer(serializers.Serializer[Any]):
    """A page of the public list."""

    rows = SanctionSerializer(many=True)
    total = serializers.IntegerField()
    page = serializers.IntegerField()
    pages = serializers.IntegerField()


class SanctionWorkSerializer(serializers.Serializer[Any]):
    """A ban as those who keep it see it."""

    sanction = SanctionSerializer()
    level = serializers.CharField(source="sanction.level")
    entered_by_name = serializers.CharField()
    entered_at = serializers.DateTimeField()
    put_in_force_by_name = serializers.CharField()
    lifted_by_name = serializers.CharField()
    annulled_by_name = serializers.CharField()

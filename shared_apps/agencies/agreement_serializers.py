"""Inputs and read models of agreements and evaluations."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from kernel.inputs import DayField, KeyField, StrictSerializer, TextField, UsccField, WholeField
from shared_apps.agencies.rules.agreements import AgreementState
from shared_apps.agencies.rules.evaluations import SCORE_MAX, SCORE_MIN
from shared_apps.agencies.services import Terms

SUPPLIERS_MAX = 100


class AgreementInput(StrictSerializer):
    """What an agreement must name (Government Procurement Law art. 20)."""

    purchaser_id = KeyField()
    uscc = UsccField()
    subject = TextField(max_length=200)
    scope = TextField(max_length=1000, multiline=True)
    powers = TextField(max_length=1000, multiline=True)
    signed_on = DayField()
    starts_on = DayField()
    ends_on = DayField()
    files_clause = TextField(max_length=1000, multiline=True)
    fee_rule = TextField(max_length=1000, multiline=True)
    ending_clause = TextField(max_length=1000, multiline=True)
    breach_clause = TextField(max_length=1000, multiline=True)


def terms_of(given: dict[str, Any]) -> Terms:
    return Terms(**{name: value for name, value in given.items() if name not in {"purchaser_id", "uscc"}})


class CompleteInput(StrictSerializer):
    """The suppliers that took part, by credit code; they may evaluate the agency."""

    supplier_codes = serializers.ListField(child=UsccField(), required=False, default=list, max_length=SUPPLIERS_MAX)


class ReasonInput(StrictSerializer):
    reason = TextField(max_length=500, multiline=True)


class EvaluationInput(StrictSerializer):
    score = WholeField(min_value=SCORE_MIN, max_value=SCORE_MAX)
    comment = TextField(max_length=500, multiline=True, required=False, allow_blank=True, default="")


class AnswerInput(StrictSerializer):
    answer = TextField(max_length=500, multiline=True)


class AppealDecisionInput(StrictSerializer):
    decision = serializers.ChoiceField(choices=("keep", "set_aside"))
    reason = TextField(max_length=500, multiline=True)


class AgreementQuery(StrictSerializer):
    q = TextField(max_length=60, required=False, allow_blank=True, default="")
    state = serializers.ChoiceField(
        choices=[state.value for state in AgreementState], required=False, allow_blank=True, default=""
    )
    appealed = serializers.BooleanField(required=False, default=False)


class AgreementSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    number = serializers.CharField()
    agency_id = serializers.IntegerField()
    agency_name = serializers.CharField(source="agency.name")
    tenant_code = serializers.CharField()
    purchaser_name = serializers.CharField()
    subject = serializers.CharField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    state = serializers.CharField()
    filed_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    end_reason = serializers.CharField()
    ban_reference = serializers.CharField()
    evaluation_due_on = serializers.DateField(allow_null=True)


class WholeAgreementSerializer(AgreementSerializer):
    scope = serializers.CharField()
    powers = serializers.CharField()
    signed_on = serializers.DateField()
    files_clause = serializers.CharField()
    fee_rule = serializers.CharField()
    ending_clause = serializers.CharField()
    breach_clause = serializers.CharField()


class EvaluationSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    role = serializers.CharField()
    organisation_name = serializers.CharField()
    score = serializers.IntegerField()
    comment = serializers.CharField()
    given_at = serializers.DateTimeField()
    state = serializers.CharField()
    answer = serializers.CharField()
    appeal_reason = serializers.CharField()
    decision_reason = serializers.CharField()


class ParticipantSerializer(serializers.Serializer[Any]):
    uscc = serializers.CharField()
    name = serializers.CharField()


class AgreementViewSerializer(serializers.Serializer[Any]):
    """An agreement as the caller sees it; `may` names what the caller can do with it now."""

    agreement = WholeAgreementSerializer(source="row")
    participants = ParticipantSerializer(many=True)
    evaluations = EvaluationSerializer(many=True)
    may = serializers.ListField(child=serializers.CharField())

"""What disputes take in and show, the same for API and pages. Papers are sent by the pages."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from kernel.inputs import KeyField, StrictSerializer, TextField
from tenant_apps.disputes.rules import DisputeState
from tenant_apps.disputes.words import SIDES, STATES
from tenant_apps.orders.dispute_rules import GOES_ON
from tenant_apps.orders.serializers import VersionInput

OUTCOMES = (*GOES_ON.values(), "settle_part", "terminate")


class DisputeOpenInput(VersionInput):
    text = TextField(max_length=1000, multiline=True)


class DisputeStatementInput(StrictSerializer):
    text = TextField(max_length=1000, multiline=True)


class DisputeDecideInput(StrictSerializer):
    """`outcome` is an action of the order's table."""

    outcome = serializers.ChoiceField(choices=OUTCOMES)
    conclusion = TextField(max_length=1000, multiline=True)


class DisputeQuery(StrictSerializer):
    """Filters of the list. `after` is the `next_after` of the page before."""

    state = serializers.ChoiceField(choices=[state.value for state in DisputeState], required=False, allow_blank=True)
    search = TextField(max_length=60, required=False, allow_blank=True)
    after = KeyField(required=False)


class DisputeSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    order_id = serializers.IntegerField()
    order_number = serializers.CharField()
    unit_name = serializers.CharField()
    supplier_name = serializers.CharField()
    state = serializers.ChoiceField(choices=[state.value for state in DisputeState])
    state_label = serializers.SerializerMethodField()
    opened_by = serializers.CharField()
    opened_at = serializers.DateTimeField()
    statement_due_at = serializers.DateTimeField()
    mediation_due_at = serializers.DateTimeField()
    mediator_name = serializers.CharField()
    outcome = serializers.CharField()
    conclusion = serializers.CharField()
    settled_at = serializers.DateTimeField(allow_null=True)

    def get_state_label(self, dispute: Any) -> str:
        return str(STATES[dispute.state][0])


class DisputeStatementSerializer(serializers.Serializer[Any]):
    side = serializers.CharField()
    side_label = serializers.SerializerMethodField()
    text = serializers.CharField()
    paper_key = serializers.CharField()
    paper_name = serializers.CharField()
    stated_by_name = serializers.CharField()
    stated_at = serializers.DateTimeField()

    def get_side_label(self, row: Any) -> str:
        return str(SIDES[row.side])


class DisputeListSerializer(serializers.Serializer[Any]):
    disputes = DisputeSerializer(many=True)
    next_after = serializers.IntegerField(allow_null=True)


class DisputeFileSerializer(serializers.Serializer[Any]):
    dispute = DisputeSerializer()
    statements = DisputeStatementSerializer(many=True)
    outcomes = serializers.ListField(child=serializers.CharField())

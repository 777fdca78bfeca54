"""What payments take in, the same for API and pages."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kernel.inputs import KeyField, StrictSerializer, TextField
from tenant_apps.orders.serializers import VersionInput
from tenant_apps.payments.rules import InstructionState


@extend_schema_field({"type": "string", "pattern": "^[0-9]{8,32}$", "example": "6501000011112200"})
class AccountField(serializers.Field[str, str, str, Any]):
    """A bank account: ASCII digits, as text."""

    default_error_messages = {"invalid": _("Write the account in 8 to 32 digits.")}
    pattern = re.compile(r"[0-9]{8,32}")

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or self.pattern.fullmatch(data) is None:
            self.fail("invalid")
        return data

    def to_representation(self, value: str) -> str:
        return value


class RequestPaymentInput(VersionInput):
    """The payee is always the order's supplier; this says which of its accounts."""

    payee_bank = TextField(max_length=80)
    payee_account = AccountField()


class InstructionQuery(StrictSerializer):
    """Filters of the list. `after` is the `next_after` of the page before."""

    state = serializers.ChoiceField(choices=[state.value for state in InstructionState], required=False)
    after = KeyField(required=False)


class InstructionSerializer(serializers.Serializer[Any]):
    """One instruction; the account is shown by its last four digits except to the payer's side."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    order_id = serializers.IntegerField()
    order_number = serializers.CharField()
    state = serializers.ChoiceField(choices=[state.value for state in InstructionState])
    state_reason = serializers.CharField()
    amount = serializers.DecimalField(max_digits=18, decimal_places=2)
    unit_id = serializers.IntegerField()
    unit_name = serializers.CharField()
    payee_code = serializers.CharField()
    payee_name = serializers.CharField()
    payee_bank = serializers.CharField()
    payee_account = serializers.CharField()
    simulated = serializers.BooleanField()
    provider_reference = serializers.CharField()
    attempts = serializers.IntegerField()
    requested_by_name = serializers.CharField()
    requested_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)
    settled_at = serializers.DateTimeField(allow_null=True)


class InstructionListSerializer(serializers.Serializer[Any]):
    instructions = InstructionSerializer(many=True)
    next_after = serializers.IntegerField(allow_null=True)

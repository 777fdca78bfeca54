"""What payments take in, the same for API and pages."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kernel.inputs import KeyField, StrictSerializer, TextField, WholeField
from kernel.posts import Post
from tenant_apps.orders.fulfilment_inputs import FlagField
from tenant_apps.orders.payment_clock import AGREED_DAYS_MOST, SME_PAYMENT_DAYS
from tenant_apps.orders.payments_due import TABS
from tenant_apps.orders.serializers import VersionInput
from tenant_apps.payments.rules import InstructionState, InterestState, TermState


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


class DueQuery(StrictSerializer):
    """`tab`: overdue, soon (within a week), in_time, late (paid after the last day), or year_end (overdue and not paid
    on the last 31 December). `after` is `next_after`.
    """

    tab = serializers.ChoiceField(choices=list(TABS), required=False, default="overdue")
    search = TextField(max_length=60, required=False, allow_blank=True)
    after = WholeField(min_value=1, max_value=1_000_000, required=False)


class AskInterestInput(StrictSerializer):
    """The amount is counted, not entered."""

    budget_line_id = KeyField()
    payee_bank = TextField(max_length=80)
    payee_account = AccountField()


class PayInterestAgainInput(StrictSerializer):
    payee_bank = TextField(max_length=80)
    payee_account = AccountField()


class DecideInterestInput(StrictSerializer):
    """A rejection owes its reason."""

    agrees = FlagField()
    reason = TextField(max_length=300, required=False, allow_blank=True, default="", multiline=True)


class NoInput(StrictSerializer):
    pass


class InterestPaymentSerializer(serializers.Serializer[Any]):
    """One payment of late interest: `amount` is 0.05 % of `principal` a late day, less `paid_before`."""

    id = serializers.IntegerField()
    order_id = serializers.IntegerField()
    state = serializers.ChoiceField(choices=[state.value for state in InterestState])
    state_reason = serializers.CharField(allow_blank=True)
    principal = serializers.DecimalField(max_digits=18, decimal_places=2)
    last_on = serializers.DateField()
    paid_on = serializers.DateField()
    days_late = serializers.IntegerField()
    paid_before = serializers.DecimalField(max_digits=18, decimal_places=2)
    amount = serializers.DecimalField(max_digits=18, decimal_places=2)
    asked_by_name = serializers.CharField()
    asked_at = serializers.DateTimeField()
    approved_by_name = serializers.CharField(allow_blank=True)
    approved_at = serializers.DateTimeField(allow_null=True)
    paid_at = serializers.DateTimeField(allow_null=True)


class InterestSerializer(serializers.Serializer[Any]):
    """Late interest of an order that was paid late; all 0 and no payments where nothing is owed."""

    days_late = serializers.IntegerField()
    interest = serializers.DecimalField(max_digits=18, decimal_places=2)
    paid = serializers.DecimalField(max_digits=18, decimal_places=2)
    left = serializers.DecimalField(max_digits=18, decimal_places=2)
    payments = InterestPaymentSerializer(many=True)


class AskTermInput(StrictSerializer):
    days = WholeField(min_value=SME_PAYMENT_DAYS + 1, max_value=AGREED_DAYS_MOST)
    reason = TextField(max_length=300, multiline=True)


class AnswerTermInput(StrictSerializer):
    """A refusal owes its reason."""

    agrees = FlagField()
    reason = TextField(max_length=300, required=False, allow_blank=True, default="", multiline=True)


class TermSerializer(serializers.Serializer[Any]):
    order_id = serializers.IntegerField()
    days = serializers.IntegerField()
    reason = serializers.CharField()
    state = serializers.ChoiceField(choices=[state.value for state in TermState])
    asked_by_name = serializers.CharField()
    asked_at = serializers.DateTimeField()
    answered_by_name = serializers.CharField(allow_blank=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    answer_reason = serializers.CharField(allow_blank=True)


class DueSerializer(serializers.Serializer[Any]):
    """The clock: `interest` is what the late days have cost so far, 0.05 % of the amount a day (Order 802 art. 17)."""

    last_on = serializers.DateField()
    days_left = serializers.IntegerField()
    days_late = serializers.IntegerField()
    amount = serializers.DecimalField(max_digits=18, decimal_places=2)
    interest = serializers.DecimalField(max_digits=18, decimal_places=2)


class DueRowSerializer(serializers.Serializer[Any]):
    order_id = serializers.IntegerField(source="order.pk")
    order_number = serializers.CharField(source="order.number")
    state = serializers.CharField(source="order.state")
    unit_name = serializers.CharField(source="order.unit_name")
    supplier_code = serializers.CharField(source="order.supplier_code")
    supplier_name = serializers.CharField(source="order.supplier_name")
    due = DueSerializer()


class SumsSerializer(serializers.Serializer[Any]):
    orders = serializers.IntegerField()
    amount = serializers.DecimalField(max_digits=20, decimal_places=2)
    interest = serializers.DecimalField(max_digits=20, decimal_places=2)


class DueListSerializer(serializers.Serializer[Any]):
    rows = DueRowSerializer(many=True)
    sums = serializers.DictField(child=SumsSerializer())
    next_after = serializers.IntegerField(allow_null=True)


class ClockSerializer(serializers.Serializer[Any]):
    """`due` is null before acceptance and where the law sets no term; of a paid order it is as of that day."""

    due = DueSerializer(allow_null=True)
    agreed_days = serializers.IntegerField(allow_null=True)
    waits_for = serializers.ChoiceField(choices=[post.value for post in Post], allow_null=True)
    names = serializers.ListField(child=serializers.CharField())
    term = TermSerializer(allow_null=True)

"""Stored statements, disputes, receipts and periods: what pages and API take and show."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from kernel.inputs import AmountField, CodeField, DayField, FormInput, KeyField, StrictSerializer, TextField, WholeField
from shared_apps.fees.rules.months import FIRST_YEAR, LAST_YEAR
from shared_apps.fees.rules.parameters import Period
from shared_apps.fees.rules.states import DisputeState, LineKind, StatementState
from shared_apps.fees.serializers.fields import MonthField

_STATES = [state.value for state in StatementState if state != StatementState.OPEN]


class StatementQuery(FormInput):
    year = WholeField(min_value=FIRST_YEAR, max_value=LAST_YEAR, required=False)
    month = MonthField(required=False)
    state = serializers.ChoiceField(choices=_STATES, required=False, default="")
    tenant = CodeField(max_length=30, required=False, default="")
    q = TextField(max_length=40, required=False, default="")
    page = WholeField(min_value=1, max_value=100_000, required=False, default=1)


class LineQuery(FormInput):
    q = TextField(max_length=40, required=False, default="")
    page = WholeField(min_value=1, max_value=100_000, required=False, default=1)


class CheckQuery(FormInput):
    """`check=1` makes the statement again from its events."""

    check = serializers.ChoiceField(choices=["1"], required=False, default="")


class IssueInput(StrictSerializer):
    """Which statements to issue, by their numbers."""

    statements = serializers.ListField(
        child=TextField(max_length=40), min_length=1, max_length=500,
        error_messages=dict.fromkeys(("min_length", "required"), _("Choose at least one statement.")),
    )  # fmt: skip


class CloseInput(StrictSerializer):
    month = MonthField()


class DisputeInput(FormInput):
    """`uses` are ids of the events objected to; none: the whole line."""

    reason = TextField(max_length=500, multiline=True)
    uses = serializers.ListField(child=KeyField(), required=False, default=list, max_length=1000)


class AnswerDisputeInput(FormInput):
    decision = serializers.ChoiceField(choices=["uphold", "refuse"])
    answer = TextField(max_length=500, multiline=True)
    credit = AmountField(required=False, allow_null=True, default=None)


class ReceiptInput(StrictSerializer):
    payer = TextField(max_length=30)
    receipt_number = TextField(max_length=60)
    amount = AmountField()
    paid_on = DayField()
    budget_reference = TextField(max_length=80)


class ConfirmImportInput(StrictSerializer):
    """The table that the preview has shown."""

    key = CodeField(max_length=70)


class PeriodInput(StrictSerializer):
    name = serializers.ChoiceField(choices=[name.value for name in Period])
    value = WholeField(min_value=0, max_value=366)
    valid_from = DayField()
    source = TextField(max_length=300)  # type: ignore[assignment]  # fields leave the class body


class StatementRowSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads FeeStatement
    number = serializers.CharField()
    tenant_code = serializers.CharField()
    tenant_name = serializers.CharField()
    month = MonthField()
    state = serializers.ChoiceField(choices=_STATES)
    total = serializers.DecimalField(max_digits=18, decimal_places=2, allow_null=True)
    issued_at = serializers.DateTimeField(allow_null=True)
    dispute_until = serializers.DateField(allow_null=True)
    pay_by = serializers.DateField(allow_null=True)
    seal = serializers.CharField()


class StatementListSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads a mapping
    total = serializers.DecimalField(max_digits=20, decimal_places=2)
    count = serializers.IntegerField()
    page = serializers.IntegerField()
    statements = StatementRowSerializer(many=True)


class LineSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads StatementLine
    position = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=[kind.value for kind in LineKind])
    item = serializers.CharField()
    corrects = serializers.CharField()
    for_month = MonthField()
    quantity = serializers.DecimalField(max_digits=24, decimal_places=4, allow_null=True)
    opening = serializers.DecimalField(max_digits=24, decimal_places=4, allow_null=True)
    free = serializers.DecimalField(max_digits=24, decimal_places=4, allow_null=True)
    billable = serializers.DecimalField(max_digits=24, decimal_places=4, allow_null=True)
    amount = serializers.DecimalField(max_digits=18, decimal_places=2)
    event_count = serializers.IntegerField()


class ReceiptSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads FeeReceipt
    receipt_number = serializers.CharField()
    amount = serializers.DecimalField(max_digits=18, decimal_places=2)
    paid_on = serializers.DateField()
    budget_reference = serializers.CharField()


class ShareSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads ShareView
    payer_code = serializers.CharField()
    payer_name = serializers.CharField()
    percent = serializers.DecimalField(max_digits=6, decimal_places=3)
    amount = serializers.DecimalField(max_digits=18, decimal_places=2)
    paid = serializers.DecimalField(max_digits=18, decimal_places=2)
    left = serializers.DecimalField(max_digits=18, decimal_places=2)
    receipts = ReceiptSerializer(many=True)


class DisputeSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads FeeDispute
    id = serializers.IntegerField()
    position = serializers.IntegerField(source="line.position")
    state = serializers.ChoiceField(choices=[state.value for state in DisputeState])
    reason = serializers.CharField()
    uses = serializers.ListField(child=serializers.IntegerField())
    filed_at = serializers.DateTimeField()
    answer_due_on = serializers.DateField()
    answer = serializers.CharField()
    credit = serializers.DecimalField(max_digits=18, decimal_places=2, allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)


class StoredStatementSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads StoredStatement
    statement = StatementRowSerializer(source="row")
    lines = serializers.SerializerMethodField()
    shares = ShareSerializer(many=True)
    disputes = DisputeSerializer(many=True)

    def get_lines(self, found: Any) -> list[dict[str, Any]]:
        return list(LineSerializer([line.row for line in found.lines], many=True).data)


class StatementCheckSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads Check
    agrees = serializers.BooleanField()
    lines = serializers.IntegerField()
    uses = serializers.IntegerField()
    seal = serializers.CharField()
    differences = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))


class LineUseSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads StatementUse
    id = serializers.IntegerField(source="usage_id")
    turn = serializers.IntegerField()
    at = serializers.DateTimeField(source="usage.at")
    epoch = serializers.IntegerField(source="usage.epoch")
    journal_id = serializers.IntegerField(source="usage.journal_id")
    quantity = serializers.DecimalField(source="usage.quantity", max_digits=20, decimal_places=4)
    object_type = serializers.CharField(source="usage.object_type")
    object_id = serializers.CharField(source="usage.object_id")
    facts = serializers.DictField(source="usage.facts")


class LineUsesSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads a mapping
    line = LineSerializer()
    count = serializers.IntegerField()
    page = serializers.IntegerField()
    uses = LineUseSerializer(many=True)


class ImportedSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads Imported
    recorded = serializers.SerializerMethodField()
    errors = serializers.SerializerMethodField()  # type: ignore[assignment]  # fields leave the class body

    def get_recorded(self, found: Any) -> list[dict[str, Any]]:
        return [{"row": one.number, "receipt_number": one.receipt_number} for one in found.rows]

    def get_errors(self, found: Any) -> list[dict[str, Any]]:
        return [{"row": one.row, "column": one.column, "reason": one.reason} for one in found.errors]


class ClosedSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads Closed
    metered = serializers.ListField(child=serializers.CharField())
    priced = serializers.ListField(child=serializers.CharField())
    waiting = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))


class PeriodSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads PeriodRow
    name = serializers.ChoiceField(choices=[name.value for name in Period])
    value = serializers.IntegerField()
    is_proposal = serializers.BooleanField()
    source = serializers.CharField()  # type: ignore[assignment]  # fields leave the class body
    valid_from = serializers.DateField(allow_null=True)

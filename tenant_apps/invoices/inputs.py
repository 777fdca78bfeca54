"""What invoices take in and show, the same for API and pages."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from kernel.inputs import AmountField, CodeField, DayField, KeyField, StrictSerializer, TextField
from tenant_apps.invoices.rules import InvoiceState
from tenant_apps.invoices.words import STATES
from tenant_apps.orders.fulfilment_inputs import FlagField
from tenant_apps.orders.serializers import VersionInput


class InvoiceInput(VersionInput):
    """As the invoice says; `code` is empty for a digital invoice."""

    code = TextField(max_length=12, required=False, allow_blank=True)
    number = CodeField(max_length=20)
    issued_on = DayField()
    net = AmountField()
    tax = AmountField(allow_zero=True)
    seller_name = TextField(max_length=120)
    seller_code = CodeField(max_length=18)
    buyer_name = TextField(max_length=120)
    buyer_code = TextField(max_length=18, required=False, allow_blank=True)


class InvoiceReverseInput(StrictSerializer):
    """The red-letter invoice."""

    code = TextField(max_length=12, required=False, allow_blank=True)
    number = CodeField(max_length=20)
    issued_on = DayField()
    reason = TextField(max_length=300, multiline=True)


class InvoiceRuleInput(StrictSerializer):
    needed = FlagField()
    reason = TextField(max_length=300, multiline=True)


class InvoiceQuery(StrictSerializer):
    """Filters of the list. `after` is the `next_after` of the page before."""

    state = serializers.ChoiceField(choices=[state.value for state in InvoiceState], required=False, allow_blank=True)
    search = TextField(max_length=22, required=False, allow_blank=True)
    after = KeyField(required=False)


class InvoiceSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    order_id = serializers.IntegerField()
    order_number = serializers.CharField()
    code = serializers.CharField()
    number = serializers.CharField()
    issued_on = serializers.DateField()
    net = serializers.DecimalField(max_digits=18, decimal_places=2)
    tax = serializers.DecimalField(max_digits=18, decimal_places=2)
    total = serializers.DecimalField(max_digits=18, decimal_places=2)
    seller_name = serializers.CharField()
    seller_code = serializers.CharField()
    buyer_name = serializers.CharField()
    buyer_code = serializers.CharField()
    state = serializers.ChoiceField(choices=[state.value for state in InvoiceState])
    state_label = serializers.SerializerMethodField()
    state_reason = serializers.CharField()
    red_number = serializers.SerializerMethodField()
    recorded_at = serializers.DateTimeField()

    def get_state_label(self, invoice: Any) -> str:
        return str(STATES[invoice.state][0])

    def get_red_number(self, invoice: Any) -> str:
        return str(invoice.red.number) if hasattr(invoice, "red") else ""


class InvoiceListSerializer(serializers.Serializer[Any]):
    invoices = InvoiceSerializer(many=True)
    next_after = serializers.IntegerField(allow_null=True)


class InvoiceRuleSerializer(serializers.Serializer[Any]):
    needed = serializers.BooleanField()
    reason = serializers.CharField()
    decided_by_name = serializers.CharField()
    decided_at = serializers.DateTimeField()

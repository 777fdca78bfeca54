"""What contracts take in and show, the same for API and pages."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from kernel.inputs import AmountField, CodeField, DayField, KeyField, StrictSerializer, TextField, WholeField
from tenant_apps.contracts.rules import PAYMENT_DAYS_MOST, VersionState, Withheld
from tenant_apps.contracts.selectors import TABS
from tenant_apps.contracts.words import KINDS, SIDES, SIGNATURE_STATES, STATES
from tenant_apps.orders.fulfilment_inputs import LINES_MAX, PIECES_MAX, FlagField, each_once
from tenant_apps.orders.serializers import VersionInput


class ContractReworkInput(VersionInput):
    payment_days = WholeField(min_value=1, max_value=PAYMENT_DAYS_MOST)
    delivery_on = DayField(required=False, allow_null=True)
    terms = TextField(max_length=2000, required=False, allow_blank=True, default="", multiline=True)


class ContractWithdrawInput(VersionInput):
    reason = TextField(max_length=300, multiline=True)


class ContractSignInput(VersionInput):
    """The number of the certificate or seal that signs."""

    certificate = CodeField(max_length=32)


class ContractPublishInput(VersionInput):
    """What is left out as a secret, and why."""

    withhold_models = FlagField(required=False, default=False)
    withhold_prices = FlagField(required=False, default=False)
    withhold_terms = FlagField(required=False, default=False)
    reason = TextField(max_length=300, required=False, allow_blank=True, default="", multiline=True)


class SupplementLineInput(StrictSerializer):
    """How many pieces of a line of the contract are added; 0 for none."""

    line = WholeField(min_value=1, max_value=LINES_MAX)
    quantity = WholeField(max_value=PIECES_MAX)


class SupplementInput(StrictSerializer):
    lines = SupplementLineInput(many=True, max_length=LINES_MAX)  # type: ignore[call-arg]  # of the list
    reason = TextField(max_length=300, multiline=True)

    def validate_lines(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return each_once(rows)


class SupplementOrderInput(StrictSerializer):
    order_id = KeyField()


class ContractRuleInput(StrictSerializer):
    needed = FlagField()
    from_amount = AmountField(allow_zero=True)
    reason = TextField(max_length=300, multiline=True)


class ContractQuery(StrictSerializer):
    """Filters of the list. `after` is the `next_after` of the page before."""

    state = serializers.ChoiceField(choices=[state.value for state in VersionState], required=False, allow_blank=True)
    search = TextField(max_length=60, required=False, allow_blank=True)
    after = KeyField(required=False)


class FilingQuery(StrictSerializer):
    tab = serializers.ChoiceField(choices=TABS, required=False, allow_blank=True)
    search = TextField(max_length=60, required=False, allow_blank=True)
    after = KeyField(required=False)


class PublicQuery(StrictSerializer):
    search = TextField(max_length=60, required=False, allow_blank=True)
    after = KeyField(required=False)


def as_published(data: dict[str, Any]) -> dict[str, Any]:
    """The input as the service takes it."""
    withheld = [part.value for part in Withheld if data.pop(f"withhold_{part}", False)]
    return data | {"withheld": withheld}


def as_added(data: dict[str, Any]) -> dict[str, Any]:
    """The input as the service takes it."""
    return data | {"lines": [(row["line"], row["quantity"]) for row in data["lines"]]}


class ContractVersionSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    contract_id = serializers.IntegerField()
    number = serializers.CharField()
    ordinal = serializers.IntegerField()
    kind = serializers.CharField()
    kind_label = serializers.SerializerMethodField()
    state = serializers.ChoiceField(choices=[state.value for state in VersionState])
    state_label = serializers.SerializerMethodField()
    state_reason = serializers.CharField()
    order_id = serializers.IntegerField(source="contract.order_id")
    order_number = serializers.CharField(source="contract.order_number")
    unit_name = serializers.CharField(source="contract.unit_name")
    supplier_name = serializers.CharField(source="contract.supplier_name")
    amount = serializers.DecimalField(max_digits=18, decimal_places=2)
    document_key = serializers.SerializerMethodField()
    document_sm3 = serializers.SerializerMethodField()
    signed_at = serializers.DateTimeField(allow_null=True)
    publish_due_at = serializers.DateTimeField(allow_null=True)
    published_at = serializers.DateTimeField(allow_null=True)
    file_due_at = serializers.DateTimeField(allow_null=True)
    filed_at = serializers.DateTimeField(allow_null=True)
    ordered_id = serializers.SerializerMethodField(help_text="The order that buys what a supplement adds")
    version = serializers.IntegerField()

    def get_ordered_id(self, row: Any) -> int | None:
        return row.ordered.order_id if hasattr(row, "ordered") else None

    def get_kind_label(self, row: Any) -> str:
        return str(KINDS[row.kind])

    def get_state_label(self, row: Any) -> str:
        return str(STATES[row.state][0])

    def get_document_key(self, row: Any) -> str:
        return str(row.document.file_key) if hasattr(row, "document") else ""

    def get_document_sm3(self, row: Any) -> str:
        return str(row.document.sm3) if hasattr(row, "document") else ""


class ContractListSerializer(serializers.Serializer[Any]):
    versions = ContractVersionSerializer(many=True)
    next_after = serializers.IntegerField(allow_null=True)


class SignatureSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    side = serializers.CharField()
    side_label = serializers.SerializerMethodField()
    state = serializers.CharField()
    state_label = serializers.SerializerMethodField()
    state_reason = serializers.CharField()
    signer_name = serializers.CharField()
    digest = serializers.CharField()
    provider = serializers.CharField()
    requested_at = serializers.DateTimeField()
    settled_at = serializers.DateTimeField(allow_null=True)

    def get_side_label(self, row: Any) -> str:
        return str(SIDES[row.side])

    def get_state_label(self, row: Any) -> str:
        return str(SIGNATURE_STATES[row.state][0])


class ContractSerializer(serializers.Serializer[Any]):
    """A contract whole: its versions, newest first."""

    id = serializers.IntegerField(source="contract.pk")
    number = serializers.CharField(source="contract.number")
    order_id = serializers.IntegerField(source="contract.order_id")
    versions = ContractVersionSerializer(many=True)


class PublishedContractSerializer(serializers.Serializer[Any]):
    """A published text as everybody may read it; null is what is withheld."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    kind = serializers.CharField()
    published_at = serializers.DateTimeField()
    signed_at = serializers.DateTimeField()
    document_sm3 = serializers.CharField(source="document.sm3")
    withheld = serializers.ListField(child=serializers.CharField())
    withheld_reason = serializers.CharField()
    medium_state = serializers.SerializerMethodField()
    medium_reference = serializers.SerializerMethodField()
    text = serializers.SerializerMethodField()

    def get_medium_state(self, row: Any) -> str:
        """How the designated medium has it; empty where it was not asked."""
        return str(row.announcement.state) if hasattr(row, "announcement") else ""

    def get_medium_reference(self, row: Any) -> str:
        return str(row.announcement.reference) if hasattr(row, "announcement") else ""

    def get_text(self, row: Any) -> dict[str, Any]:
        from tenant_apps.contracts.selectors import public_text

        return public_text(row)


class PublishedListSerializer(serializers.Serializer[Any]):
    versions = PublishedContractSerializer(many=True)
    next_after = serializers.IntegerField(allow_null=True)


class ContractRuleSerializer(serializers.Serializer[Any]):
    needed = serializers.BooleanField()
    from_amount = serializers.DecimalField(max_digits=18, decimal_places=2)
    reason = serializers.CharField()
    decided_by_name = serializers.CharField()
    decided_at = serializers.DateTimeField()

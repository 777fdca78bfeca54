"""Inputs and read models of the rulebook, shared by pages and API."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from kernel.inputs import AmountField, CodeField, DayField, StrictSerializer, TextField
from shared_apps.rulebook.models import RuleVersion
from shared_apps.rulebook.rules import THRESHOLDS, Kind, Level, VersionState


def _choice(values: Any, **kwargs: Any) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=[str(value) for value in values], **kwargs)


class EnterVersionInput(StrictSerializer):
    code = _choice(THRESHOLDS)
    level = _choice(Level)
    kind = _choice(Kind)
    amount = AmountField()
    inclusive = serializers.BooleanField(required=False, default=False)
    valid_from = DayField()
    document_number = TextField(max_length=80)
    document_on = DayField()
    source_text = TextField(max_length=2000, multiline=True)
    source_url = serializers.URLField(max_length=300, required=False, allow_blank=True, default="")

    def validate_source_url(self, value: str) -> str:
        # Shown as a link: nothing but the web's own schemes.
        if value and not value.startswith(("https://", "http://")):
            self.fields["source_url"].fail("invalid")
        return value


class DatedInput(StrictSerializer):
    """The document that sets what a rule says, and from when; the page sends the rule's own parameters beside it."""

    amount = AmountField(required=False, allow_null=True, default=None)
    severity = serializers.ChoiceField(choices=["warn", "block"], required=False, allow_blank=True, default="")
    valid_from = DayField()
    document_number = TextField(max_length=80)
    document_on = DayField()
    source_text = TextField(max_length=2000, multiline=True)
    source_url = serializers.URLField(max_length=300, required=False, allow_blank=True, default="")

    validate_source_url = EnterVersionInput.validate_source_url


class RuleParameterInput(StrictSerializer):
    """A whole number, `true` or `false`, kinds or codes divided by blanks: as the rule declares it."""

    name = CodeField(max_length=40)
    value = TextField(max_length=4000, required=False, allow_blank=True, default="")


class EnterParametersInput(DatedInput):
    # The stubs do not know what many=True takes.
    parameters = RuleParameterInput(many=True, required=False, max_length=10, default=list)  # type: ignore[call-arg]

    def validate_parameters(self, rows: list[dict[str, str]]) -> dict[str, str]:
        """By name; each once."""
        names = [row["name"] for row in rows]
        if len(set(names)) != len(names):
            raise serializers.ValidationError(_("A parameter is named twice."))
        return {row["name"]: row["value"] for row in rows}


class VerifyInput(StrictSerializer):
    document_number = TextField(max_length=80)


class WithdrawInput(StrictSerializer):
    reason = TextField(max_length=200)


class VersionQuery(StrictSerializer):
    code = CodeField(max_length=24, required=False, allow_blank=True, default="")
    level = _choice(Level, required=False, allow_blank=True, default="")
    kind = _choice(Kind, required=False, allow_blank=True, default="")
    state = _choice(VersionState, required=False, allow_blank=True, default="")

    def to_internal_value(self, data: Any) -> Any:
        # A filter form sends its empty fields along.
        return super().to_internal_value({key: value for key, value in data.items() if value != ""})


class VersionOutput(serializers.ModelSerializer[RuleVersion]):
    amount = AmountField(allow_null=True)
    verified = serializers.SerializerMethodField()

    class Meta:
        model = RuleVersion
        fields = (
            "id", "code", "version", "module", "level", "kind", "amount", "parameters", "severity", "basis",
            "legal_basis", "articles", "explanation", "document_number", "document_on", "source_url", "source_text",
            "valid_from", "valid_to", "is_demo", "state", "verified", "entered_at", "entered_by_name", "verified_at",
            "verified_by_name",
        )  # fmt: skip

    def get_verified(self, row: RuleVersion) -> bool:
        return row.state == VersionState.VERIFIED


class CalendarYearOutput(serializers.Serializer[Any]):
    year = serializers.IntegerField()
    working_days = serializers.IntegerField()
    days_off = serializers.IntegerField()
    make_up_days = serializers.IntegerField()
    source = serializers.CharField()  # type: ignore[assignment]  # a field of ours, not the serializer's own source

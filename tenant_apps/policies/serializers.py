"""Inputs and read models of local configuration, shared by pages and API."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from kernel.inputs import AmountField, CodeField, DayField, FormInput, KeyField, StrictSerializer, TextField, WholeField
from shared_apps.classification.rules import is_item_code
from shared_apps.rulebook.rules import ANY, THRESHOLDS, Kind
from shared_apps.suppliers.rules import Size
from tenant_apps.policies.rules import TIGHTENABLE, ModuleName


def _choice(values: Any, **kwargs: Any) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=[str(value) for value in values], **kwargs)


class AcknowledgeInput(StrictSerializer):
    code = _choice(THRESHOLDS)
    kind = _choice(Kind)
    version = WholeField(min_value=1, max_value=1_000_000)


class TightenInput(FormInput):
    code = _choice(TIGHTENABLE)
    kind = _choice([ANY, *Kind], required=False, default=ANY)
    amount = AmountField(required=False, default=None)
    offers = WholeField(min_value=1, max_value=10, required=False, default=None)
    reason = TextField(max_length=200)
    document_number = TextField(max_length=80, required=False, allow_blank=True, default="")


class EndTighteningInput(StrictSerializer):
    code = _choice(TIGHTENABLE)
    kind = _choice([ANY, *Kind], required=False, default=ANY)
    reason = TextField(max_length=200)


class AcceptTariffInput(StrictSerializer):
    version = WholeField(min_value=1, max_value=1_000_000)


class ChooseModulesInput(StrictSerializer):
    modules = serializers.ListField(child=_choice(ModuleName), min_length=1, max_length=len(ModuleName))


class CloseModuleInput(StrictSerializer):
    reason = TextField(max_length=200)


class WhatIfInput(FormInput):
    kind = _choice(Kind, required=False, default=str(Kind.GOODS))
    amount = AmountField(required=False, default=None)
    unit = KeyField(required=False, default=None)
    budget_item = TextField(max_length=120, required=False, default="")
    item = CodeField(max_length=20, required=False, default="")
    supplier_size = _choice(Size, required=False, default="")
    certified = serializers.BooleanField(required=False, default=False)
    on = DayField(required=False, default=None)

    def validate_item(self, value: str) -> str:
        if value and not is_item_code(value):
            raise serializers.ValidationError(_("Give an item code of the catalogue, or that of a class."))
        return value


class ChecklistOutput(serializers.Serializer[Any]):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of ours
    done = serializers.BooleanField()
    reason = serializers.CharField()
    action_url = serializers.CharField()
    region_url = serializers.CharField()
    responsible = serializers.CharField()


class ModuleOutput(serializers.Serializer[Any]):
    name = serializers.CharField()
    state = serializers.CharField()
    built = serializers.BooleanField()
    opened_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)


class ChosenOutput(serializers.Serializer[Any]):
    modules = serializers.ListField(child=serializers.CharField())


class OpeningOutput(serializers.Serializer[Any]):
    opened_at = serializers.DateTimeField()
    opened_by_name = serializers.CharField()
    modules = serializers.ListField(child=serializers.CharField())
    on_demo_rules = serializers.BooleanField()


class ModuleStateOutput(serializers.Serializer[Any]):
    name = serializers.CharField()
    state = serializers.CharField()
    opened_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)


class RuleOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    version = serializers.IntegerField()
    level = serializers.CharField()
    kind = serializers.CharField()
    amount = AmountField(allow_null=True)
    parameters = serializers.DictField()
    legal_basis = serializers.CharField()
    document_number = serializers.CharField()
    verified = serializers.BooleanField()
    is_demo = serializers.BooleanField()
    tightened = serializers.BooleanField()


class AcknowledgementOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    version = serializers.IntegerField()
    level = serializers.CharField()
    kind = serializers.CharField()
    is_demo = serializers.BooleanField()
    acknowledged_at = serializers.DateTimeField()
    acknowledged_by_name = serializers.CharField()


class TighteningOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    kind = serializers.CharField()
    amount = AmountField(allow_null=True)
    parameters = serializers.DictField()
    reason = serializers.CharField()
    set_at = serializers.DateTimeField()


class TariffOutput(serializers.Serializer[Any]):
    tariff_version = serializers.IntegerField()
    is_demo = serializers.BooleanField()
    accepted_at = serializers.DateTimeField()


class DecisionOutput(serializers.Serializer[Any]):
    rule = serializers.CharField()
    version = serializers.IntegerField()
    allowed = serializers.BooleanField()
    article = serializers.CharField()
    reason = serializers.CharField()
    remedy = serializers.CharField()
    verified = serializers.BooleanField()
    is_demo = serializers.BooleanField()
    warned = serializers.BooleanField()
    basis = serializers.CharField()
    facts = serializers.DictField()

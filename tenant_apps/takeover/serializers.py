"""Inputs and read models of packages, shared by pages and API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from kernel.inputs import FormInput, KeyField, StrictSerializer, TextField
from tenant_apps.takeover.rules import CodeKind


class NoInput(StrictSerializer):
    """Nothing beside the address."""


class ReasonInput(StrictSerializer):
    reason = TextField(max_length=200)


class MapCodeInput(StrictSerializer):
    kind = serializers.ChoiceField(choices=[str(kind) for kind in CodeKind])
    old_code = TextField(max_length=60)
    our_code = TextField(max_length=40)


class MapCodeForm(MapCodeInput):
    """Beside the choice, the package to go back to."""

    package = KeyField(required=False, default=None)


class CodesQuery(FormInput):
    kind = serializers.ChoiceField(choices=[str(kind) for kind in CodeKind], required=False, default="")
    search = TextField(max_length=60, required=False, default="")
    after = KeyField(required=False, default=None)


class CodeQuery(FormInput):
    kind = serializers.ChoiceField(choices=[str(kind) for kind in CodeKind])
    old_code = TextField(max_length=60)
    search = TextField(max_length=60, required=False, default="")
    package = KeyField(required=False, default=None)


class PackageOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    file_name = serializers.CharField()
    state = serializers.CharField()
    reason = serializers.CharField()
    lines = serializers.IntegerField(help_text="New budget lines")
    orders = serializers.IntegerField(help_text="New orders")
    same = serializers.IntegerField(help_text="Lines and orders that are here already")
    wrong = serializers.IntegerField(help_text="Wrong cells")
    matches = serializers.BooleanField(help_text="Whether the sums are the control totals, to the cent")
    stored = serializers.IntegerField()
    refused = serializers.IntegerField()
    sent_by_name = serializers.CharField()
    sent_at = serializers.DateTimeField()
    proposed_by_name = serializers.CharField()
    confirmed_by_name = serializers.CharField()
    finished_at = serializers.DateTimeField(allow_null=True)


class WholePackageOutput(PackageOutput):
    wrong_cells = serializers.ListField(
        source="errors", help_text="[sheet, row, column, cell, reason], the first 1,000"
    )
    unmapped = serializers.ListField(help_text="[kind, code, name, count]")
    comparison = serializers.ListField(
        help_text="[what, unit code, fiscal year, plan number, state, stated, summed, matches]"
    )


class CodeMappingOutput(serializers.Serializer[Any]):
    kind = serializers.CharField()
    old_code = serializers.CharField()
    our_code = serializers.CharField()
    our_name = serializers.CharField()
    decided_by_name = serializers.CharField()
    decided_at = serializers.DateTimeField()

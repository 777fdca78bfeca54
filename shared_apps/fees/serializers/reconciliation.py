"""What the pages of comparisons take."""

from __future__ import annotations

from rest_framework import serializers

from kernel.inputs import CodeField, FormInput, WholeField
from shared_apps.fees.rules.differences import DifferenceKind


class DifferenceQuery(FormInput):
    tenant = CodeField(max_length=30, required=False, default="")
    kind = serializers.ChoiceField(choices=[str(kind) for kind in DifferenceKind], required=False, default="")
    page = WholeField(min_value=1, max_value=100_000, required=False, default=1)

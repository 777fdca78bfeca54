"""What the API shows of imports."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from shared_apps.exchange.rules import ImportState


class ImportSerializer(serializers.Serializer[Any]):
    """A table that was sent: what its rows do, and how far it is."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    file_name = serializers.CharField()
    state = serializers.ChoiceField(choices=[state.value for state in ImportState])
    reason = serializers.CharField(allow_blank=True)
    rows = serializers.IntegerField()
    new = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    wrong = serializers.IntegerField()
    created = serializers.IntegerField()
    updated = serializers.IntegerField()
    for_review = serializers.IntegerField()
    refused = serializers.IntegerField()
    received_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)

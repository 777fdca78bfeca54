"""Inputs and read models of practice, shared by pages and API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kernel.inputs import StrictSerializer, TextField
from shared_apps.training.rules import TASKS
from shared_apps.training.selectors import MyPractice, PersonProgress


class PeopleQuery(StrictSerializer):
    q = TextField(max_length=60, required=False, allow_blank=True, default="")


class MallOutput(serializers.Serializer[Any]):
    tenant_code = serializers.CharField()
    code = serializers.CharField()
    state = serializers.CharField()
    step = serializers.CharField()
    error = serializers.CharField()
    asked_at = serializers.DateTimeField(allow_null=True)
    ready_at = serializers.DateTimeField(allow_null=True)
    times_made = serializers.IntegerField()


class PersonOutput(serializers.Serializer[Any]):
    tenant_code = serializers.CharField()
    user_id = serializers.IntegerField()
    name = serializers.CharField()
    organisation = serializers.CharField()
    exercises = serializers.SerializerMethodField()

    @extend_schema_field(serializers.DictField(child=serializers.DateTimeField(allow_null=True)))
    def get_exercises(self, person: PersonProgress) -> dict[str, datetime | None]:
        return {str(task.exercise): person.done.get(task.exercise) for task in TASKS}


class MyPracticeOutput(serializers.Serializer[Any]):
    tenant_code = serializers.CharField()
    code = serializers.CharField()
    is_ready = serializers.BooleanField()
    exercises = serializers.SerializerMethodField()

    @extend_schema_field(serializers.DictField(child=serializers.DateTimeField(allow_null=True)))
    def get_exercises(self, mine: MyPractice) -> dict[str, datetime | None]:
        return {str(one.task.exercise): one.completed_at for one in mine.exercises}

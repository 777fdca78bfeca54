"""API of requirement sets, on the region's host."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import utc_now
from shared_apps.products import profiles
from shared_apps.products.inputs import CloseProfileInput, EditProfileInput, NewQuery, ProfileInput
from shared_apps.products.permissions import PROFILE_WRITERS


class ProfileOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk")
    title = serializers.CharField()
    note = serializers.CharField()
    category_code = serializers.CharField(source="category_id")
    state = serializers.CharField()
    version = serializers.IntegerField()


class CriterionOutput(serializers.Serializer[Any]):
    key = serializers.CharField()
    operator = serializers.CharField()
    number = serializers.CharField(allow_null=True)
    words = serializers.ListField(child=serializers.CharField())
    unit = serializers.CharField()
    is_mandatory = serializers.BooleanField()


class JudgedOutput(serializers.Serializer[Any]):
    """`failed`: mandatory criteria it does not meet, in words; `lacking`: desired ones."""

    code = serializers.CharField()
    title = serializers.CharField()
    brand = serializers.CharField()
    offers = serializers.IntegerField()
    failed = serializers.ListField(child=serializers.CharField())
    lacking = serializers.ListField(child=serializers.CharField())


class MatchOutput(serializers.Serializer[Any]):
    """The criteria that hold, and the category's listed products against them, at most 200 of each kind."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    note = serializers.CharField()
    state = serializers.CharField()
    version = serializers.IntegerField()
    category_code = serializers.CharField()
    criteria = serializers.SerializerMethodField()
    matching_count = serializers.IntegerField()
    others_count = serializers.IntegerField()
    matching = JudgedOutput(many=True)
    others = JudgedOutput(many=True)

    def get_criteria(self, view: profiles.ProfileView) -> list[dict[str, Any]]:
        return [dict(CriterionOutput(one).data) for one, _words in view.criteria]


@documented(summary="Requirement sets, those in use first")
class Profiles(ReadView):
    access = Access("products.api_profiles", public=True)
    query_serializer = NewQuery
    output_serializer = ProfileOutput
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        return profiles.profiles(category_code=self.query(request)["category"])


@documented(summary="One requirement set: which products meet it, and what the others fail")
class Profile(ReadView):
    access = Access("products.api_profile", public=True)
    output_serializer = MatchOutput

    def read(self, request: Request, **path: Any) -> Any:
        return profiles.profile_view(profile_id=path["profile_id"])


@documented(summary="Set a requirement set for a category")
class NewProfile(WriteView):
    access = Access("products.api_new_profile", posts=PROFILE_WRITERS)
    input_serializer = ProfileInput
    output_serializer = ProfileOutput
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return profiles.set_profile(actor=actor_of(request), now=utc_now(), **data)


@documented(summary="The next version of a requirement set, as it was read")
class EditProfile(WriteView):
    access = Access("products.api_edit_profile", posts=PROFILE_WRITERS)
    input_serializer = EditProfileInput
    output_serializer = ProfileOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return profiles.set_profile(actor=actor_of(request), profile_id=path["profile_id"], now=utc_now(), **data)


@documented(summary="Close a requirement set; it stays readable")
class CloseProfile(WriteView):
    access = Access("products.api_close_profile", posts=PROFILE_WRITERS)
    input_serializer = CloseProfileInput
    output_serializer = ProfileOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return profiles.close_profile(
            actor=actor_of(request), profile_id=path["profile_id"], version=data["version"], now=utc_now()
        )

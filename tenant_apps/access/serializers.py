"""Inputs and read models of posts, the same for pages and API."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from kernel.inputs import DayField, KeyField, StrictSerializer, TextField, WholeField
from kernel.posts import TENANT_POSTS, Post
from shared_apps.accounts.serializers import EmailField
from tenant_apps.access.rules import BUYER_POSTS, Pair

_POSTS = [post.value for post in Post if post in TENANT_POSTS]
_BUYER_POSTS = [post.value for post in BUYER_POSTS]


class PostsField(serializers.ListField):
    """At least one post of a unit, each once."""

    child = serializers.ChoiceField(choices=_POSTS)
    default_error_messages = {"twice": _("A post is named twice.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_length=1, max_length=len(_POSTS), **kwargs)

    def to_internal_value(self, data: Any) -> list[str]:
        posts: list[str] = super().to_internal_value(data)
        if len(set(posts)) != len(posts):
            self.fail("twice")
        return posts


class GrantInput(StrictSerializer):
    unit_id = WholeField(min_value=1)
    user_id = WholeField(min_value=1)
    post = serializers.ChoiceField(choices=_POSTS)


class HandOverInput(StrictSerializer):
    to_user_id = WholeField(min_value=1)


class LendInput(StrictSerializer):
    """`last_day` belongs to it; a day of Xinjiang's calendar."""

    holding_id = KeyField()
    to_user_id = KeyField()
    last_day = DayField()


class InviteInput(StrictSerializer):
    unit_id = WholeField(min_value=1)
    name = TextField(max_length=40)
    email = EmailField()
    posts = PostsField()


class PairField(serializers.ListField):
    """Two different posts that act on an order."""

    child = serializers.ChoiceField(choices=_BUYER_POSTS)
    default_error_messages = {"same": _("A pair is of two different posts.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_length=2, max_length=2, **kwargs)

    def to_internal_value(self, data: Any) -> list[str]:
        pair: list[str] = super().to_internal_value(data)
        if len(pair) == 2 and pair[0] == pair[1]:
            self.fail("same")
        return pair


class PairsInput(StrictSerializer):
    pairs = serializers.ListField(child=PairField(), max_length=6)
    reason = TextField(max_length=200)


class PairsFormInput(StrictSerializer):
    """The same from a form: each ticked box is "post+post"."""

    pairs = serializers.ListField(child=TextField(max_length=60), max_length=6, required=False, default=list)
    reason = TextField(max_length=200)


def pairs_of(listed: list[list[str]]) -> frozenset[Pair]:
    return frozenset(frozenset(Post(post) for post in pair) for pair in listed)


class HoldingSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    user_id = serializers.IntegerField(allow_null=True)
    name = serializers.CharField()
    organisation_id = serializers.IntegerField()
    unit_id = serializers.IntegerField()
    post = serializers.CharField()
    granted_at = serializers.DateTimeField()
    granted_by_name = serializers.CharField()
    ended_at = serializers.DateTimeField(allow_null=True)


class DeputySerializer(HoldingSerializer):
    deputy_for = serializers.IntegerField()
    deputy_for_name = serializers.CharField()
    last_day = serializers.DateField()


class InvitedSerializer(serializers.Serializer[Any]):
    invitation_key = serializers.UUIDField()


class PairsSerializer(serializers.Serializer[Any]):
    """`pairs` in force, `fixed` by the region, and how many people an order needs under them."""

    pairs = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    fixed = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    people_needed = serializers.IntegerField()

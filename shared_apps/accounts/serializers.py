"""Inputs and read models of accounts, the same for pages and API."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from kernel.inputs import CodeField, DayField, StrictSerializer, TextField, WholeField
from kernel.posts import Post
from kernel.texts import forbidden_character
from shared_apps.accounts.rules import OrganisationKind, SecurityKind, is_safe_path

PASSWORD_LENGTH_MAX = 128


class PasswordField(serializers.CharField):
    """As typed: blanks count. Long ones are refused before they are hashed."""

    default_error_messages = {"character": _("The password holds a character that cannot be typed.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=PASSWORD_LENGTH_MAX, trim_whitespace=False, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        if forbidden_character(data):
            self.fail("character")
        return str(super().to_internal_value(data))


class EmailField(serializers.EmailField):
    """An address in ASCII: the same mailbox is not written in two ways."""

    default_error_messages = {"ascii": _("Write the e-mail address in ASCII letters.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=254, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        if not data.isascii():
            self.fail("ascii")
        return str(super().to_internal_value(data))


class NextField(serializers.CharField):
    """A path on the same site, or nothing."""

    default_error_messages = {"path": _("This is not an address on the same site.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, allow_blank=True, default="", **kwargs)

    def to_internal_value(self, data: Any) -> str:
        path = str(super().to_internal_value(data))
        if path and not is_safe_path(path):
            self.fail("path")
        return path


class SignInInput(StrictSerializer):
    username = TextField(max_length=60)
    password = PasswordField()
    next = NextField()


class NextInput(StrictSerializer):
    next = NextField()


class TicketInput(StrictSerializer):
    ticket = TextField(max_length=100)


class ChangePasswordInput(StrictSerializer):
    old_password = PasswordField()
    new_password = PasswordField()
    again = PasswordField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["new_password"] != attrs["again"]:
            raise serializers.ValidationError({"again": [_("The two passwords are not the same.")]})
        return attrs


class NewPasswordInput(StrictSerializer):
    password = PasswordField()
    again = PasswordField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["password"] != attrs["again"]:
            raise serializers.ValidationError({"again": [_("The two passwords are not the same.")]})
        return attrs


class AcceptInput(NewPasswordInput):
    username = TextField(max_length=60)


class ResetInput(StrictSerializer):
    email = EmailField()


class PostsField(serializers.ListField):
    """Posts by code, each once."""

    child = serializers.ChoiceField(choices=[post.value for post in Post])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=len(Post), **kwargs)


class InviteInput(StrictSerializer):
    organisation_id = WholeField(min_value=1)
    name = TextField(max_length=40)
    email = EmailField()
    posts = PostsField(required=False, default=list)


class OrganisationInput(StrictSerializer):
    kind = serializers.ChoiceField(choices=[kind.value for kind in OrganisationKind])
    code = CodeField(max_length=40)
    name = TextField(max_length=120)
    tenant_code = CodeField(max_length=30, required=False, allow_null=True, default=None)


class _Filter(StrictSerializer):
    """A filter form sends its empty fields along."""

    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value({key: value for key, value in data.items() if value != ""})


class VisitFilter(_Filter):
    tenant = CodeField(max_length=30, required=False, default="")
    q = TextField(max_length=40, required=False, default="")
    since = DayField(required=False, default=None)
    until = DayField(required=False, default=None)


class VisitQuery(VisitFilter):
    page = WholeField(min_value=1, max_value=10_000, required=False, default=1)


class LogFilter(_Filter):
    kind = serializers.ChoiceField(choices=[str(kind) for kind in SecurityKind], required=False, default="")
    q = TextField(max_length=40, required=False, default="")
    host = CodeField(max_length=63, required=False, default="")
    since = DayField(required=False, default=None)
    until = DayField(required=False, default=None)


class LogQuery(LogFilter):
    # The number of the last line shown: the next page begins below it.
    before = WholeField(min_value=1, max_value=2**62, required=False, default=None)


class MemberInput(StrictSerializer):
    """The name, e-mail address and posts of somebody to invite; the organisation stands in the address."""

    name = TextField(max_length=40)
    email = EmailField()
    posts = PostsField(required=False, default=list)


class ChangePostsInput(StrictSerializer):
    posts = PostsField(required=False, default=list)


class OrganisationSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    kind = serializers.CharField()
    code = serializers.CharField()
    name = serializers.CharField()
    tenant_code = serializers.CharField(allow_null=True)


class MemberSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    user_id = serializers.IntegerField()
    name = serializers.CharField(source="user.name")
    organisation_id = serializers.IntegerField()
    posts = serializers.ListField(child=serializers.CharField())
    created_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class InvitationSerializer(serializers.Serializer[Any]):
    key = serializers.UUIDField()
    organisation_id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.CharField()
    posts = serializers.ListField(child=serializers.CharField())
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class BelongingSerializer(serializers.Serializer[Any]):
    organisation_id = serializers.IntegerField()
    organisation_name = serializers.CharField()
    organisation_kind = serializers.CharField()
    organisation_code = serializers.CharField()
    tenant_code = serializers.CharField(allow_null=True)


class HeldPostSerializer(serializers.Serializer[Any]):
    post = serializers.CharField()
    organisation_id = serializers.IntegerField()
    unit_id = serializers.IntegerField(allow_null=True)


class MeSerializer(serializers.Serializer[Any]):
    """The actor as the API shows it."""

    user_id = serializers.IntegerField()
    name = serializers.CharField()
    tenant = serializers.CharField(allow_null=True)
    belongs = BelongingSerializer(many=True)
    held = HeldPostSerializer(many=True)

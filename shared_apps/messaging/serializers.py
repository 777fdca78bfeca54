"""What pages and API take, and what the API shows."""

from __future__ import annotations

import re
from datetime import time
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kernel.inputs import CodeField, KeyField, StrictSerializer, TextField, WholeField
from shared_apps.accounts.serializers import EmailField
from shared_apps.messaging.rules import CAP_MAX, CODE_DIGITS, Channel, DeliveryState, Topic
from shared_apps.messaging.words import reason_words

TOPICS = [topic.value for topic in Topic]
CHANNELS = [channel.value for channel in Channel]
# What can be wanted, as forms and the API write it: to_do:email.
WISHES = [f"{topic}:{channel}" for topic in TOPICS for channel in CHANNELS]


@extend_schema_field({"type": "string", "pattern": "^1[3-9][0-9]{9}$", "example": "13800000000"})
class MobileField(TextField):
    """A mobile number of the mainland: eleven digits."""

    default_error_messages = {"mobile": _("Write the eleven digits of a mobile number.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if re.fullmatch(r"1[3-9][0-9]{9}", text) is None:
            self.fail("mobile")
        return text


@extend_schema_field({"type": "string", "pattern": "^[0-9]{6}$"})
class VerificationCodeField(serializers.CharField):
    default_error_messages = {"code": _("Write the six digits of the code.")}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or re.fullmatch(rf"[0-9]{{{CODE_DIGITS}}}", data) is None:
            self.fail("code")
        return data


@extend_schema_field({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$", "example": "22:00"})
class ClockField(serializers.Field[time | None, str, str, Any]):
    """A time of the day as 22:00; empty for none."""

    default_error_messages = {"invalid": _("Write a time such as 22:00.")}

    def to_internal_value(self, data: Any) -> time | None:
        if data == "":
            return None
        if not isinstance(data, str) or re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", data) is None:
            self.fail("invalid")
        return time.fromisoformat(data)

    def to_representation(self, value: time | None) -> str:
        return f"{value:%H:%M}" if value is not None else ""


class MessageQuery(StrictSerializer):
    """Filters of the list; `before` is the cursor of the next page."""

    topic = serializers.ChoiceField(choices=TOPICS, required=False)
    tenant = CodeField(max_length=30, required=False)
    state = serializers.ChoiceField(choices=["all", "unread"], default="all")
    q = TextField(max_length=40, required=False, allow_blank=True, default="")
    before = KeyField(required=False)


class UptoInput(StrictSerializer):
    """The newest message that was seen: what came later stays new."""

    upto = KeyField()


class EmailInput(StrictSerializer):
    address = EmailField()


class MobileInput(StrictSerializer):
    address = MobileField()


ADDRESS_INPUT: dict[Channel, type[StrictSerializer]] = {Channel.EMAIL: EmailInput, Channel.SMS: MobileInput}


class AskCodeInput(StrictSerializer):
    """An address to send a code to; its form is the channel's."""

    channel = serializers.ChoiceField(choices=CHANNELS)
    address = TextField(max_length=254)


class ConfirmInput(StrictSerializer):
    channel = serializers.ChoiceField(choices=CHANNELS)
    code = VerificationCodeField()


class ChannelInput(StrictSerializer):
    channel = serializers.ChoiceField(choices=CHANNELS)


class ChoicesInput(StrictSerializer):
    """Everything that is wanted, as topic:channel, and the quiet hours; what is left out is not wanted."""

    wanted = serializers.ListField(
        child=serializers.ChoiceField(choices=WISHES), max_length=len(WISHES), required=False, default=list
    )
    quiet_from = ClockField(required=False, default=None)
    quiet_until = ClockField(required=False, default=None)


class DeliveryQuery(StrictSerializer):
    state = serializers.ChoiceField(choices=[state.value for state in DeliveryState], required=False)
    channel = serializers.ChoiceField(choices=CHANNELS, required=False)
    tenant = CodeField(max_length=30, required=False)
    before = KeyField(required=False)


class CapInput(StrictSerializer):
    channel = serializers.ChoiceField(choices=CHANNELS)
    per_person = WholeField(max_value=CAP_MAX)
    altogether = WholeField(max_value=CAP_MAX)
    reason = TextField(max_length=200)


class MessageSerializer(serializers.Serializer[Any]):
    """A message; `title` in the language of the site."""

    id = serializers.IntegerField()
    topic = serializers.ChoiceField(choices=TOPICS)
    word = serializers.CharField()
    title = serializers.CharField()
    percent = serializers.IntegerField()
    tenant_code = serializers.CharField()
    tenant_name = serializers.CharField()
    number = serializers.CharField(allow_blank=True)
    facts = serializers.DictField()
    due_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)


class MessagePageSerializer(serializers.Serializer[Any]):
    items = MessageSerializer(many=True)
    next_before = serializers.IntegerField(allow_null=True)
    unread_count = serializers.IntegerField()


class ReadSerializer(serializers.Serializer[Any]):
    """How many messages were new."""

    read = serializers.IntegerField()


class AddressSerializer(serializers.Serializer[Any]):
    url = serializers.CharField()


class ContactSerializer(serializers.Serializer[Any]):
    """One way out of the house; `stale` where the address must be verified anew."""

    channel = serializers.ChoiceField(choices=CHANNELS)
    address = serializers.CharField(allow_blank=True)
    verified_at = serializers.DateTimeField(allow_null=True)
    stale = serializers.BooleanField()
    is_simulated = serializers.BooleanField()
    asked_address = serializers.CharField(allow_blank=True)
    expires_at = serializers.DateTimeField(allow_null=True)


class SettingsSerializer(serializers.Serializer[Any]):
    contacts = ContactSerializer(many=True)
    wanted = serializers.SerializerMethodField()
    quiet_from = ClockField(allow_null=True)
    quiet_until = ClockField(allow_null=True)

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=WISHES)))
    def get_wanted(self, view: Any) -> list[str]:
        return sorted(f"{topic}:{channel}" for topic, channel in view.wanted)


class DeliverySerializer(serializers.Serializer[Any]):
    """One sending; the address masked."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    channel = serializers.ChoiceField(choices=CHANNELS)
    state = serializers.ChoiceField(choices=[state.value for state in DeliveryState])
    title = serializers.CharField(allow_blank=True)
    tenant_code = serializers.CharField(allow_blank=True)
    attempts = serializers.IntegerField()
    reason = serializers.CharField(allow_blank=True)
    reason_words = serializers.SerializerMethodField()
    made_at = serializers.DateTimeField()
    next_at = serializers.DateTimeField(allow_null=True)
    sent_at = serializers.DateTimeField(allow_null=True)
    settled_at = serializers.DateTimeField(allow_null=True)
    address = serializers.CharField(allow_blank=True)

    def get_reason_words(self, row: Any) -> str:
        return reason_words(row.reason)


class DeliveryPageSerializer(serializers.Serializer[Any]):
    items = DeliverySerializer(many=True)
    next_before = serializers.IntegerField(allow_null=True)

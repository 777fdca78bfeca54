"""Inputs that pages and API share, and what the API shows of agencies."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from kernel.inputs import CodeField, DayField, FormInput, PhoneField, StrictSerializer, TextField, UsccField, WholeField
from shared_apps.accounts.serializers import EmailField
from shared_apps.agencies.check_serializers import PublishedCheckSerializer
from shared_apps.agencies.rules.content import CONTENT_FIELDS, RETURNABLE, Content, FileKind
from shared_apps.sanctions.serializers import SanctionSerializer

SORTS = ("name", "newest", "staff", "score")


class OpeningInput(StrictSerializer):
    """Beginning a registration: which agency, and whose mailbox gets the letter."""

    uscc = UsccField()
    name = TextField(max_length=120)
    contact_name = TextField(max_length=40)
    contact_email = EmailField()


class ContentInput(StrictSerializer):
    """The stated content; in a draft parts may be empty."""

    name = TextField(max_length=120)
    legal_representative = TextField(max_length=40, required=False, allow_blank=True, default="")
    address = TextField(max_length=200, required=False, allow_blank=True, default="")
    contact_name = TextField(max_length=40, required=False, allow_blank=True, default="")
    contact_phone = PhoneField(required=False, allow_blank=True, default="")
    home_province = CodeField(max_length=6)
    division_code = CodeField(max_length=6, required=False, allow_blank=True, default="")
    office_address = TextField(max_length=200, required=False, allow_blank=True, default="")
    office_is_independent = serializers.BooleanField(required=False, default=False)
    has_review_room = serializers.BooleanField(required=False, default=False)
    review_room_address = TextField(max_length=200, required=False, allow_blank=True, default="")
    has_recording = serializers.BooleanField(required=False, default=False)


class ChangeInput(ContentInput):
    happened_on = DayField()


def content_of(given: dict[str, Any]) -> Content:
    """The service's argument from validated input."""
    return Content(**{name: given[name] for name in CONTENT_FIELDS})


class StaffInput(StrictSerializer):
    name = TextField(max_length=40)
    joined_on = DayField()


class StaffLeftInput(StrictSerializer):
    left_on = DayField()


class FileInput(StrictSerializer):
    kind = serializers.ChoiceField(choices=[kind.value for kind in FileKind])


class VersionInput(StrictSerializer):
    version = WholeField(min_value=1, max_value=1_000_000)


class ReturnInput(VersionInput):
    """Fields sent back, and as many reasons in the same order."""

    default_error_messages = {"pairs": _("Give one reason for each field, and name each field once.")}

    fields_returned = serializers.ListField(
        child=serializers.ChoiceField(choices=RETURNABLE), min_length=1, max_length=len(RETURNABLE)
    )
    reasons = serializers.ListField(child=TextField(max_length=300), min_length=1, max_length=len(RETURNABLE))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        names = attrs["fields_returned"]
        if len(set(names)) != len(names) or len(names) != len(attrs["reasons"]):
            raise serializers.ValidationError({"reasons": [self.error_messages["pairs"]]})
        return attrs


class DeregisterInput(StrictSerializer):
    hand_over = TextField(max_length=500, multiline=True)


class AgencyFilter(FormInput):
    """The public list's search and filters; empty fields of a form count as left out."""

    q = TextField(max_length=60, required=False, allow_blank=True, default="")
    division = CodeField(max_length=6, required=False, allow_blank=True, default="")
    home = serializers.ChoiceField(choices=("here", "elsewhere"), required=False, allow_blank=True, default="")
    sort = serializers.ChoiceField(choices=SORTS, required=False, default="name")


class AgencyQuery(AgencyFilter):
    page = WholeField(min_value=1, max_value=1000, required=False, default=1)


class DeskQuery(StrictSerializer):
    q = TextField(max_length=60, required=False, allow_blank=True, default="")
    tab = serializers.ChoiceField(
        choices=("waiting", "returned", "published", "late", "all"), required=False, default="waiting"
    )


class AgencySerializer(serializers.Serializer[Any]):
    """A line of the public name list."""

    id = serializers.IntegerField()
    uscc = serializers.CharField()
    name = serializers.CharField()
    state = serializers.CharField()
    home_province = serializers.CharField()
    division_code = serializers.CharField()
    staff_count = serializers.IntegerField()
    published_at = serializers.DateTimeField(allow_null=True)
    is_demo = serializers.BooleanField()
    is_banned = serializers.BooleanField()
    score = serializers.FloatField(allow_null=True, help_text="Average of one to five; null without evaluations.")
    score_count = serializers.IntegerField()


class AgencyListSerializer(serializers.Serializer[Any]):
    agencies = AgencySerializer(source="rows", many=True)
    total = serializers.IntegerField()
    next_page = serializers.IntegerField(allow_null=True)


class ContentSerializer(serializers.Serializer[Any]):
    """The statutory content, as the law makes it public."""

    name = serializers.CharField()
    legal_representative = serializers.CharField()
    address = serializers.CharField()
    contact_name = serializers.CharField()
    contact_phone = serializers.CharField()
    home_province = serializers.CharField()
    division_code = serializers.CharField()
    office_address = serializers.CharField()
    office_is_independent = serializers.BooleanField()
    has_review_room = serializers.BooleanField()
    review_room_address = serializers.CharField()
    has_recording = serializers.BooleanField()


class ChangeSerializer(serializers.Serializer[Any]):
    """A reported change; `items` are {field, old, new}."""

    items = serializers.ListField(child=serializers.DictField())
    happened_on = serializers.DateField()
    due_on = serializers.DateField()
    reported_at = serializers.DateTimeField()
    is_late = serializers.BooleanField()


class AverageSerializer(serializers.Serializer[Any]):
    """What one kind of evaluators thinks on average."""

    role = serializers.CharField()
    score = serializers.FloatField()
    count = serializers.IntegerField()


class AgencyPageSerializer(serializers.Serializer[Any]):
    """Everything the public page says."""

    id = serializers.IntegerField()
    uscc = serializers.CharField()
    state = serializers.CharField()
    is_demo = serializers.BooleanField()
    content = ContentSerializer()
    staff_count = serializers.IntegerField()
    published_at = serializers.DateTimeField(allow_null=True)
    deregistered_at = serializers.DateTimeField(allow_null=True)
    hand_over = serializers.CharField()
    is_banned = serializers.BooleanField()
    averages = AverageSerializer(many=True)
    checks = PublishedCheckSerializer(many=True)
    bans = SanctionSerializer(many=True)
    changes = ChangeSerializer(many=True)


class OpenedSerializer(serializers.Serializer[Any]):
    """What the visitor is told: the letter is on its way. Nothing else is known to them yet."""

    uscc = serializers.CharField()
    name = serializers.CharField()


class StateSerializer(serializers.Serializer[Any]):
    """Where an agency's registration stands after a write."""

    id = serializers.IntegerField()
    uscc = serializers.CharField()
    state = serializers.CharField()
    version = serializers.IntegerField()


class StaffSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    joined_on = serializers.DateField()
    left_on = serializers.DateField(allow_null=True)


class FileSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField()
    key = serializers.CharField()
    name = serializers.CharField()
    uploaded_at = serializers.DateTimeField()


class RegistrationSerializer(StateSerializer):
    """The whole registration, for its own people and the region's desk."""

    content = ContentSerializer()
    contact_email = serializers.CharField()
    return_reasons = serializers.DictField(child=serializers.CharField())
    missing = serializers.DictField(child=serializers.CharField())
    staff = StaffSerializer(many=True)
    files = FileSerializer(many=True)
    changes = ChangeSerializer(many=True)

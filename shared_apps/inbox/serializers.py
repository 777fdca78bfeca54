"""What the inbox takes and shows, for pages and API alike."""

from __future__ import annotations

from rest_framework import serializers

from kernel.inputs import CodeField, KeyField, StrictSerializer
from shared_apps.inbox.rules import ItemKind, ItemState
from shared_apps.inbox.words import to_do


class InboxQuery(StrictSerializer):
    """Filters of the list; `before` is the cursor of the next page."""

    tenant = CodeField(max_length=30, required=False)
    kind = serializers.ChoiceField(choices=[kind.value for kind in ItemKind], required=False)
    state = serializers.ChoiceField(choices=[state.value for state in ItemState], default=ItemState.OPEN.value)
    before = KeyField(required=False)


class ItemSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads ItemView
    id = serializers.IntegerField()
    tenant_code = serializers.CharField()
    tenant_name = serializers.CharField()
    kind = serializers.CharField()
    object_id = serializers.CharField()
    step = serializers.CharField()
    to_do = serializers.SerializerMethodField(help_text="The step in words, in the language of the site")
    facts = serializers.DictField()
    audience_post = serializers.CharField()
    state = serializers.CharField()
    due_at = serializers.DateTimeField(allow_null=True)
    due = serializers.CharField()
    created_at = serializers.DateTimeField()
    done_at = serializers.DateTimeField(allow_null=True)

    def get_to_do(self, item: object) -> str:
        return to_do(str(getattr(item, "step", "")))


class InboxPageSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads InboxPage
    items = ItemSerializer(many=True)
    next_before = serializers.IntegerField(allow_null=True)
    open_count = serializers.IntegerField()


class EnterSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads a mapping
    url = serializers.CharField()

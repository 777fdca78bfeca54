"""What a person wants sent to them, by which way, and when not."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time

from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.problems import InvalidInput, SignInRequired
from shared_apps.messaging.models import Choice, Settings
from shared_apps.messaging.rules import Channel, Topic
from shared_apps.region_journal.services import record
from tenants.database.context import region_atomic


def change_choices(
    *,
    actor: Actor,
    wanted: Collection[tuple[Topic, Channel]],
    quiet_from: time | None,
    quiet_until: time | None,
    now: datetime,
) -> None:
    """Sets everything at once, as the page sends it. Raises InvalidInput for quiet hours with one end."""
    if actor.user_id is None:
        raise SignInRequired
    if (quiet_from is None) != (quiet_until is None):
        raise InvalidInput(errors={"quiet_until": [_("Give both ends of the quiet hours, or none.")]})
    with region_atomic():
        Settings.objects.update_or_create(
            user_id=actor.user_id, defaults={"quiet_from": quiet_from, "quiet_until": quiet_until}
        )
        Choice.objects.bulk_create(
            [
                Choice(user_id=actor.user_id, topic=topic, channel=channel, is_wanted=(topic, channel) in wanted)
                for topic in Topic
                for channel in Channel
            ],
            update_conflicts=True,
            unique_fields=["user_id", "topic", "channel"],
            update_fields=["is_wanted"],
        )
        record(
            actor=actor,
            event="messaging.choices_changed",
            object_type="message_choices",
            object_id=actor.user_id,
            facts={
                "wanted": sorted(f"{topic}:{channel}" for topic, channel in wanted),
                "quiet_from": f"{quiet_from:%H:%M}" if quiet_from is not None else "",
                "quiet_until": f"{quiet_until:%H:%M}" if quiet_until is not None else "",
            },
            now=now,
        )

"""How many messages go out on a day: counted where it is decided, by one conditional statement each."""

from __future__ import annotations

from datetime import datetime

from django.db import connections

from kernel.clock import local_date
from shared_apps.messaging.models import ChannelCap
from shared_apps.messaging.rules import PROPOSED_CAPS, Cap, Channel, Reason
from tenants.database.context import REGION_ALIAS

_COUNT = """
INSERT INTO messaging_dailycount (day, channel, user_id, count) VALUES (%s, %s, %s, 1)
ON CONFLICT (day, channel, user_id) DO UPDATE SET count = messaging_dailycount.count + 1
 WHERE messaging_dailycount.count < %s
RETURNING count
"""
_EVERYBODY = 0


def cap_of(channel: Channel) -> tuple[Cap, ChannelCap | None]:
    """The cap in force, and the row that set it; None while the proposal holds."""
    row = ChannelCap.objects.filter(channel=channel).order_by("-pk").first()
    return (PROPOSED_CAPS[channel] if row is None else Cap(row.per_person, row.altogether)), row


def count_one(*, channel: Channel, user_id: int, now: datetime) -> Reason | None:
    """Counts one message of the day in Xinjiang; the reason where a cap is reached. Inside a transaction.

    A count of everybody that is full leaves the person's own one too high: it errs on the side of less.
    """
    cap, _row = cap_of(channel)
    for whose, most, reason in (
        (user_id, cap.per_person, Reason.CAP_PERSON),
        (_EVERYBODY, cap.altogether, Reason.CAP_ALTOGETHER),
    ):
        if most == 0 or not _counted(channel, whose, most, now):
            return reason
    return None


def _counted(channel: Channel, whose: int, most: int, now: datetime) -> bool:
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(_COUNT, [local_date(now), str(channel), whose, most])
        return cursor.fetchone() is not None

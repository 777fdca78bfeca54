"""What of the journals still stands."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Value

from tenants.journaling.models import LostEntry


def lost(*, room: str | None = None, room_field: str = "tenant_code") -> Exists:
    """Condition on rows with `epoch` and `journal_id`: the journal row they came of was taken back by a restore.

    `room` names the one room that all of them are of; without it `room_field` is the column that does.
    """
    held = Value(room) if room is not None else OuterRef(room_field)
    return Exists(LostEntry.objects.filter(room=held, epoch=OuterRef("epoch"), journal_id=OuterRef("journal_id")))

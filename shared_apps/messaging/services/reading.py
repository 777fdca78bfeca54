"""Reading messages: marking them, and going where they lead. Nobody else learns who has read what: no journal row."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.problems import Conflict
from shared_apps.accounts.services import hand_off
from shared_apps.inbox.rules import ItemKind, next_path
from shared_apps.messaging.models import Message
from shared_apps.messaging.selectors import messages_of, own_message


class MessageWithdrawn(Conflict):
    """The mall was set back to before what the message tells: there is nothing to look at."""

    code = "message-withdrawn"
    title = _("The mall was set back: what this message told of did not stay")


def read_message(*, actor: Actor, message_id: int, now: datetime) -> Message:
    """Raises NotFound for others' messages."""
    row = own_message(actor=actor, message_id=message_id)
    if row.read_at is None:
        Message.objects.filter(pk=row.pk, read_at__isnull=True).update(read_at=now)
        row.read_at = row.read_at or now
    return row


def read_all(*, actor: Actor, upto: int, now: datetime) -> int:
    """Marks everything up to a message as read, so that what came after the page was drawn stays new."""
    return messages_of(actor).filter(pk__lte=upto, read_at__isnull=True).update(read_at=now)


def open_message(*, actor: Actor, message_id: int, now: datetime) -> str:
    """The address of what the message is about: a one-time one into its mall, or a page of the region's host.

    Raises NotFound, MessageWithdrawn, and what `hand_off` raises.
    """
    row = own_message(actor=actor, message_id=message_id)
    if row.withdrawn_at is not None:
        raise MessageWithdrawn
    if row.item_kind == ItemKind.LIBRARY:
        address = row.path
    else:
        path = row.path or next_path(kind=row.item_kind, object_id=row.object_id)
        address = hand_off(actor=actor, tenant_code=row.tenant_code, next_path=path, now=now)
    read_message(actor=actor, message_id=message_id, now=now)
    return address

"""What a mall that was set back means to those who were told of what is no more."""

from __future__ import annotations

from shared_apps.messaging.models import Delivery, Message
from shared_apps.messaging.rules import DeliveryState
from tenants.journaling.restoring import RestoredJournal, rebuilds
from tenants.journaling.selectors import lost


@rebuilds("messaging")
def rebuild(restored: RestoredJournal) -> None:
    """Messages of rows that were taken back say so, and stand again where a row came back. What went out went out;
    what waits is given up by its sender, who looks at the message first.
    """
    messages = Message.objects.filter(room=restored.room)
    gone = lost(room=restored.room)
    messages.filter(gone, withdrawn_at=None).update(withdrawn_at=restored.now)
    messages.exclude(gone).exclude(withdrawn_at=None).update(withdrawn_at=None)
    waiting = Delivery.objects.filter(state=DeliveryState.WAITING, message__in=messages.filter(gone))
    waiting.update(next_at=restored.now)

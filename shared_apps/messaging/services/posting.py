"""Letters that accounts and the applications above it write: recorded with what they tell of, sent by the worker.

They need no verified address and fall under no cap: without them nobody gets in at all.
"""

from __future__ import annotations

from uuid import uuid4

from kernel.clock import database_now
from kernel.wakeups import wake
from shared_apps.accounts import mail
from shared_apps.messaging.models import Delivery, OwnLetter
from shared_apps.messaging.rules import Channel, DeliveryState
from shared_apps.messaging.sealing import seal
from tenants.database.context import REGION_ALIAS, region_atomic, region_on_commit


@mail.carried_by
def post(letter: mail.Written) -> None:
    """In the caller's transaction: what is taken back sends no letter. Two statements, and the clock's."""
    with region_atomic():
        now = database_now(REGION_ALIAS)
        number = uuid4().hex
        delivery = Delivery.objects.create(
            number=number,
            user_id=0,
            tenant_code="",
            channel=Channel.EMAIL,
            state=DeliveryState.WAITING,
            next_at=now,
            made_at=now,
        )
        OwnLetter.objects.create(
            delivery=delivery,
            kind=letter.kind,
            address=letter.to,
            sealed=seal(number=number, subject=letter.subject, text=letter.text),
        )
        if not letter.to:
            # Nobody's: the same work as for somebody's, and nothing left of it.
            delivery.delete()
            return
        region_on_commit(_wake_sender)


def _wake_sender() -> None:
    from shared_apps.messaging.tasks import send_due

    wake(send_due.delay)

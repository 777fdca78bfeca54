"""A package arrives: refused before it is kept when it is none, read at once when it is small."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.file_kinds import XLSX, FileRefused, recognise
from kernel.problems import Conflict, NotPermitted
from kernel.spreadsheets import check_table
from kernel.wakeups import wake
from tenant_apps.files.services import store_file
from tenant_apps.takeover.models import Takeover
from tenant_apps.takeover.rules import ENDED, OPEN_MAX, SMALL_BYTES_MAX, WAKE_UP, TakeoverState
from tenant_apps.takeover.services.common import bureau_of, note
from tenants.database.context import current_tenant, tenant_atomic, tenant_on_commit


class TooManyPackages(Conflict):
    code = "too-many-packages"
    title = _("Several packages are still open: take them over or break one off first")


def receive_package(*, actor: Actor, name: str, content: bytes, now: datetime) -> Takeover:
    """Keeps the package and has it read. Raises FileRefused, SpreadsheetRefused, TooManyPackages, NotPermitted."""
    bureau = bureau_of(actor)
    if actor.user_id is None:
        raise NotPermitted(action="takeover")
    if recognise(content) != XLSX:
        raise FileRefused("kind-not-here")
    check_table(content, form="xlsx")
    open_now = Takeover.objects.exclude(state__in=ENDED).count()
    if open_now >= OPEN_MAX:
        raise TooManyPackages(open=open_now)
    with tenant_atomic():
        file = store_file(
            actor=actor,
            name=name,
            content=content,
            purpose="takeover.package",
            organisation_id=bureau.organisation_id,
            now=now,
        )
        row = Takeover.objects.create(
            file_key=file.key,
            file_name=file.name,
            state=TakeoverState.RECEIVED,
            next_due_at=now + WAKE_UP,
            sent_by_id=actor.user_id,
            sent_by_name=actor.name,
            organisation_id=bureau.organisation_id,
            sent_at=now,
        )
        note(actor, "received", row, now, file_key=file.key)
        begin(row, small=len(content) <= SMALL_BYTES_MAX)
    row.refresh_from_db()
    return row


def begin(row: Takeover, *, small: bool) -> None:
    """Once the change is committed: the work here and now when it is little, otherwise a wake-up of the worker."""
    from tenant_apps.takeover.services.running import run_takeover

    if small:
        tenant_on_commit(lambda: run_takeover(takeover_id=row.pk))
    else:
        tenant_on_commit(lambda: wake_run(row.pk))


def wake_run(takeover_id: int) -> None:
    """Tells the worker; what is to be done stands in the row."""
    # The task calls the services, which call this.
    from tenant_apps.takeover.tasks import run

    wake(run.enqueue, tenant=current_tenant().code, takeover_id=takeover_id)

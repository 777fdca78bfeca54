"""What people do with imports: send a table, confirm it, break it off. One transaction and one journal row each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.file_kinds import recognise
from kernel.problems import Conflict, NotFound, NotPermitted
from kernel.spreadsheets import check_table
from kernel.wakeups import wake
from shared_apps.exchange.kinds import KINDS, ImportKind
from shared_apps.exchange.models import Import
from shared_apps.exchange.rules import IMPORT_LIFECYCLE, IMPORTERS, SMALL_BYTES_MAX, SMALL_ROWS_MAX, ImportState
from shared_apps.exchange.selectors import access_import
from shared_apps.region_files.services import store_file
from shared_apps.region_journal.services import record
from tenants.database.context import region_atomic, region_on_commit

# One person's tables under way at a time: the workers serve everybody.
OPEN_MAX = 5


class TooManyImports(Conflict):
    code = "too-many-imports"
    title = _("Several tables of yours are still waiting: confirm or break off one of them first")


class NothingToStore(Conflict):
    code = "nothing-to-store"
    title = _("No row of the table changes anything")


def kind_named(*, actor: Actor, kind: str) -> ImportKind:
    """The kind, when the actor may exchange it. Raises NotFound, NotPermitted."""
    found = KINDS.get(kind)
    if found is None:
        raise NotFound(kind=kind)
    if not actor.posts & found.posts:
        raise NotPermitted(action="exchange")
    return found


def receive_table(*, actor: Actor, kind: str, name: str, content: bytes, now: datetime) -> Import:
    """Keeps the table; it is read at once when it is small, otherwise by the worker.

    Raises FileRefused for what is neither a workbook nor a CSV, SpreadsheetRefused, TooManyImports, NotPermitted.
    """
    wanted = kind_named(actor=actor, kind=kind)
    scope = wanted.scope_of(actor)
    if actor.user_id is None:
        raise NotPermitted(action="exchange")
    open_now = Import.objects.filter(ordered_by_id=actor.user_id, finished_at=None).count()
    if open_now >= OPEN_MAX:
        raise TooManyImports(open=open_now)
    check_table(content, form=recognise(content, tables=True).word)
    with region_atomic():
        file = store_file(
            actor=actor,
            name=name,
            content=content,
            purpose="exchange.table",
            organisation_id=scope.organisation_id,
            now=now,
        )
        row = Import.objects.create(
            kind=wanted.name,
            supplier_id=scope.supplier_id,
            organisation_id=scope.organisation_id,
            file_key=file.key,
            file_name=file.name,
            form=file.kind,
            state=ImportState.RECEIVED,
            ordered_by_id=actor.user_id,
            ordered_by_name=actor.name,
            received_at=now,
        )
        note(actor, "received", row, now, file_key=file.key)
        region_on_commit(lambda: _begin(row, small=len(content) <= SMALL_BYTES_MAX))
    row.refresh_from_db()
    return row


def confirm_import(*, actor: Actor, import_id: int, now: datetime) -> Import:
    """Stores the rows that are right: at once when they are few. Raises NotFound, WrongState, NothingToStore."""
    with region_atomic():
        row = _locked(actor, import_id)
        row.state = IMPORT_LIFECYCLE.next(row.state, "confirm").target
        if not row.new + row.changed:
            raise NothingToStore
        row.confirmed_at, row.lease_until = now, None
        row.save(update_fields=["state", "confirmed_at", "lease_until"])
        note(actor, "confirmed", row, now, **counts_of(row))
        region_on_commit(lambda: _begin(row, small=row.rows <= SMALL_ROWS_MAX))
    row.refresh_from_db()
    return row


def cancel_import(*, actor: Actor, import_id: int, now: datetime) -> Import:
    """Ends it; the chunks that were stored stay stored. Raises NotFound, WrongState."""
    with region_atomic():
        row = _locked(actor, import_id)
        row.state = IMPORT_LIFECYCLE.next(row.state, "cancel").target
        row.finished_at, row.lease_until = now, None
        row.save(update_fields=["state", "finished_at", "lease_until"])
        note(actor, "cancelled", row, now, stored_to=row.stored_to)
    return row


def _begin(row: Import, *, small: bool) -> None:
    from shared_apps.exchange.services.running import run_import

    if small:
        run_import(import_id=row.pk)
    else:
        wake_import(row.pk)


def wake_import(import_id: int) -> None:
    """Sends the wake-up; what is to be done stands in the import's row."""
    from shared_apps.exchange.tasks import run

    wake(run.delay, import_id=import_id)


def _locked(actor: Actor, import_id: int) -> Import:
    """Raises NotFound for others' imports. A chunk under way is waited for."""
    access_import(actor=actor, import_id=import_id)
    if not actor.posts & IMPORTERS:
        raise NotPermitted(action="exchange")
    return Import.objects.select_for_update().get(pk=import_id)


def counts_of(row: Import) -> dict[str, int]:
    return {"rows": row.rows, "new": row.new, "changed": row.changed, "unchanged": row.unchanged, "wrong": row.wrong}


def note(actor: Actor, what: str, row: Import, now: datetime, **more: Any) -> None:
    record(
        actor=actor,
        event=f"exchange.import_{what}",
        object_type="import",
        object_id=row.pk,
        facts={"kind": row.kind, "supplier_id": row.supplier_id, **more},
        now=now,
    )

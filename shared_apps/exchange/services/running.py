"""The work of an import, chunk by chunk: reading and judging a table, then storing what it changes.

A run holds the import by its number and a lease, renewed with every chunk. Reading begins anew when a run was lost, as
it has stored nothing but the rows it read; storing goes on behind the last chunk, whose transaction held its rows, its
journal row and the place it came to: a chunk is stored once, whatever dies.
"""

from __future__ import annotations

import gc
import json
import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connections
from django.db.models import Q

from kernel.actor import ANONYMOUS, SYSTEM, Actor
from kernel.clock import database_now
from kernel.problems import DomainError, NotPermitted
from kernel.spreadsheets import SpreadsheetRefused, plain, stream_cells
from shared_apps.accounts.selectors import user_by_id, visitor_of
from shared_apps.exchange.columns import Values, read_row
from shared_apps.exchange.kinds import KINDS, ImportKind, Judged, Scope
from shared_apps.exchange.models import Import, ImportRow
from shared_apps.exchange.rules import (
    AT_WORK,
    CHUNK_ROWS,
    COLUMNS_MAX,
    IMPORT_LIFECYCLE,
    LEASE,
    ROWS_MAX,
    RUNS_MAX,
    WAKE_UP,
    ImportState,
    Outcome,
)
from shared_apps.exchange.services.receiving import counts_of, note
from shared_apps.region_files.services import open_file
from tenants.database.context import REGION_ALIAS, region_atomic

logger = logging.getLogger(__name__)
_COUNTED = {Outcome.NEW: "new", Outcome.CHANGED: "changed", Outcome.UNCHANGED: "unchanged", Outcome.WRONG: "wrong"}


class TakenOver(RuntimeError):
    """The import was broken off, or another run holds it: this one writes nothing more."""


def _now() -> datetime:
    return database_now(REGION_ALIAS)


def due_imports(*, now: datetime) -> list[int]:
    """Imports whose wake-up or whose worker was lost."""
    waiting = Q(lease_until=None, received_at__lte=now - WAKE_UP) | Q(lease_until__lte=now)
    rows = Import.objects.filter(waiting, state__in=[state.value for state in AT_WORK], finished_at=None)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:100])


def run_import(*, import_id: int) -> None:
    """Does what is left of the import. Nothing happens while another run holds it or nobody has confirmed it."""
    row = _take(import_id)
    if row is None:
        return
    kind = KINDS[row.kind]
    try:
        with _seldom_collected():
            if row.state == ImportState.READING:
                _read(row, kind)
            else:
                _store_all(row, kind)
    except TakenOver:
        logger.warning("run %s of import %s was taken over or broken off", row.run, row.pk)


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """The collector of cycles looks in between chunks only: rows hold none, and waking it every few hundred lists and
    texts is a third of the time it takes to read them."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _take(import_id: int) -> Import | None:
    """Marks the import as ours until the lease ends."""
    with region_atomic():
        row = Import.objects.select_for_update().filter(pk=import_id, state__in=[s.value for s in AT_WORK]).first()
        now = _now()
        if row is None or (row.lease_until is not None and row.lease_until > now):
            return None
        if row.run >= RUNS_MAX:
            _end(row, ImportState.CANCELLED, now, reason="broken-off")
            note(SYSTEM, "cancelled", row, now, stored_to=row.stored_to)
            return None
        if row.state == ImportState.RECEIVED:
            row.state = IMPORT_LIFECYCLE.next(row.state, "read").target
        row.run, row.lease_until = row.run + 1, now + LEASE
        row.save()
        return row


def _held(row: Import, now: datetime) -> None:
    """Locks the import for this transaction and renews the lease. Raises TakenOver."""
    held = Import.objects.filter(pk=row.pk, run=row.run, state=row.state).update(lease_until=now + LEASE)
    if not held:
        raise TakenOver(row.run)


def _end(row: Import, state: ImportState, now: datetime, *, reason: str = "") -> None:
    row.state, row.reason, row.finished_at, row.lease_until = state, reason, now, None
    row.save()


def _acting_for(row: Import, kind: ImportKind) -> tuple[Actor, Scope]:
    """Who ordered it, with the posts and the supplier that person has now. Raises NotPermitted."""
    user = user_by_id(user_id=row.ordered_by_id)
    actor = ANONYMOUS if user is None else visitor_of(user=user).actor
    if not actor.posts & kind.posts:
        raise NotPermitted(action="exchange")
    scope = kind.scope_of(actor)
    if (scope.organisation_id, scope.supplier_id) != (row.organisation_id, row.supplier_id):
        raise NotPermitted(action="exchange")
    return actor, scope


# -- reading -------------------------------------------------------------------------------------------------------
def _read(row: Import, kind: ImportKind) -> None:
    """Reads the file in a bounded process, judges every row against the database and keeps what it said."""
    try:
        actor, scope = _acting_for(row, kind)
        _forget_rows(row)
        _, content = open_file(actor=actor, key=row.file_key)
        seen: dict[tuple[str, Any], int] = {}
        for chunk in _chunks(_rows(kind, content, row.form)):
            _keep_chunk(row, kind, scope, chunk, seen)
            gc.collect(1)
        if not row.rows:
            raise SpreadsheetRefused("no-rows")
    except DomainError as error:
        _unreadable(row, str(error.facts.get("reason", error.code)))
        return
    with region_atomic():
        now = _now()
        _held(row, now)
        row.state, row.checked_at = IMPORT_LIFECYCLE.next(row.state, "check").target, now
        row.lease_until = None
        row.save()
        note(actor, "checked", row, now, **counts_of(row))


def _forget_rows(row: Import) -> None:
    """What a lost run had read."""
    with region_atomic():
        _held(row, _now())
        ImportRow.objects.filter(of=row).delete()
        row.rows = row.new = row.changed = row.unchanged = row.wrong = 0
        row.save(update_fields=["rows", "new", "changed", "unchanged", "wrong"])


def _unreadable(row: Import, reason: str) -> None:
    _forget_rows(row)
    with region_atomic():
        now = _now()
        _held(row, now)
        _end(row, ImportState.UNREADABLE, now, reason=reason[:40])
        note(SYSTEM, "unreadable", row, now, reason=row.reason)


def _rows(kind: ImportKind, content: bytes, form: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The file's rows below the header by column name, with their numbers. Raises SpreadsheetRefused."""
    names: list[str] | None = None
    number = 0
    batches = stream_cells(content, rows_max=ROWS_MAX + 1, columns_max=COLUMNS_MAX, large=True, form=form)
    for batch in batches:
        for cells in batch:
            number += 1
            if names is None:
                names = _header(kind, cells)
            elif any(text.strip() for text in cells):
                yield number, dict(zip(names, cells, strict=False))


def _header(kind: ImportKind, cells: list[str]) -> list[str]:
    """The column names in the file's order, by label or by name. Raises SpreadsheetRefused."""
    known = {str(column.label): column.name for column in kind.columns} | {c.name: c.name for c in kind.columns}
    names = [known.get(plain(text.strip()), "") for text in cells]
    if "" in names or len(set(names)) != len(names):
        raise SpreadsheetRefused("no-header")
    if any(column.required and column.name not in names for column in kind.columns):
        raise SpreadsheetRefused("no-header")
    return names


Row = tuple[int, dict[str, str]]


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    chunk: list[Row] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK_ROWS:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


# Number, outcome, values and errors of a row, as JSON keeps them.
Line = tuple[int, str, Values, list[list[str]]]


def _keep_chunk(
    row: Import, kind: ImportKind, scope: Scope, chunk: list[Row], seen: dict[tuple[str, Any], int]
) -> None:
    """Judges some rows and keeps them, with the figures so far."""
    lines: list[Line] = []
    right: list[Values] = []
    places: list[int] = []
    for number, texts in chunk:
        values, errors = read_row(kind.columns, texts, number=number)
        told = [[error.column, error.reason] for error in errors] or _twice(kind, values, number, seen)
        lines.append((number, Outcome.WRONG.value, _shown(texts) if told else values, told))
        if not told:
            places.append(len(lines) - 1)
            right.append(values)
    with region_atomic():
        now = _now()
        _held(row, now)
        found = kind.judge(scope=scope, rows=right, now=now)
        for place, values, judged in zip(places, right, found, strict=True):
            lines[place] = _line(kind, lines[place][0], values, judged)
        for outcome, many in Counter(line[1] for line in lines).items():
            counter = _COUNTED[Outcome(outcome)]
            setattr(row, counter, getattr(row, counter) + many)
        row.rows += len(lines)
        row.save(update_fields=["rows", *_COUNTED.values()])
        _keep(row.pk, lines)


def _shown(texts: dict[str, str]) -> Values:
    """A wrong row's texts; the one character that no database keeps, which spreadsheets may hold, as its number."""
    return {name: text.replace("\x00", "[U+0000]") for name, text in texts.items()}


def _line(kind: ImportKind, number: int, values: Values, judged: Judged) -> Line:
    if judged.outcome is not Outcome.WRONG:
        return number, judged.outcome.value, values, []
    texts = {column.name: column.show(values.get(column.name)) for column in kind.columns}
    return number, judged.outcome.value, texts, [[judged.column, judged.reason]]


def _twice(kind: ImportKind, values: Values, number: int, seen: dict[tuple[str, Any], int]) -> list[list[str]]:
    from django.utils.translation import gettext as _

    for name in filter(None, (kind.key, kind.also_once)):
        before = seen.setdefault((name, values[name]), number)
        if before != number:
            return [[name, _("This stands in row %(row)s already.") % {"row": before}]]
    return []


_KEEP = """
INSERT INTO exchange_importrow (of_id, number, outcome, "values", errors)
SELECT %s, (line->>0)::int, line->>1, line->2, line->3 FROM jsonb_array_elements(%s::jsonb) AS line
"""


def _keep(import_id: int, lines: list[Line]) -> None:
    """One statement: the rows are many, and nobody asks for them one by one."""
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(_KEEP, [import_id, json.dumps(lines, ensure_ascii=False)])


# -- storing -------------------------------------------------------------------------------------------------------
def _store_all(row: Import, kind: ImportKind) -> None:
    try:
        actor, scope = _acting_for(row, kind)
    except NotPermitted:
        with region_atomic():
            now = _now()
            _held(row, now)
            _end(row, ImportState.CANCELLED, now, reason="not-permitted")
            note(SYSTEM, "cancelled", row, now, stored_to=row.stored_to)
        return
    while _store_chunk(row, kind, actor, scope):
        gc.collect(1)


def _store_chunk(row: Import, kind: ImportKind, actor: Actor, scope: Scope) -> bool:
    """One chunk in one transaction, or the end of the import. Returns whether there may be more."""
    with region_atomic():
        now = _now()
        _held(row, now)
        chunk = _waiting(row)
        if not chunk:
            _end(row, ImportState.DONE, now)
            stored = {name: getattr(row, name) for name in ("created", "updated", "for_review", "refused")}
            note(actor, "finished", row, now, **stored)
            return False
        found = kind.store(actor=actor, scope=scope, rows=[values for _number, values in chunk], now=now)
        refused = [
            (number, [[one.column, one.reason]])
            for (number, _values), one in zip(chunk, found, strict=True)
            if one.outcome is Outcome.WRONG
        ]
        _refuse(row, refused)
        became = Counter(one.outcome for one in found)
        row.created += became[Outcome.NEW]
        row.updated += became[Outcome.CHANGED]
        row.for_review += sum(one.for_review for one in found)
        row.refused += len(refused)
        row.stored_to, row.chunks = chunk[-1][0], row.chunks + 1
        row.save(update_fields=["stored_to", "chunks", "created", "updated", "for_review", "refused"])
    return True


_WAITING = """
SELECT number, "values"::text FROM exchange_importrow
 WHERE of_id = %s AND number > %s AND outcome = ANY(%s) ORDER BY number LIMIT %s
"""


def _waiting(row: Import) -> list[tuple[int, Values]]:
    """The next rows to store, all their values read as one text."""
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(_WAITING, [row.pk, row.stored_to, [Outcome.NEW.value, Outcome.CHANGED.value], CHUNK_ROWS])
        found = cursor.fetchall()
    values = json.loads(f"[{','.join(text for _number, text in found)}]")
    return [(number, one) for (number, _text), one in zip(found, values, strict=True)]


def _refuse(row: Import, refused: list[tuple[int, list[list[str]]]]) -> None:
    """What the database took back since the preview."""
    if not refused:
        return
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(
            f"UPDATE {ImportRow._meta.db_table} r SET outcome = %s, errors = g.errors "  # noqa: S608  # a table's name
            "FROM jsonb_to_recordset(%s) AS g(number int, errors jsonb) WHERE r.of_id = %s AND r.number = g.number",
            [
                Outcome.REFUSED.value,
                json.dumps([{"number": number, "errors": errors} for number, errors in refused]),
                row.pk,
            ],
        )

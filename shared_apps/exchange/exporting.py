"""Tables going out: templates, exports in the shape of the template, what was wrong, and what became of each row."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from django.utils.translation import gettext as _

from kernel import spreadsheets
from kernel.spreadsheets import safe
from shared_apps.exchange.columns import texts_of
from shared_apps.exchange.kinds import ImportKind, Scope
from shared_apps.exchange.models import Import
from shared_apps.exchange.rules import ANNOTATED_ROWS_MAX, Outcome
from shared_apps.exchange.selectors import WRONG, every_row, rows_of
from shared_apps.exchange.words import OUTCOMES

_PIECE_ROWS = 500
# Excel takes a file without it for the system's own encoding.
_BYTE_ORDER_MARK = "\ufeff"


def template(kind: ImportKind) -> bytes:
    """An empty workbook with the columns, drop-downs where there are choices, and a page of notes."""
    choices = {column.name: list(column.choices()) for column in kind.columns if column.choices is not None}
    notes = [str(note) for note in kind.notes]
    return spreadsheets.write(title=str(kind.label), columns=kind.columns, notes=notes, choices=choices)


def csv_pieces(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A CSV of texts that no spreadsheet program takes for formulas, some rows at a time."""
    out = StringIO()
    out.write(_BYTE_ORDER_MARK)
    writer = csv.writer(out)
    for number, row in enumerate(rows, start=1):
        writer.writerow([safe(text) for text in row])
        if number % _PIECE_ROWS == 0:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def exported(*, kind: ImportKind, scope: Scope) -> Iterator[tuple[str, ...]]:
    """The header and every row the actor may exchange: what is exported can be imported, and changes nothing."""
    yield tuple(str(column.label) for column in kind.columns)
    for values in kind.export(scope):
        yield texts_of(kind.columns, values)


def annotated(*, kind: ImportKind, found: Import) -> bytes:
    """A workbook of the wrong rows as they were sent, what is wrong written at its cells. It can be sent back."""
    rows = rows_of(found=found, outcomes=WRONG, most=ANNOTATED_ROWS_MAX)
    remarks = {
        (place, column or kind.key): reason for place, row in enumerate(rows, start=2) for column, reason in row.errors
    }
    return spreadsheets.write(
        title=str(kind.label),
        columns=kind.columns,
        rows=[_texts(kind, row.outcome, row.values) for row in rows],
        remarks=remarks,
        notes=[
            _("Row %(row)s of the file: %(reason)s") % {"row": row.number, "reason": _reasons(kind, row.errors)}
            for row in rows
        ],
    )


def result(*, kind: ImportKind, found: Import) -> Iterator[tuple[str, ...]]:
    """Every row with what became of it."""
    yield (_("Row"), *(str(column.label) for column in kind.columns), _("Result"), _("Reason"))
    for number, outcome, values, errors in every_row(found=found):
        waiting = outcome in {Outcome.NEW, Outcome.CHANGED} and number > found.stored_to
        said = _("Not stored") if waiting else str(OUTCOMES[Outcome(outcome)])
        yield (str(number), *_texts(kind, outcome, values), said, _reasons(kind, errors))


def _texts(kind: ImportKind, outcome: str, values: dict[str, object]) -> tuple[str, ...]:
    """Wrong rows are kept as they were written, the others as they were read."""
    if outcome == Outcome.WRONG:
        return tuple(str(values.get(column.name) or "") for column in kind.columns)
    return texts_of(kind.columns, values)


def _reasons(kind: ImportKind, errors: Sequence[Sequence[str]]) -> str:
    labels = {column.name: str(column.label) for column in kind.columns}
    return "; ".join(f"{labels.get(column, '')}: {reason}" if column else reason for column, reason in errors)

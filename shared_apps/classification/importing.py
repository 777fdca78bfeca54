"""Taking over the ministry's item table (财库〔2022〕31号): judged as a whole, stored only when every row is right."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.actor import Actor
from kernel.inputs import CodeField, StrictSerializer, TextField
from kernel.locks import advisory_lock_key, advisory_xact_lock
from kernel.problems import InvalidInput, NotPermitted
from kernel.sm3 import sm3_hex
from kernel.spreadsheets import (
    CELL_LENGTH_MAX,
    CellError,
    Column,
    SheetRow,
    SpreadsheetRefused,
    read_checked,
    read_rows,
    shown,
)
from shared_apps.classification.models import CatalogueCategory, ItemCategory, ItemImport
from shared_apps.classification.permissions import ADMINISTRATORS
from shared_apps.classification.rules import ancestors_of, is_item_code, kind_of, level_of
from shared_apps.classification.selectors import forget
from shared_apps.region_journal.services import record
from tenants.database.context import REGION_ALIAS, region_atomic

ROWS_MAX = 20_000
FILE_BYTES_MAX = 5 * 1024 * 1024
CHUNK_ROWS = 1000
COLUMNS = (
    Column("code", gettext_lazy("Item code"), width=16),
    Column("name", gettext_lazy("Item name"), width=40),
    Column("notes", gettext_lazy("Notes"), required=False, width=80),
)
# The words of the law for what the letters stand for. Source: Government Procurement Law art. 2.
LETTERS = {"A": "货物", "B": "工程", "C": "服务"}
SOURCE = "财库〔2022〕31号"


class ItemRowInput(StrictSerializer):
    code = CodeField(max_length=11)
    name = TextField(max_length=80)
    notes = TextField(max_length=CELL_LENGTH_MAX, multiline=True, required=False, allow_blank=True, default="")


class Change(StrEnum):
    ADD = "add"
    CHANGE = "change"
    REVIVE = "revive"
    RETIRE = "retire"


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One line of the preview. `row` is 0 for what the table no longer has."""

    row: int
    code: str
    name: str
    before: str
    change: Change


@dataclass(frozen=True, slots=True)
class ItemPreview:
    """A table as it would be stored now."""

    rows: int
    changes: tuple[ItemChange, ...]
    errors: tuple[CellError, ...]

    def count(self, *changes: Change) -> int:
        return sum(1 for one in self.changes if one.change in changes)

    @property
    def added(self) -> int:
        return self.count(Change.ADD)

    @property
    def changed(self) -> int:
        return self.count(Change.CHANGE, Change.REVIVE)

    @property
    def retired(self) -> int:
        return self.count(Change.RETIRE)


class RowsRefused(InvalidInput):
    """At least one row is wrong; nothing is stored. `facts["rows"]` names row, column, value and reason."""

    code = "item-rows-refused"
    title = gettext_lazy("Some rows of the table are wrong; nothing was stored")

    def __init__(self, errors: Sequence[CellError]) -> None:
        super().__init__(
            errors={f"rows.{one.row}.{one.column}".rstrip("."): [one.reason] for one in errors[:200]},
            rows=[
                {"row": one.row, "column": one.column, "value": one.value, "reason": one.reason} for one in errors[:200]
            ],
            wrong=len(errors),
        )


Values = dict[str, Any]


def preview_items(*, actor: Actor, content: bytes) -> ItemPreview:
    """What the file would change. Stores nothing. Raises SpreadsheetRefused, NotPermitted."""
    _require(actor)
    return _judged(*_read(content))[0]


def import_items(*, actor: Actor, content: bytes, file_name: str, now: datetime) -> ItemPreview:
    """Stores the whole table in one transaction and one journal row; what it no longer has is retired.

    Sources of rows there are stay as they are. Raises SpreadsheetRefused, RowsRefused, NotPermitted.
    """
    _require(actor)
    rows, errors = _read(content)
    with region_atomic():
        advisory_xact_lock(REGION_ALIAS, advisory_lock_key("classification", "items"))
        found, values = _judged(rows, errors)
        if found.errors:
            raise RowsRefused(found.errors)
        taken = ItemImport.objects.create(
            file_name=file_name[:120],
            sm3=sm3_hex(content),
            rows=found.rows,
            added=found.added,
            changed=found.changed,
            retired=found.retired,
            by_name=actor.name,
            imported_at=now,
        )
        _store(values, taken, now)
        gone = [one.code for one in found.changes if one.change == Change.RETIRE]
        ItemCategory.objects.filter(code__in=gone).update(retired_at=now)
        record(
            actor=actor,
            event="classification.items_imported",
            object_type="catalogue",
            object_id=taken.pk,
            facts={
                "file_name": taken.file_name, "sm3": taken.sm3, "rows": taken.rows, "added": taken.added,
                "changed": taken.changed, "retired": taken.retired,
            },
            now=now,
        )  # fmt: skip
    forget()
    return found


# -- reading ----------------------------------------------------------------------------------------------------------
def _read(content: bytes) -> tuple[list[tuple[int, Values]], list[CellError]]:
    """Rows that are right by themselves, numbered as the program shows them, and what is wrong with the others."""
    if len(content) > FILE_BYTES_MAX:
        raise SpreadsheetRefused("too-large")
    rows = read_rows(content, columns=COLUMNS, rows_max=ROWS_MAX) if content[:2] == b"PK" else _csv_rows(content)
    return read_checked(rows, serializer=ItemRowInput, columns=COLUMNS)


def _csv_rows(content: bytes) -> list[SheetRow]:
    """UTF-8 or, as Chinese spreadsheet programs save it, GB 18030."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise SpreadsheetRefused("not-a-spreadsheet")
    labels = {str(column.label): column.name for column in COLUMNS} | {column.name: column.name for column in COLUMNS}
    try:
        cells = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        raise SpreadsheetRefused("not-a-spreadsheet") from None
    header = [labels.get(one.strip(), "") for one in cells[0]] if cells else []
    if "" in header or len(set(header)) != len(header) or not {"code", "name"} <= set(header):
        raise SpreadsheetRefused("no-header")
    if len(cells) > ROWS_MAX + 1:
        raise SpreadsheetRefused("too-many-rows")
    found = [
        SheetRow(number, dict(zip(header, row, strict=False)))
        for number, row in enumerate(cells[1:], start=2)
        if any(one.strip() for one in row)
    ]
    if not found:
        raise SpreadsheetRefused("no-rows")
    return found


# -- judging ----------------------------------------------------------------------------------------------------------
def _judged(rows: Sequence[tuple[int, Values]], errors: Sequence[CellError]) -> tuple[ItemPreview, list[Values]]:
    """The preview, and the rows with level, kind and parent. Two statements."""
    wrong, right = list(errors), []
    seen: dict[str, int] = {}
    for number, values in rows:
        code = str(values["code"])
        if not is_item_code(code):
            wrong.append(_wrong(number, "code", code, _("An item code is a letter A, B or C and eight or ten digits.")))
        elif code in seen:
            words = _("This code stands in row %(row)s already.") % {"row": seen[code]}
            wrong.append(_wrong(number, "code", code, words))
        else:
            seen[code] = number
            right.append({**values, "row": number})
    there = {row.code: row for row in ItemCategory.objects.all()}
    codes = {*seen, *LETTERS}
    for code, name in CatalogueCategory.objects.exclude(item_id__in=codes).values_list("item_id", "name"):
        words = _("The shop category “%(name)s” has this item code, and the table lacks it.") % {"name": name}
        wrong.append(_wrong(0, "code", code, words))
    for values in [
        *right,
        *({"code": letter, "name": name, "notes": "", "row": 0} for letter, name in LETTERS.items()),
    ]:
        code = values["code"]
        values |= {
            "level": level_of(code),
            "kind": kind_of(code).value,
            "parent_id": next((one for one in ancestors_of(code) if one in codes), None),
        }
        if values["row"] == 0 and code not in seen and code not in there:
            right.append(values)
    changes = [*_changes(right, there), *_gone(codes, there)]
    wrong.sort(key=lambda one: (one.row, one.column))
    return ItemPreview(len(rows), tuple(changes), tuple(wrong)), right


def _wrong(row: int, column: str, value: str, reason: str) -> CellError:
    label = next(str(one.label) for one in COLUMNS if one.name == column)
    return CellError(row, column, label, shown(value), reason)


def _changes(right: Iterable[Values], there: dict[str, ItemCategory]) -> Iterable[ItemChange]:
    for values in right:
        old = there.get(values["code"])
        if old is None:
            yield ItemChange(values["row"], values["code"], values["name"], "", Change.ADD)
        elif old.retired_at is not None:
            yield ItemChange(values["row"], old.code, values["name"], old.name, Change.REVIVE)
        elif (old.name, old.notes, old.parent_id) != (values["name"], values["notes"], values["parent_id"]):
            yield ItemChange(values["row"], old.code, values["name"], old.name, Change.CHANGE)


def _gone(codes: set[str], there: dict[str, ItemCategory]) -> Iterable[ItemChange]:
    for code, row in sorted(there.items()):
        if code not in codes and row.retired_at is None:
            yield ItemChange(0, code, row.name, row.name, Change.RETIRE)


# -- storing ----------------------------------------------------------------------------------------------------------
def _store(rows: Sequence[Values], taken: ItemImport, now: datetime) -> None:
    """Parents before children: the foreign key is checked row by row."""
    items = [
        ItemCategory(
            code=values["code"],
            name=values["name"],
            level=values["level"],
            parent_id=values["parent_id"],
            kind=values["kind"],
            notes=values["notes"],
            source=f"{SOURCE} {taken.file_name}"[:300],
            imported_in=taken,
        )
        for values in rows
    ]
    for level in sorted({item.level for item in items}):
        ItemCategory.objects.bulk_create(
            [item for item in items if item.level == level],
            batch_size=CHUNK_ROWS,
            update_conflicts=True,
            unique_fields=["code"],
            # Not the source: a shipped code keeps the one it was read in.
            update_fields=["name", "level", "parent", "kind", "notes", "imported_in", "retired_at"],
        )


def _require(actor: Actor) -> None:
    if not (actor.is_system or actor.posts & ADMINISTRATORS):
        raise NotPermitted(action="import_items")

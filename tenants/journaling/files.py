"""Files of people, the same in both rooms: the abstract row, the purposes that apps declare, keeping and opening.

A file is kept for a declared purpose, which says what kinds and sizes it takes and who may open it. The object is on
the disk before its row is committed: what crashes in between leaves an object without a row, and the sweep takes it.
Rows are append-only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.file_kinds import CSV, KINDS, SERVED, FileRefused, checked_name, recognise
from kernel.problems import Conflict, NotFound, NotPermitted
from kernel.registry import Registry
from kernel.sm3 import sm3_hex
from tenants.journaling import file_store

SIZE_BYTES_MAX = 20 * 1024 * 1024
ORPHAN_AFTER = timedelta(hours=24)


class FileNotFound(NotFound):
    """Also the answer for a file that is another person's or another mall's."""

    code = "file-not-found"
    title = _("There is no such file")


class FileDamaged(Conflict):
    """The row is there, and the object is gone or altered: it is not served."""

    code = "file-damaged"
    title = _("The file is damaged on the server and cannot be opened")


class StoredFile(models.Model):
    """One file. `key` names the object and begins with its room; the name is the person's, for showing only."""

    key = models.CharField(max_length=70, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=[(word, word) for word in KINDS])
    size_bytes = models.PositiveIntegerField()
    sm3 = models.CharField(max_length=64)
    purpose = models.CharField(max_length=60)
    uploaded_by_id = models.BigIntegerField(null=True)
    uploaded_by_name = models.CharField(max_length=40)
    organisation_id = models.BigIntegerField(null=True)
    uploaded_at = models.DateTimeField()

    class Meta:
        abstract = True
        constraints = (
            models.CheckConstraint(
                name="%(app_label)s_key_has_a_room",
                condition=Q(key__regex=r"^(region|[0-9]{6}(_[a-z0-9]{1,20})?)-[0-9a-f]{40}$"),
            ),
            models.CheckConstraint(
                name="%(app_label)s_size_within_bounds",
                condition=Q(size_bytes__gt=0) & Q(size_bytes__lte=SIZE_BYTES_MAX),
            ),
            models.CheckConstraint(name="%(app_label)s_sm3_is_hex", condition=Q(sm3__regex=r"^[0-9a-f]{64}$")),
        )

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class FilePurpose:
    """What files are kept for. `may_read` decides on every opening, after the person who uploaded it."""

    name: str
    label: str | Promise
    kinds: frozenset[str]
    may_read: Callable[[Actor, FileView], bool]
    size_bytes_max: int = SIZE_BYTES_MAX

    def __post_init__(self) -> None:
        if not self.kinds <= SERVED.keys() or not 0 < self.size_bytes_max <= SIZE_BYTES_MAX:
            raise ValueError(f"{self.name}: unknown kinds or a size beyond {SIZE_BYTES_MAX} bytes")


@dataclass(frozen=True, slots=True)
class FileView:
    """What others see of a stored file."""

    id: int
    key: str
    name: str
    kind: str
    size_bytes: int
    sm3: str
    purpose: str
    uploaded_by_id: int | None
    organisation_id: int | None
    uploaded_at: datetime


# Filled at app start: a purpose that is not declared takes no file.
PURPOSES: Registry[FilePurpose] = Registry("purposes of files")


def of_the_same_organisation(actor: Actor, file: FileView) -> bool:
    """Whether the actor belongs to the organisation on whose behalf the file was uploaded."""
    return file.organisation_id is not None and any(
        belonging.organisation_id == file.organisation_id for belonging in actor.belongs
    )


def view_of(row: StoredFile) -> FileView:
    return FileView(
        id=row.pk,
        key=row.key,
        name=row.name,
        kind=row.kind,
        size_bytes=row.size_bytes,
        sm3=row.sm3,
        purpose=row.purpose,
        uploaded_by_id=row.uploaded_by_id,
        organisation_id=row.organisation_id,
        uploaded_at=row.uploaded_at,
    )


def keep(
    *, model: type[StoredFile], room: str, actor: Actor, organisation_id: int | None, name: str, content: bytes,
    purpose: str, now: datetime,
) -> FileView:  # fmt: skip
    """Checks the content, puts the object on the disk and adds the row, inside the caller's transaction.

    Raises FileRefused, and NotPermitted for somebody who is not signed in or does not belong to `organisation_id`.
    """
    declared = PURPOSES[purpose]
    if not (actor.signed_in or actor.is_system):
        raise NotPermitted
    if organisation_id is not None and all(organisation_id != b.organisation_id for b in actor.belongs):
        raise NotPermitted
    if len(content) > declared.size_bytes_max:
        raise FileRefused("too-large")
    kind = recognise(content, tables=CSV.word in declared.kinds)
    if kind.word not in declared.kinds:
        raise FileRefused("kind-not-here")
    row = model(
        key=file_store.new_key(room),
        name=checked_name(name, kind),
        kind=kind.word,
        size_bytes=len(content),
        sm3=sm3_hex(content),
        purpose=purpose,
        uploaded_by_id=actor.user_id,
        uploaded_by_name=actor.name,
        organisation_id=organisation_id,
        uploaded_at=now,
    )
    file_store.write_object(row.key, content)
    row.save(force_insert=True)
    return view_of(row)


def facts_of(file: FileView) -> Mapping[str, Any]:
    """What the journal is told."""
    return {
        "key": file.key, "kind": file.kind, "size_bytes": file.size_bytes, "sm3": file.sm3, "purpose": file.purpose,
    }  # fmt: skip


def find(*, model: type[StoredFile], room: str, actor: Actor, key: str) -> FileView:
    """The file of this room that the actor may open. Raises FileNotFound: a stranger's is like one that is not."""
    if file_store.room_of_key(key) != room:
        raise FileNotFound
    row = model._default_manager.filter(key=key).first()
    if row is None:
        raise FileNotFound
    file = view_of(row)
    declared = PURPOSES.get(file.purpose)
    own = actor.signed_in and actor.user_id == file.uploaded_by_id
    if not (own or (declared is not None and declared.may_read(actor, file))):
        raise FileNotFound
    return file


def content_of(file: FileView) -> bytes:
    """The object's bytes, compared with the row. Raises FileDamaged."""
    try:
        content = file_store.read_object(file.key)
    except OSError:
        raise FileDamaged(key=file.key) from None
    if len(content) != file.size_bytes or sm3_hex(content) != file.sm3:
        raise FileDamaged(key=file.key)
    return content


def sweep(*, model: type[StoredFile], room: str, now: datetime) -> int:
    """Deletes objects of this room that have had no row for a day; returns how many."""
    known = set(model._default_manager.values_list("key", flat=True))
    removed = 0
    for key, changed, path in file_store.objects_in(room):
        if key not in known and changed < (now - ORPHAN_AFTER).timestamp():
            path.unlink(missing_ok=True)
            removed += 1
    return removed

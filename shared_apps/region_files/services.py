"""Keeping and opening files of the region."""

from __future__ import annotations

from datetime import datetime

from kernel.actor import Actor
from shared_apps.region_files.models import RegionFile
from shared_apps.region_journal.services import record
from tenants.database.context import region_atomic
from tenants.journaling import files
from tenants.journaling.file_store import REGION_ROOM
from tenants.journaling.files import FileView


def store_file(
    *, actor: Actor, name: str, content: bytes, purpose: str, now: datetime, organisation_id: int | None = None
) -> FileView:
    """Keeps one file for a declared purpose, on behalf of an organisation of the actor's where one is given.

    May be called inside the caller's transaction. Raises FileRefused and NotPermitted.
    """
    with region_atomic():
        file = files.keep(
            model=RegionFile,
            room=REGION_ROOM,
            actor=actor,
            organisation_id=organisation_id,
            name=name,
            content=content,
            purpose=purpose,
            now=now,
        )
        record(
            actor=actor,
            event="region_files.stored",
            object_type="file",
            object_id=file.id,
            facts=files.facts_of(file),
            now=now,
        )
    return file


def open_file(*, actor: Actor, key: str) -> tuple[FileView, bytes]:
    """A file that the actor may open, with its bytes. Raises FileNotFound and FileDamaged."""
    file = files.find(model=RegionFile, room=REGION_ROOM, actor=actor, key=key)
    return file, files.content_of(file)


def sweep_orphans(*, now: datetime) -> int:
    """Deletes the region's objects that have had no row for a day; returns how many."""
    return files.sweep(model=RegionFile, room=REGION_ROOM, now=now)

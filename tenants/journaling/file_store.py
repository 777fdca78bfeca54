"""Objects on disk: one folder a room, random names, whole or not there.

A key is `<room>-<40 hexadecimal digits>`; the room is the tenant's code, or `region`. Nothing of what a person typed
becomes part of a path.
"""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings

REGION_ROOM = "region"
_ROOM = re.compile(r"(region|[0-9]{6}(_[a-z0-9]{1,20})?)\Z")
_KEY = re.compile(r"(region|[0-9]{6}(?:_[a-z0-9]{1,20})?)-([0-9a-f]{40})\Z")


def room_folder(room: str) -> Path:
    """Where a room's objects lie. Raises ValueError for what is no room's name."""
    if not _ROOM.match(room):
        raise ValueError(f"not a room: {room!r}")
    return Path(settings.YZ_FILES_DIR) / room


def new_key(room: str) -> str:
    return f"{room}-{secrets.token_hex(20)}"


def room_of_key(key: str) -> str | None:
    """The room whose file the key names; None when it is no key at all."""
    found = _KEY.match(key)
    return found[1] if found else None


def path_of(key: str) -> Path:
    """Raises ValueError for what is no key."""
    found = _KEY.match(key)
    if found is None:
        raise ValueError("not a key of a file")
    return room_folder(found[1]) / found[2][:2] / found[2]


def write_object(key: str, content: bytes) -> None:
    """Puts the whole object in place and on the disk, or nothing."""
    path = path_of(key)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # A link fails where the name is taken: an object is never replaced.
        os.link(temporary, path)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(temporary)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read_object(key: str) -> bytes:
    """Raises FileNotFoundError, and OSError for a symbolic link in an object's place."""
    with os.fdopen(os.open(path_of(key), os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
        return file.read()


def objects_in(room: str) -> Iterator[tuple[str, float, Path]]:
    """(key, time of the last change, path) of everything in a room's folder; what has no key's name has key ""."""
    for path in sorted(room_folder(room).glob("*/*")):
        key = f"{room}-{path.name}"
        yield (key if _KEY.match(key) else ""), path.lstat().st_mtime, path


def rooms_on_disk() -> list[str]:
    """The rooms that have a folder."""
    root = Path(settings.YZ_FILES_DIR)
    return sorted(path.name for path in root.iterdir() if _ROOM.match(path.name)) if root.is_dir() else []

"""What the name list asks an agency to state, and what is still missing. Source: Cai Ku [2018] 2 (secondary)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Final

REGION_CODE: Final = "650000"
FULL_TIME_STAFF_MIN: Final = 5


class FileKind(StrEnum):
    LICENCE = "licence"
    OFFICE = "office"
    REVIEW_ROOM = "review_room"
    OTHER = "other"


class Lack(StrEnum):
    """Why the content is not complete."""

    EMPTY = "empty"
    FEW_STAFF = "few_staff"
    OFFICE = "office"
    RECORDING = "recording"
    ROOM = "room"
    NO_ROOM = "no_room"
    FILE = "file"
    DIVISION = "division"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The statutory content but staff and files. An agency of another province asks for permission to operate here
    and files nothing anew: it names itself, its contacts and its home province.
    """

    name: str = ""
    legal_representative: str = ""
    address: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    home_province: str = REGION_CODE
    division_code: str = ""
    office_address: str = ""
    office_is_independent: bool = False
    has_review_room: bool = False
    review_room_address: str = ""
    has_recording: bool = False

    @property
    def is_local(self) -> bool:
        return self.home_province == REGION_CODE

    def differences(self, other: Content) -> list[tuple[str, str | bool, str | bool]]:
        """Field, value here, value there, for each that differs, in the order of the fields."""
        mine, theirs = asdict(self), asdict(other)
        return [(name, mine[name], theirs[name]) for name in CONTENT_FIELDS if mine[name] != theirs[name]]


CONTENT_FIELDS: Final = tuple(field.name for field in fields(Content))
# What region staff may send back with a reason: the content, and what stands beside it.
RETURNABLE: Final = (*CONTENT_FIELDS, "staff", "files")
_ALWAYS: Final = ("name", "legal_representative", "address", "contact_name", "contact_phone")


def missing_content(content: Content) -> dict[str, Lack]:
    """What is wrong with the stated content, by field."""
    found = {name: Lack.EMPTY for name in _ALWAYS if not getattr(content, name)}
    if content.is_local:
        if not content.division_code:
            found["division_code"] = Lack.DIVISION
        if not content.office_address:
            found["office_address"] = Lack.EMPTY
        if not content.office_is_independent:
            found["office_is_independent"] = Lack.OFFICE
    # Who reviews in rooms of their own needs recording equipment there.
    if content.has_review_room:
        if not content.review_room_address:
            found["review_room_address"] = Lack.ROOM
        if not content.has_recording:
            found["has_recording"] = Lack.RECORDING
    elif content.review_room_address or content.has_recording:
        found["has_review_room"] = Lack.NO_ROOM
    return found


def missing(*, content: Content, staff: int, files: Collection[str]) -> dict[str, Lack]:
    """All that keeps the agency from the name list, by field; empty when it is complete."""
    found = missing_content(content)
    if content.is_local and staff < FULL_TIME_STAFF_MIN:
        found["staff"] = Lack.FEW_STAFF
    wanted = {FileKind.LICENCE}
    if content.is_local:
        wanted.add(FileKind.OFFICE)
    if content.has_review_room:
        wanted.add(FileKind.REVIEW_ROOM)
    if not wanted <= set(files):
        found["files"] = Lack.FILE
    return found

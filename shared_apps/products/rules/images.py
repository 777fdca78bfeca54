"""Photographs as they are kept: PNG or JPEG, measured, without what cameras and programs write beside them. Pure.

Pixels are not decoded or encoded anew: segments that show nothing (position, camera, comments, previews, animation)
are left out, byte for byte. A picture that relied on a turning mark shows as it was taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SIZE_BYTES_MAX: Final = 3 * 1024 * 1024
SIDE_MIN: Final = 200
SIDE_MAX: Final = 6000
PIXELS_MAX: Final = 24_000_000
IMAGES_MAX: Final = 8
_PNG_START: Final = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT: Final = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"sRGB", b"gAMA", b"cHRM", b"pHYs"})
# JFIF's own mark and Adobe's, which says how the colours are meant.
_JPEG_MARKS_KEPT: Final = frozenset({0xE0, 0xEE})
_JPEG_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


class ImageError(ValueError):
    """`args[0]` is the reason: damaged, small, large."""


@dataclass(frozen=True, slots=True)
class CleanImage:
    content: bytes
    kind: str
    width: int
    height: int


def clean_image(content: bytes) -> CleanImage:
    """The picture without what shows nothing. Raises ImageError; what is neither PNG nor JPEG is damaged."""
    try:
        if content.startswith(_PNG_START):
            found = _png(content)
        elif content.startswith(b"\xff\xd8\xff"):
            found = _jpeg(content)
        else:
            raise ImageError("damaged")
    except IndexError:
        raise ImageError("damaged") from None
    if min(found.width, found.height) < SIDE_MIN:
        raise ImageError("small")
    if max(found.width, found.height) > SIDE_MAX or found.width * found.height > PIXELS_MAX:
        raise ImageError("large")
    return found


def _png(content: bytes) -> CleanImage:
    parts, place = [_PNG_START], len(_PNG_START)
    width = height = 0
    while place < len(content):
        length, name = int.from_bytes(content[place : place + 4], "big"), content[place + 4 : place + 8]
        end = place + 12 + length
        if end > len(content):
            raise ImageError("damaged")
        if name == b"IHDR":
            width = int.from_bytes(content[place + 8 : place + 12], "big")
            height = int.from_bytes(content[place + 12 : place + 16], "big")
        if name in _PNG_KEPT:
            parts.append(content[place:end])
        place = end
    return CleanImage(b"".join(parts), "png", width, height)


def _jpeg(content: bytes) -> CleanImage:
    parts, place = [content[:2]], 2
    width = height = 0
    while True:
        while content[place] == 0xFF and content[place + 1] == 0xFF:
            place += 1
        if content[place] != 0xFF:
            raise ImageError("damaged")
        mark = content[place + 1]
        if mark == 0xD9:
            parts.append(content[place : place + 2])
            break
        end = place + 2 + int.from_bytes(content[place + 2 : place + 4], "big")
        if mark in _JPEG_FRAMES:
            height = int.from_bytes(content[place + 5 : place + 7], "big")
            width = int.from_bytes(content[place + 7 : place + 9], "big")
        if mark == 0xDA:
            end = _after_scan(content, end)
        if not (0xE0 <= mark <= 0xEF or mark == 0xFE) or mark in _JPEG_MARKS_KEPT:
            parts.append(content[place:end])
        place = end
    return CleanImage(b"".join(parts), "jpeg", width, height)


def _after_scan(content: bytes, place: int) -> int:
    """The place of the next mark behind compressed data."""
    while True:
        place = content.find(b"\xff", place)
        if place < 0:
            raise ImageError("damaged")
        following = content[place + 1]
        if following != 0x00 and not 0xD0 <= following <= 0xD7:
            return place
        place += 2

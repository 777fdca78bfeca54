"""Item codes of 《政府采购品目分类目录》 (财库〔2022〕31号) a letter, then digit pairs padded with zeros."""

from __future__ import annotations

import re
from enum import StrEnum

_CODE = re.compile(r"[ABC](?:[0-9]{8}|[0-9]{10})?")


class Kind(StrEnum):
    """What is bought. Source: Government Procurement Law art. 2."""

    GOODS = "goods"
    WORKS = "works"
    SERVICES = "services"


# The letter an item code begins with.
KIND_OF_LETTER = {"A": Kind.GOODS, "B": Kind.WORKS, "C": Kind.SERVICES}


def is_item_code(code: str) -> bool:
    """A letter alone, or a letter with eight digits (some services: ten)."""
    return _CODE.fullmatch(code) is not None


def level_of(code: str) -> int:
    """0 for the letter alone, else how many digit pairs stand before the padding zeros."""
    if not is_item_code(code):
        raise ValueError(f"{code!r} is not an item code")
    pairs = [code[at : at + 2] for at in range(1, len(code), 2)]
    while pairs and pairs[-1] == "00":
        pairs.pop()
    return len(pairs)


def kind_of(code: str) -> Kind:
    if not is_item_code(code):
        raise ValueError(f"{code!r} is not an item code")
    return KIND_OF_LETTER[code[0]]


def is_within(code: str, ancestor: str) -> bool:
    """Whether `code` is `ancestor` or lies below it."""
    stem = ancestor[: 1 + 2 * level_of(ancestor)]
    return code.startswith(stem)


def ancestors_of(code: str) -> tuple[str, ...]:
    """Every code that may stand above it, nearest first, the letter last; of a ten-digit one also ten-digit forms."""
    found: list[str] = []
    for level in range(level_of(code) - 1, 0, -1):
        stem = code[: 1 + 2 * level]
        found += [stem.ljust(width, "0") for width in (9, len(code)) if width >= len(stem)]
    return tuple(dict.fromkeys([*found, *([code[0]] if len(code) > 1 else [])]))

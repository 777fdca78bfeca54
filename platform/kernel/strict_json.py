"""A JSON reader that takes one spelling of everything and refuses the rest, before any of it costs memory or stack."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any, NoReturn

from kernel.problems import MalformedInput
from kernel.texts import forbidden_character

BODY_BYTES_MAX = 1024 * 1024
DEPTH_MAX = 32
KEYS_MAX = 10_000
KEY_LENGTH_MAX = 200
INTEGER_MAX = 2**63 - 1
NUMBER_LENGTH_MAX = 40

# Strings are stepped over whole; an unterminated one runs to the end, so that no start is tried twice.
_STRUCTURE = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)


def parse_json(data: bytes, *, keys_max: int = KEYS_MAX) -> Any:
    """The value of a JSON text; amounts with a point become Decimal. Raises MalformedInput."""
    if len(data) > BODY_BYTES_MAX:
        _refuse("larger than 1 MiB")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        _refuse("not UTF-8")
    _check_depth(text)
    reader = _Reader(keys_max)
    try:
        value = json.loads(
            text,
            object_pairs_hook=reader.pairs,
            parse_float=_decimal,
            parse_int=_integer,
            parse_constant=_constant,
        )
    except json.JSONDecodeError as error:
        raise MalformedInput(reason="not JSON", line=error.lineno, column=error.colno) from None
    _check_texts(value)
    return value


def _refuse(reason: str) -> NoReturn:
    raise MalformedInput(reason=reason)


def _check_depth(text: str) -> None:
    """Count brackets before the recursive reader sees them: 100,000 of them would overrun its stack."""
    depth = 0
    for token in _STRUCTURE.finditer(text):
        char = token.group()[0]
        if char in "[{":
            depth += 1
            if depth > DEPTH_MAX:
                _refuse("nested deeper than 32")
        elif char in "]}":
            depth -= 1


class _Reader:
    """Builds objects, counting the keys of the whole text."""

    def __init__(self, keys_max: int) -> None:
        self.keys, self.keys_max = 0, keys_max

    def pairs(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        self.keys += len(pairs)
        if self.keys > self.keys_max:
            _refuse(f"more than {self.keys_max:,} keys")
        found = dict(pairs)
        if len(found) != len(pairs):
            _refuse("a key occurs twice")
        for key in found:
            if len(key) > KEY_LENGTH_MAX:
                _refuse("a key is too long")
            if char := forbidden_character(key):
                _refuse(f"forbidden character {char} in a key")
        return found


def _integer(digits: str) -> int:
    # Length first: Python refuses 5,000 digits with a ValueError of its own, and takes long over fewer.
    if len(digits) > 20 or abs(int(digits)) > INTEGER_MAX:
        _refuse("an integer is out of range")
    if digits == "-0":
        _refuse("minus zero is not a number here")
    return int(digits)


def _decimal(digits: str) -> Decimal:
    if len(digits) > NUMBER_LENGTH_MAX:
        _refuse("a number is too long")
    if "e" in digits or "E" in digits:
        _refuse("numbers are written without an exponent")
    value = Decimal(digits)
    if digits.startswith("-") and value == 0:
        _refuse("minus zero is not a number here")
    return value


def _constant(digits: str) -> NoReturn:
    _refuse("NaN and Infinity are not numbers here")


def _check_texts(value: Any) -> None:
    """Escapes (\\u0000, \\ud800) show only in the read value. Depth is bounded, so the stack of work is short."""
    work = [value]
    while work:
        item = work.pop()
        if isinstance(item, str):
            if char := forbidden_character(item):
                _refuse(f"forbidden character {char} in a text")
        elif isinstance(item, dict):
            work.extend(item.values())
        elif isinstance(item, list):
            work.extend(item)

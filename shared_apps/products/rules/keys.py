"""What makes two products one: brand, model and specification with everything taken away that a reader overlooks. Pure.

`part_key` keeps letters, digits and plus signs; full-width forms, case, blanks and signs go, and letters of other
scripts that look like Latin ones become those. Between two digits a sign stays, since it makes another number: 1.5 is
not 15, and A4 70 is not A470. `looks_like` goes further (0 and O, 1 and l), for suggestions to a reviewer only: such
models do exist side by side.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Small Cyrillic and Greek letters with a Latin double, and the signs that stand for "by" in sizes.
_FOREIGN: Final = "авекмнорстухіјѕԛԝɡοαρνυκτιεχμ×✕✖*"
_LATIN: Final = "abekmhopctyxijsqwgoapvuktiexuxxxx"
_DOUBLES: Final = str.maketrans(_FOREIGN, _LATIN)
_THOUSANDS: Final = re.compile(r"(?<=[0-9])[,，](?=[0-9]{3}(?![0-9]))")
# What a hurried eye or a scanner takes for one another.
_LOOKS: Final = str.maketrans("oilszb", "011528", ".-+")
SEPARATOR: Final = "|"


def part_key(text: str) -> str:
    """One part's key; applied to a key it changes nothing."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    plain = _THOUSANDS.sub("", folded.translate(_DOUBLES))
    kept: list[str] = []
    between: list[str] = []
    for char in plain:
        if _is_kept(char):
            letter = str(unicodedata.decimal(char)) if unicodedata.category(char) == "Nd" else char
            if between and kept and _is_digit(kept[-1]) and _is_digit(letter):
                kept.append("." if "".join(between).strip() == "." else "-")
            kept.append(letter)
            between = []
        else:
            between.append(char)
    return "".join(kept)


def _is_kept(char: str) -> bool:
    return unicodedata.category(char)[0] in "LN" or unicodedata.category(char) == "Mc" or char == "+"


def _is_digit(char: str) -> bool:
    return char in "0123456789"


def identity_key(*, brand: str, model: str, spec: str) -> str:
    """The library holds one product of this key. Parts hold no bar, so none runs into the next."""
    return SEPARATOR.join(part_key(part) for part in (brand, model, spec))


def looks_like(key: str) -> str:
    """The key as a hurried reader sees it: equal for what is worth a second look."""
    return key.translate(_LOOKS)

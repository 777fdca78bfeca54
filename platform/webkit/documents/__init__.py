"""Documents on paper: a typst template and data become a PDF, the same bytes for the same template and data.

    pdf = render(template=HERE / "contract.typ", data=content, at=offered_at)

The template reads its data with `#let data = json(bytes(sys.inputs.data))`: what people wrote is a value there, never
markup. It sees no file but itself and no network. One font is at hand, `FONT`, vendored in a subset (see README.md):
no font of the machine is used, so that a document looks the same everywhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import gettext_lazy as _

from kernel.problems import Conflict

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
FONT = "Noto Serif SC"
# Long enough for the longest order; a document is kept as a file of a mall.
DATA_BYTES_MAX = 1_000_000


class CharactersMissing(Conflict):
    """The font lacks characters of the text. A document with boxes in it is not made."""

    code = "characters-missing"
    title = _("The document cannot be made: the font does not have some of the characters")


def render(*, template: Path, data: Mapping[str, Any], at: datetime) -> bytes:
    """The PDF. `at` is its date of making: part of the bytes, so it comes from the row and not from the clock.

    Raises CharactersMissing. About 0.2 s of one core for a contract: called outside transactions where that can be.
    """
    if missing := missing_characters(data):
        raise CharactersMissing(characters=missing)
    text = json.dumps(data, ensure_ascii=False, sort_keys=True)
    if len(text.encode()) > DATA_BYTES_MAX:
        raise ValueError("the document's data is too large")
    # Its stubs want the root to be of the source's own type, which the module itself does not take.
    pdf = typst.compile(  # type: ignore[call-overload]
        template.read_bytes(),
        font_paths=[str(FONTS)],
        root=str(FONTS),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": text, "font": FONT},
        timestamp=int(at.timestamp()),
    )
    if not isinstance(pdf, bytes):
        raise TypeError("the document has no single file")
    return pdf


def missing_characters(data: object) -> str:
    """The characters of the data's texts that the font lacks, each once, in their order."""
    covered = _covered()
    found = (char for text in _texts(data) for char in text if char not in covered and not char.isspace())
    return "".join(dict.fromkeys(found))


@cache
def _covered() -> frozenset[str]:
    return frozenset((FONTS / "covered.txt").read_text("utf-8"))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)

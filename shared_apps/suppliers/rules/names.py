"""The one spelling under which names, addresses and telephones of suppliers are compared, in Python and in SQL."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# What people write or leave out as they like. After NFKC full-width brackets and commas are ASCII.
_IGNORED: Final = re.compile(r"[\s()\[\]{}<>,.;:!?'\"#&*/\\|_·、。《》【】—–-]+")
_REGION: Final = re.compile(r"^(?:中国|中华人民共和国|新疆维吾尔自治区|新疆)+")
_COUNTRY_CODE: Final = re.compile(r"^(?:0086|86)(?=1[0-9]{10}$|0[0-9]{9,11}$)")


def _folded(text: str) -> str:
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text)).upper()


def name_key(text: str) -> str:
    """A person's or a company's name: width, case, blanks and signs do not count."""
    key = _folded(text)
    # What a blank kept apart may join once it is gone: an accent and its letter.
    while (again := _folded(key)) != key:
        key = again
    return key


def address_key(text: str) -> str:
    """An address: as a name, and the country and the region before it do not count."""
    return _REGION.sub("", name_key(text))


def phone_key(text: str) -> str:
    """A telephone number: digits only, without the country's code."""
    digits = re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", text))
    return _COUNTRY_CODE.sub("", digits)

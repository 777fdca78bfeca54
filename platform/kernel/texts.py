"""Characters that no input may hold: they cannot be stored, cannot be seen, or turn the reading order around."""

from __future__ import annotations

import re

# Ranges rather than names, so that a reviewer can check them against the Unicode tables (a test does).
_CONTROL = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # all of Cc but tab, line feed and carriage return
_FORMAT = (  # Cf: zero-width, bidi, joiners, soft hyphen, tags; U+180E stays, Mongolian is not spelt without it
    "\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
_INVISIBLE = "\u034f\u115f\u1160\u17b4\u17b5\u2028\u2029\u2800\u3164\uffa0"
_VARIATION = "\ufe00-\ufe0f"
_BROKEN = "\ud800-\udfff\ufffd\ufffe\uffff"  # lone surrogates, and what is left of undecodable bytes

_FORBIDDEN = re.compile(f"[{_CONTROL}{_FORMAT}{_INVISIBLE}{_VARIATION}{_BROKEN}]")


def forbidden_character(text: str) -> str | None:
    """The first forbidden character as "U+202E", or None."""
    match = _FORBIDDEN.search(text)
    return None if match is None else f"U+{ord(match.group()):04X}"

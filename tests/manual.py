"""Requests and answers as the manual shows them, taken from real calls.

A block of the manual stands between `<!-- example NAME -->` and `<!-- end -->`. What differs from run to run (keys,
moments, secrets) is written as an example of its kind.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[1] / "docs" / "how-to" / "api.md"
_BLOCK = re.compile(r"(<!-- example ([a-z-]+) -->\n).*?(<!-- end -->)", re.S)
_SHOWN = ("Content-Type", "Location", "Retry-After", "Idempotent-Replay")
# In this order: a moment holds a day.
_VARIES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)"), "2026-11-24T10:00:00+08:00"),
    (re.compile(r"\b20\d\d-(?!07\b)\d\d-\d\d\b"), "2026-11-24"),
    (re.compile(r"\bDD990001\d{14}\b"), "DD99000120261124000012"),
    (re.compile(r"\bT\d{5}\b"), "T00012"),
    (re.compile(r"TS-\d{5}"), "TS-00012"),
    (re.compile(r"测试用纸 \d+号"), "测试用纸 12号"),
    (re.compile(r'("suppliers": \[\s+\{\s+"value": )"\d+"'), r'\g<1>"12"'),
    (re.compile(r"\b91[0-9A-HJ-NPQRTUWXY]{16}\b"), "91650000MA775T0X0A"),
    (
        re.compile(r'("(?:\w+_)?(?:id|after|fiscal_year)": )"?[PO]?\d{1,7}"?(?=[,\n\s])'),
        r"\g<1>12",
    ),
    (re.compile(r"(/orders/|after=)\d+"), r"\g<1>12"),
    (re.compile(r"(ticket=)[^&\s]+"), r"\1..."),
    (re.compile(r"\b[0-9a-f]{64}\b"), "9f0c...e1"),
    (re.compile(r"Bearer \S+"), "Bearer yzt_..."),
    (re.compile(r"t=\d+,v1=\S+"), "t=1795485600,v1=9f0c...e1"),
    (re.compile(r"(localhost):\d+"), r"\1:8000"),
)


def steady(text: str) -> str:
    """The text with what varies replaced."""
    for pattern, instead in _VARIES:
        text = pattern.sub(instead, text)
    return text


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def request_text(method: str, path: str, headers: dict[str, str], body: Any = None) -> str:
    lines = [f"{method} {path}", *(f"{name}: {value}" for name, value in headers.items())]
    if body:
        lines += ["", body if isinstance(body, str) else _as_json(body)]
    return steady("\n".join(lines))


def answer_text(answer: Any, cut: tuple[str, ...] = ()) -> str:
    """Status, the headers a client needs, the cookies by name, and the body with one entry of each list in `cut`."""
    lines = [f"{answer.status_code} {answer.reason_phrase}"]
    lines += [f"{name}: {answer.headers[name]}" for name in _SHOWN if name in answer.headers]
    lines += [f"Set-Cookie: {name}=..." for name in sorted(answer.cookies)]
    kind = answer.headers.get("Content-Type", "")
    if "json" in kind:
        body = answer.json()
        body.update({name: body[name][:1] for name in cut if isinstance(body.get(name), list)})
        lines += ["", _as_json(body)]
    elif answer.status_code == 303:
        lines = [line for line in lines if not line.startswith("Content-Type")]
    return steady("\n".join(lines))


def block(*parts: str) -> str:
    """Requests and answers one below the other."""
    return "".join(f"```http\n{part}\n```\n" for part in parts)


def recorded(page: str) -> dict[str, str]:
    """The blocks of the manual as they stand."""
    return {found[2]: found[0][len(found[1]) : -len(found[3])] for found in _BLOCK.finditer(page)}


def rewritten(page: str, examples: dict[str, str]) -> str:
    """The manual with these blocks."""
    return _BLOCK.sub(lambda found: f"{found[1]}{examples.get(found[2], '')}{found[3]}", page)

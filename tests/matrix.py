"""The reviewed table of routes: who may call what. `python -m tests.matrix` writes it anew for the review.

One line a route and room: methods, pattern, name, and `public`, `signed in` or the posts. A route that is missing in
the table, or declared otherwise, fails `tests/architecture/test_route_table.py`.
"""

from __future__ import annotations

import csv
import io
import re
import uuid
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from kernel.access import Access, Route, routes

TABLE = Path(__file__).parent / "architecture" / "routes.csv"
HEADER = ("room", "methods", "pattern", "name", "access")


@dataclass(frozen=True, slots=True)
class Line:
    room: str
    methods: str
    pattern: str
    name: str
    access: str


def rooms() -> dict[str, list[Route]]:
    """The routes of both hosts."""
    return {"region": routes(settings.ROOT_URLCONF), "tenant": routes(settings.TENANT_URLCONF)}


def described(access: Access | None) -> str:
    if access is None:
        return "UNDECLARED"
    if access.public:
        return "public"
    who = ["signed in"] if access.posts is None else sorted(access.posts)
    return " ".join([*who, *([f"token:{access.token_scope}"] if access.token_scope else [])])


def lines() -> list[Line]:
    """The table as the code has it."""
    return sorted(
        (
            Line(room, " ".join(route.methods), route.pattern, route.name, described(route.access))
            for room, found in rooms().items()
            for route in found
        ),
        key=lambda line: (line.room, line.pattern, line.methods),
    )


def read_table() -> list[Line]:
    """The table as it was reviewed."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [Line(**row) for row in csv.DictReader(file)]


def as_csv() -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for line in lines():
        writer.writerow((line.room, line.methods, line.pattern, line.name, line.access))
    return out.getvalue()


_SAMPLES = {
    "int": "999999999",
    "uuid": str(uuid.UUID(int=7)),
    "str": "none",
    "slug": "none",
    "path": "none",
    "month": "2026-01",
}
_PARAMETER = re.compile(r"<(?:(?P<kind>[a-z_]+):)?(?P<name>[a-z_]+)>")


def sample_path(pattern: str) -> str:
    """An address that fits the pattern and names nothing that exists."""

    def fill(match: re.Match[str]) -> str:
        if match["name"] in {"tenant", "tenant_code"} or (match["name"] == "code" and "malls" in pattern):
            return "990001"
        return _SAMPLES.get(match["kind"] or "str", "999999999")

    return "/" + _PARAMETER.sub(fill, pattern)


if __name__ == "__main__":
    import django

    django.setup()
    TABLE.write_text(as_csv(), encoding="utf-8")
    print(f"{len(lines())} routes written for review")

"""Asking every route as somebody, and looking at the whole answer for a word that should not be there."""

from __future__ import annotations

import io
import itertools
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.test import Client

from kernel.access import Route
from kernel.api import WriteView
from kernel.posts import Post
from tests.factories.bodies import valid_body
from tests.factories.two_malls import Mall
from tests.matrix import rooms, sample_path
from tests.sampling import Turns

# Which ids a route's parameter takes, where its name alone does not say it.
_BY_NAME = {"tenant_code": "tenant", "budget_line_id": "line_id"}
_PARAMETER = re.compile(r"<(?:[a-z_]+:)?([a-z_]+)>")
FORM = "application/x-www-form-urlencoded"


def parameters_of(route: Route) -> list[str]:
    return _PARAMETER.findall(route.pattern)


def id_name(route: Route, parameter: str) -> str:
    """The key of `Mall.ids` for a parameter of a route; its own name where nothing else is known."""
    if parameter == "key" and route.pattern.startswith("files/"):
        return "file_key"
    if parameter == "code":
        return "tenant" if "malls" in route.pattern else "product_code"
    return _BY_NAME.get(parameter, parameter)


def paths(route: Route, mall: Mall, *, most: int = 1) -> list[str]:
    """Up to `most` of the route's addresses with this mall's ids; the sample's where a parameter is nobody's."""
    names = parameters_of(route)
    if not names:
        return [sample_path(route.pattern)]
    choices = [mall.ids.get(id_name(route, name), [None]) for name in names]
    found = []
    for values in itertools.islice(itertools.product(*choices), most):
        pattern = route.pattern
        for name, value in zip(names, values, strict=True):
            if value is not None:
                pattern = re.sub(rf"<(?:[a-z_]+:)?{name}>", str(value), pattern)
        found.append(sample_path(pattern))
    return found


def random_path(route: Route) -> str:
    return sample_path(route.pattern)


def body_of(route: Route, mall: Mall) -> str:
    """A right body of an API write, with this mall's ids; an empty form for a page."""
    view = getattr(route.callback, "cls", None)
    if view is None or not issubclass(view, WriteView):
        return ""
    serializer = view.input_serializer
    hints = {name: values[0] for name, values in mall.ids.items() if values}
    hints |= {"budget_line_id": mall.shop.line.pk, "tenant_code": mall.code}
    return json.dumps(valid_body(serializer(), hints) if serializer else {}, default=str)


def ask(client: Client, method: str, path: str, body: str = "") -> HttpResponse:
    kind = "application/json" if path.startswith("/api/") else FORM
    return client.generic(method, path, body or ("{}" if kind != FORM and method != "GET" else ""), kind)  # type: ignore[return-value]


def calls(host: str, *methods: str) -> Iterator[tuple[Route, str]]:
    """Every route of one of the hosts with each of its methods."""
    for route in rooms()[host]:
        for method in route.methods:
            if not methods or method in methods:
                yield route, method


def spellings(marker: str) -> tuple[bytes, ...]:
    """The marker as it may stand in an answer: plain, escaped for JSON, for an address, for HTML."""
    escaped = json.dumps(marker)[1:-1]
    return (
        marker.encode(), escaped.encode(), escaped.upper().replace("\\U", "\\u").encode(), quote(marker).encode(),
        quote(marker).lower().encode(), "".join(f"&#{ord(char)};" for char in marker).encode(),
        "".join(f"&#x{ord(char):x};" for char in marker).encode(), marker.encode("gb18030"),
    )  # fmt: skip


def found_in(answer: Any, marker: str) -> bool:
    """Whether the marker stands anywhere in the answer: body, headers, cookies, and inside a packed table."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    parts = [body, repr(list(answer.headers.items())).encode(), str(answer.cookies).encode()]
    if body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            parts += [packed.read(name) for name in packed.namelist()]
    return any(spelling in part for spelling in spellings(marker) for part in parts)


class Askers:
    """Who asks a route: everybody in the whole run, else some whom it admits and some of the others, in turn."""

    def __init__(self, posts: Iterable[Post], *, whole: bool, admitted: int = 2, others: int = 1) -> None:
        self.posts = tuple(posts)
        self._admitted, self._others = Turns(admitted, whole=whole), Turns(others, whole=whole)

    def of(self, route: Route) -> list[Post]:
        return [
            *self._admitted.of(post for post in self.posts if permits(route, post)),
            *self._others.of(post for post in self.posts if not permits(route, post)),
        ]


def permits(route: Route, post: Post) -> bool:
    """Whether the route's door is open to the post."""
    assert route.access is not None
    return route.access.public or route.access.posts is None or post in route.access.posts


def summary(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))

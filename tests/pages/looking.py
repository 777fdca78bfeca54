"""Every page of both hosts as everybody who may open it, and what a browser finds there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Request

from kernel.access import Route
from shared_apps.accounts.middleware import MALL_COOKIE
from tests.factories.cast import GRANTED_POSTS
from tests.matrix import rooms
from tests.pages.conftest import NARROW, WIDE, address, axe_findings
from tests.pages.every import A, Who, World
from tests.sampling import Turns
from webkit.latin import latin_words

NARROWEST = 360
# Answers that are no pages: they have tests of their own.
NOT_PAGES = re.compile(
    r"^(api/|healthz|readyz|metrics|favicon\.ico|robots\.txt|pictures/|files/|enter/$)|\.(csv|xlsx|pdf)$"
)
# Only a practice mall has them: seen in test_practice_pages and test_practice_browser.
OF_PRACTICE = frozenset({"practice:board"})


@dataclass(frozen=True)
class Seen:
    """One page as one person got it. `tenant` is None on the region's host."""

    tenant: str | None
    route: str
    who: Who
    path: str
    status: int
    html: str

    def __str__(self) -> str:
        return f"{self.tenant or 'region'} {self.path} as {self.who or 'anybody'} ({self.status})"


def page_routes(room: str) -> list[Route]:
    return [
        route
        for route in rooms()[room]
        if "GET" in route.methods and route.name not in OF_PRACTICE and not NOT_PAGES.search(route.pattern)
    ]  # fmt: skip


def may_open(route: Route, who: Who) -> bool:
    access = route.access
    assert access is not None
    return access.public or (who is not None and (access.posts is None or who in access.posts))


def everybody() -> list[Who]:
    return [None, *GRANTED_POSTS]


def look(world: World, room: str, *, whole: bool) -> list[Seen]:
    """Every page route of a host at every address known, as everybody who may open it: `whole`, or a few in turn."""
    tenant = None if room == "region" else A
    turns = Turns(3, whole=whole)
    seen = []
    for route in page_routes(room):
        admitted = [who for who in everybody() if may_open(route, who)]
        for path in dict.fromkeys(path for who in admitted for path in world.addresses(route, who)):
            people = [who for who in admitted if path in world.addresses(route, who)]
            chosen = turns.of(people)
            found = [ask(world, tenant, route.name, who, path) for who in chosen]
            # An object may be out of the reach of those whose turn it was.
            for who in people:
                if any(one.status == 200 for one in found):
                    break
                if who not in chosen:
                    found.append(ask(world, tenant, route.name, who, path))
            seen += found
    return seen


def ask(world: World, tenant: str | None, name: str, who: Who, path: str) -> Seen:
    answer = world.client(who, tenant).get(path)
    kind = answer.headers.get("Content-Type", "")
    html = answer.content.decode() if answer.status_code != 303 and kind.startswith("text/html") else ""
    return Seen(tenant, name, who, path, answer.status_code, html)


_WORDS = re.compile(r">[^<]+<")
_VALUES = re.compile(r'\b(?!class\b|type\b|role\b|name\b|scope\b|style\b)([a-z:-]+)="[^"]*"')
_MAIN = re.compile(r"<main.*</main>", re.S)
_ROW = re.compile(r"(<(tr|li|option)\b[^>]*>.*?</\2>)(?:\s*\1)+", re.S)


def structure(html: str) -> str:
    """The elements with their classes; neither what they say nor how often the same row comes."""
    return _ROW.sub(r"\1", _VALUES.sub(r"\1", _WORDS.sub("><", html)))


# Of the page with the most states a short run looks at some.
SHORT_RUN = {"orders:order": 6}


def distinct(seen: Iterable[Seen], *, whole: bool) -> Iterator[Seen]:
    """Leaves out a page built like one seen before, under a shell (menu, person) seen before; and fragments.

    A short run (not `whole`) takes a route once for each status.
    """
    known: set[str] = set()
    taken: Counter[tuple[str | None, str, int]] = Counter()
    for found in seen:
        main = _MAIN.search(found.html)
        if main is None:
            continue
        shell = structure(found.html.replace(main.group(), "").replace(' aria-current="page"', ""))
        parts = {f"{found.tenant} {part}" for part in (structure(main.group()), shell)}
        if parts <= known:
            continue
        route = (found.tenant, found.route, found.status)
        if whole or taken[route] < SHORT_RUN.get(found.route, 1):
            known |= parts
            taken[route] += 1
            yield found


_SEND = """
(path) => {
  const form = document.createElement('form');
  form.method = 'post';
  form.action = path;
  const token = document.createElement('input');
  token.name = 'csrfmiddlewaretoken';
  token.value = document.querySelector('meta[name=csrf-token]').content;
  form.append(token);
  document.body.append(form);
  HTMLFormElement.prototype.submit.call(form);
}
"""


class Watched:
    """One browser page that remembers what went wrong: axe, width, console, strangers' addresses."""

    def __init__(self, browser: Browser, site: str, world: World, language: str = "") -> None:
        self.site, self.world, self.language, self.findings = site, world, language, list[str]()
        self.narrow: set[tuple[str | None, str, int]] = set()
        self.visited = 0
        self.context: BrowserContext = browser.new_context(
            viewport={"width": WIDE[0], "height": WIDE[1]}, locale="zh-CN", reduced_motion="reduce"
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.findings.append(f"{self.page.url}: {error}"))
        self.page.on("request", self._request)
        self.who: tuple[Who, str | None] | None = None

    def _console(self, message: Any) -> None:
        # The status of a refusal page is the one error a browser is right to note.
        if message.type == "error" and "status of 4" not in message.text:
            self.findings.append(f"{self.page.url}: console: {message.text}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        local_host = parts.hostname in {"localhost", f"{A}.localhost"} and f":{parts.port}" == self.site
        if not local_host and parts.scheme not in {"data", "blob"}:
            self.findings.append(f"{self.page.url}: asks {request.url}")

    def become(self, who: Who, tenant: str | None) -> None:
        if self.who == (who, tenant):
            return
        self.who = (who, tenant)
        self.context.clear_cookies()
        name = MALL_COOKIE if tenant else settings.SESSION_COOKIE_NAME
        cookie = self.world.client(who, tenant).cookies.get(name)
        if cookie is not None:
            self.context.add_cookies([{"name": name, "value": cookie.value, "url": address(self.site, "/", tenant)}])
        if self.language:
            name = settings.LANGUAGE_COOKIE_NAME
            self.context.add_cookies([{"name": name, "value": self.language, "url": address(self.site, "/", tenant)}])

    def visit(self, seen: Seen) -> None:
        self.become(seen.who, seen.tenant)
        answer = self.page.goto(address(self.site, seen.path, seen.tenant))
        assert answer is not None
        if answer.status != seen.status:
            self.findings.append(f"{seen}: the browser got {answer.status}")
        self.check(str(seen), (seen.tenant, seen.route, seen.status))

    def send(self, who: Who, tenant: str | None, path: str, status: int) -> None:
        """Sends a form with nothing in it, as a page of ours would, and checks the page that answers."""
        self.become(who, tenant)
        self.page.goto(address(self.site, "/", tenant))
        with self.page.expect_navigation():
            self.page.evaluate(_SEND, path)
        answered = self.page.evaluate("performance.getEntriesByType('navigation')[0].responseStatus")
        if answered != status:
            self.findings.append(f"{path} as {who}: {answered} instead of {status}")
        if words := latin_words(self.page.content()):
            self.findings.append(f"{path} as {who}: {words}")
        self.check(f"form sent to {path} as {who}", (tenant, path, status))

    def check(self, name: str, narrow_once: tuple[str | None, str, int]) -> None:
        """axe at 1366 and, once a route, at 390; no sideways scrolling at 1366, 390 and 360."""
        self.visited += 1
        self._axe(name, WIDE[0])
        self._width(name, WIDE[0])
        if narrow_once not in self.narrow:
            self.narrow.add(narrow_once)
            self._resize(NARROW[0])
            self._axe(name, NARROW[0])
            self._width(name, NARROW[0])
        self._resize(NARROWEST)
        self._width(name, NARROWEST)
        self._resize(WIDE[0])

    def _resize(self, width: int) -> None:
        self.page.set_viewport_size({"width": width, "height": 900})

    def _axe(self, name: str, width: int) -> None:
        self.findings += [f"{name} at {width}: {found}" for found in axe_findings(self.page)]

    def _width(self, name: str, width: int) -> None:
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            self.findings.append(f"{name}: {wide} wide at {width}")


@contextmanager
def watched(browser: Browser, site: str, world: World, language: str = "") -> Iterator[Watched]:
    found = Watched(browser, site, world, language)
    yield found
    found.context.close()

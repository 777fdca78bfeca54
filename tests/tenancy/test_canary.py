"""The canary: a word in everything that mall B's people wrote, and nobody else ever reads it.

Everything is crawled: every route of every host with the ids of both malls (they are the same), every link found on the
way, every filter that a page offers. Who crawls: all the people of mall A, a supplier, an agency and an expert among
them, and the public. The overseers of the whole region are looked at where they are guests of mall A only.
"""

from __future__ import annotations

import html
import re
from collections import Counter, deque
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.cache import cache, caches
from django.http import HttpResponse
from django.test import Client

from kernel.posts import Post
from shared_apps.accounts import middleware as accounts_middleware
from shared_apps.inbox import selectors as inbox_selectors
from shared_apps.inbox.models import InboxItem
from tenants.database import context
from tenants.database import middleware as rooms_middleware
from tests.factories.cast import GRANTED_POSTS
from tests.factories.two_malls import MARKERS, OVERSEERS, Mall, mark_tenant, text_columns
from tests.tenancy.crossing import ask, calls, found_in, paths, spellings, summary

SLOW_RESPONSES = 50_000
# Both malls' words begin so: searched for, it finds either, and is neither when a page shows it again.
COMMON_WORD = "界碑"
_LINK = re.compile(r'(?:href|action|hx-get|src)="([^"#]+)"')
_OPTION = re.compile(r'<select[^>]*name="([a-z_]+)"(.*?)</select>', re.S)
_VALUE = re.compile(r'<option[^>]*value="([^"]*)"')
# What is asked again and again with other words behind the question mark.
_QUERIES = (
    "", "q={word}", "search={word}", "tab=paid", "state=done", "page=2", "after=1", "q=%25", "search=%25",
    "unit_id=1", "tenant={other}", "code={other}", "order_id=1", "format=json", "next=/orders/1/", "level=county",
)  # fmt: skip
# Columns without a row in this world: what would be in them is written by services with tests of their own.
WITHOUT_ROWS = frozenset(
    {
        "access_pairchoice", "policies_ruleacknowledgement", "policies_ruletightening", "policies_tariffacceptance",
        "policies_mallopening", "policies_moduleschosen", "idempotency_idempotencykey", "practice",
        "takeover_takenorder", "invoices_redinvoice", "invoices_invoicerule", "payments_interestpayment",
        "contracts_simulatednotice", "contracts_supplementorder",
    }
)  # fmt: skip


class Crawler:
    """One person on one host. Follows what it finds, asks what is known, and never the same address twice."""

    def __init__(self, client: Client, host: str, room: str, malls: tuple[Mall, Mall], allowed: Callable[[str], bool]):
        self.client, self.host, self.room, self.allowed = client, host, room, allowed
        self.mine, self.theirs = malls
        self.seen: set[str] = set()
        self.waiting: deque[str] = deque()

    def known(self) -> Iterator[str]:
        for route, _method in calls(self.room, "GET"):
            if not route.name.endswith("sign_out"):
                for mall in (self.theirs, self.mine):
                    yield from paths(route, mall, most=12)

    def asked_again(self) -> Iterator[str]:
        for path in [path for path in self.known() if "?" not in path]:
            for query in _QUERIES[1:]:
                yield f"{path}?{query.format(word=COMMON_WORD, other=self.theirs.code)}"

    def run(self, most: int) -> Iterator[tuple[str, Any]]:
        for path in (*self.known(), *self.asked_again()):
            self.waiting.append(path)
            while self.waiting:
                if len(self.seen) >= most:
                    return
                path = self.waiting.popleft()
                if path not in self.seen:
                    self.seen.add(path)
                    answer = ask(self.client, "GET", path)
                    self._follow(path, answer)
                    yield path, answer

    def _follow(self, path: str, answer: Any) -> None:
        if not answer.headers.get("Content-Type", "").startswith("text/html") or answer.streaming:
            return
        text = answer.content.decode()
        found = [html.unescape(link) for link in _LINK.findall(text)]
        for name, options in _OPTION.findall(text):
            found += [f"{path.split('?')[0]}?{name}={html.unescape(value)}" for value in _VALUE.findall(options)]
        if location := answer.headers.get("Location"):
            found.append(location)
        for link in found:
            parts = urlsplit(urljoin(f"http://{self.host}{path}", link))
            if parts.hostname == self.host and not parts.path.startswith("/static/") and "sign-out" not in parts.path:
                self.waiting.append(parts.path + (f"?{parts.query}" if parts.query else ""))


def _crawlers(malls: tuple[Mall, Mall]) -> list[tuple[str, Crawler]]:
    """Everybody of A on A's host, on B's host, and on the region's; and the public."""
    mine, theirs = malls
    public = {
        path.split("?")[0]
        for room in ("region", "tenant")
        for route, _m in calls(room)
        if route.access and route.access.public
        for mall in malls
        for path in paths(route, mall, most=12)
    }

    def is_public(path: str) -> bool:
        return path.split("?")[0] in public

    found = []
    for who in [None, *GRANTED_POSTS]:
        for host, room in ((mine.code, "tenant"), (theirs.code, "tenant"), (None, "region")):
            if who in OVERSEERS and host != mine.code:
                continue
            name = f"{host}.localhost" if host else "localhost"
            # On B's own host what B shows to everybody is no secret.
            allowed = is_public if host == theirs.code else (lambda path: False)
            found.append((f"{who or 'anybody'} on {name}", Crawler(mine.client(who, host), name, room, malls, allowed)))
    return found


def _crawl(malls: tuple[Mall, Mall], *, each: int, least: int = 0, until: str = "") -> tuple[Counter[str], list[str]]:
    """What was answered, and what was wrong with it; ends at the first fault that says `until`."""
    mine, theirs = malls
    counts: Counter[str] = Counter()
    faults: list[str] = []
    crawlers = _crawlers(malls)
    while True:
        before = counts["responses"]
        for name, crawler in crawlers:
            for path, answer in crawler.run(each):
                counts["responses"] += 1
                counts[f"status {answer.status_code // 100}xx"] += 1
                counts["with the own word"] += found_in(answer, mine.marker)
                if answer.status_code >= 500:
                    faults.append(f"{name} {path}: {answer.status_code}")
                if found_in(answer, theirs.marker) and not crawler.allowed(path):
                    faults.append(f"{name} {path}: the other mall's word")
                if until and faults and until in faults[-1]:
                    return counts, faults
        each *= 2
        if counts["responses"] >= least or counts["responses"] == before:
            return counts, faults


def test_nobody_reads_what_the_other_mall_wrote(malls: tuple[Mall, Mall]) -> None:
    counts, faults = _crawl(malls, each=30)
    assert faults == []
    assert counts["responses"] > 1200
    assert counts["with the own word"] > 100
    print(summary(counts))


@pytest.mark.slow
def test_nobody_reads_it_in_fifty_thousand_answers(malls: tuple[Mall, Mall]) -> None:
    counts, faults = _crawl(malls, each=600, least=SLOW_RESPONSES)
    assert faults == []
    assert counts["responses"] >= SLOW_RESPONSES
    print(summary(counts))


def test_the_word_is_in_every_text_that_people_write(malls: tuple[Mall, Mall]) -> None:
    """What has a row has the marker; what has none is on the list of tables without."""
    for mall in malls:
        empty = {name.split(".")[0] for name in mark_tenant(mall.code)}
        assert {table for table in empty if not table.startswith(tuple(WITHOUT_ROWS))} == set()
    assert len(text_columns()) > 40


def test_the_own_people_do_read_it(malls: tuple[Mall, Mall]) -> None:
    mine, theirs = malls
    for mall in malls:
        # The first is refused and the second waits: no supplier has seen them yet.
        order = f"/orders/{mall.ids['order_id'][3]}/"
        for post in (Post.BUYER_CLERK, Post.TIER_SUPERVISOR, Post.SUPPLIER_SALES):
            assert found_in(ask(mall.client(post, mall.code), "GET", order), mall.marker), (mall.code, post)
    assert MARKERS[mine.code] != MARKERS[theirs.code]


@pytest.mark.parametrize("spelling", spellings(MARKERS["990002"]))
def test_the_word_is_found_however_it_is_spelt(spelling: bytes) -> None:
    assert found_in(HttpResponse(b"..." + spelling + b"..."), MARKERS["990002"])
    assert not found_in(HttpResponse(b"..."), MARKERS["990002"])


def test_with_one_login_for_all_malls_the_crawl_finds_it(
    malls: tuple[Mall, Mall], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: a mix-up of rooms that a login per tenant makes impossible within one request."""
    right = rooms_middleware.enter_tenant
    other = context.tenant_ref(malls[1].code)

    def confused(ref: Any) -> None:
        right(ref)
        if ref.code == malls[0].code:
            context._wrapper("tenant").select_login(context.tenant_login(other.schema_name))

    monkeypatch.setattr(rooms_middleware, "enter_tenant", confused)
    seen = "the other mall's word"
    _counts, faults = _crawl(malls, each=25, until=seen)
    assert [fault for fault in faults if seen in fault]


def test_with_a_selector_that_forgets_the_actor_the_crawl_finds_it(
    malls: tuple[Mall, Mall], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: on the region's host rows of all malls lie side by side, and only selectors keep them apart."""
    mine, theirs = malls
    client = mine.client(Post.BUYER_APPROVER, None)
    assert not found_in(ask(client, "GET", "/inbox/"), theirs.marker)
    monkeypatch.setattr(inbox_selectors, "_visible", lambda actor: InboxItem.objects.all())
    assert found_in(ask(client, "GET", "/inbox/"), theirs.marker)


def test_with_a_session_looked_up_in_its_own_mall_a_cookie_opens_the_other(
    malls: tuple[Mall, Mall], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin of the session's binding: asked for the mall that it names itself, a foreign cookie is somebody."""
    mine, theirs = malls
    client = Client(HTTP_HOST=f"{theirs.code}.localhost")
    client.cookies["yz_mall"] = mine.client(Post.BUYER_CLERK, mine.code).cookies["yz_mall"].value
    assert client.get("/api/v1/me/").status_code == 401
    bound = accounts_middleware.mall_visitor
    monkeypatch.setattr(
        accounts_middleware,
        "mall_visitor",
        lambda *, session_hash, tenant: bound(session_hash=session_hash, tenant=mine.code),
    )
    assert client.get("/api/v1/me/").status_code == 200


def test_entries_of_the_cache_are_bound_to_their_room(
    malls: tuple[Mall, Mall], monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, theirs = malls
    with context.tenant_selected(theirs.code):
        cache.set("front", theirs.marker)
    with context.tenant_selected(mine.code):
        assert cache.get("front") is None
    assert cache.get("front") is None
    with context.tenant_selected(theirs.code):
        assert cache.get("front") == theirs.marker
    # The twin: with Django's own key function the entry answers everybody.
    monkeypatch.setattr(caches["default"], "key_func", lambda key, prefix, version: f"{prefix}:{version}:{key}")
    with context.tenant_selected(theirs.code):
        cache.set("front", theirs.marker)
    with context.tenant_selected(mine.code):
        assert cache.get("front") == theirs.marker

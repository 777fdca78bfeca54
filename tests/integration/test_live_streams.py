"""The live process: tickets, streams, and news that reach the right pages only. A real process, a real Valkey."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from django.core import signing

from kernel.actor import Actor, Belonging
from shared_apps.inbox import live

ROOT = Path(__file__).parents[2]
ORIGIN = "http://localhost:8000"


def actor(organisation: int = 801, tenant: str | None = None) -> Actor:
    return Actor(1, "测试", None, (Belonging(organisation, "机构", "supplier", "S", tenant),), ())


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'platform'}"}
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "config.live:application", "--port", str(port), "--log-level", "warning"],
        cwd=ROOT, env=environment,
    )  # fmt: skip
    try:
        for _ in range(200):
            try:
                if ask(port, "/healthz")[0] == 200:
                    break
            except OSError:
                time.sleep(0.1)
        time.sleep(0.3)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def ask(port: int, path: str, origin: str = ORIGIN) -> tuple[int, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", path, headers={"Origin": origin})
    answer = connection.getresponse()
    headers = {name.lower(): value for name, value in answer.getheaders()}
    connection.close()
    return answer.status, headers


class Stream:
    """One open page."""

    def __init__(self, port: int, ticket: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=3)
        self.connection.request("GET", f"/live/?ticket={quote(ticket)}", headers={"Origin": ORIGIN})
        self.answer = self.connection.getresponse()
        assert self.answer.status == 200
        self.line()
        self.line()

    def line(self) -> str:
        return self.answer.readline().decode().strip()

    def hears(self) -> bool:
        try:
            return self.line() == "event: inbox"
        except TimeoutError:
            return False


def ticket(who: Actor, origin: str = ORIGIN) -> str:
    return live.ticket(actor=who, origin=origin)


def test_news_reach_the_organisation_and_nobody_else(port: int) -> None:
    mine, other, bureau = Stream(port, ticket(actor(801))), Stream(port, ticket(actor(802))), Stream(
        port, ticket(actor(803, "990001"))
    )  # fmt: skip
    live.publish(organisations={801}, tenant_code="990001")
    assert mine.hears()
    assert bureau.hears()
    assert not other.hears()


def test_the_answer_is_for_the_page_that_asked(port: int) -> None:
    stream = Stream(port, ticket(actor()))
    assert stream.answer.getheader("Access-Control-Allow-Origin") == ORIGIN
    assert stream.answer.getheader("Content-Type") == "text/event-stream; charset=utf-8"
    assert stream.answer.getheader("Cache-Control") == "no-store"


def test_tickets_that_are_not_valid(port: int) -> None:
    good = ticket(actor())
    for bad in ("", "x", good[:-2], good + "x", ticket(actor(), "http://evil.example")):
        assert ask(port, f"/live/?ticket={quote(bad)}")[0] == 403
    assert ask(port, f"/live/?ticket={quote(good)}", "http://evil.example")[0] == 403
    assert ask(port, "/live")[0] == 404
    assert ask(port, "/")[0] == 404


def test_a_ticket_lasts_ten_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    good = ticket(actor())
    assert live.read_ticket(good, origin=ORIGIN) == ["organisation:801"]
    later = time.time() + live.TICKET_SECONDS + 1
    monkeypatch.setattr(time, "time", lambda: later)
    with pytest.raises(signing.SignatureExpired):
        live.read_ticket(good, origin=ORIGIN)


def test_twenty_streams_and_no_database_connection(port: int) -> None:
    streams = [Stream(port, ticket(actor())) for _ in range(20)]
    database_port = urlsplit(os.environ["YZ_TEST_DATABASE_ADMIN"]).port
    assert remote_ports(port) & {database_port} == set()
    live.publish(organisations={801}, tenant_code=None)
    assert all(stream.hears() for stream in streams)


def remote_ports(port: int) -> set[int]:
    """Where the process that listens on `port` is connected to."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    listening = next(row[9] for row in rows if row[3] == "0A" and int(row[1].split(":")[1], 16) == port)
    for process in Path("/proc").glob("[0-9]*"):
        try:
            inodes = {os.readlink(fd).removeprefix("socket:[").rstrip("]") for fd in (process / "fd").iterdir()}
        except OSError:
            continue
        if listening in inodes:
            return {int(row[2].split(":")[1], 16) for row in rows if row[9] in inodes and row[3] == "01"}
    raise LookupError(port)


def test_a_page_without_the_process_has_no_address(settings: object) -> None:
    settings.YZ_LIVE_URL = ""  # type: ignore[attr-defined]
    assert live.stream_url(actor=actor(), origin=ORIGIN) == ""
    settings.YZ_LIVE_URL = "http://localhost:8001"  # type: ignore[attr-defined]
    assert live.stream_url(actor=actor(), origin=ORIGIN).startswith("http://localhost:8001/live/?ticket=")
    assert live.stream_url(actor=Actor(None, ""), origin=ORIGIN) == ""

"""Carriers outside for tests: real sockets on this machine, and senders that speak to them.

No carrier's interface is known, so the protocol over HTTP is these tests' own. What it shows is not a protocol: that a
sender built on the network keeps what `provider.Provider` asks of it when the network delays, refuses, repeats, and
loses answers.
"""

from __future__ import annotations

import json
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from shared_apps.messaging.provider import Letter, Outcome, ProviderUnavailable, Receipt, Status

PATIENCE_SECONDS = 0.5
# The last two digits of an address, as in the simulators; 06 to 08 are the network's own troubles.
REFUSED, REFUSED_LATER, LOST, SLOW, BROKEN, AWAY = "01", "02", "04", "06", "07", "08"


class Carrier:
    """What a carrier has in its book, by number: how often it was handed over and how often it was sent."""

    def __init__(self) -> None:
        self.received: dict[str, int] = {}
        self.sent: dict[str, int] = {}
        self.addresses: dict[str, str] = {}
        self.troubled: set[str] = set()
        self.asked: dict[str, int] = {}
        self.lock = threading.Lock()

    def take(self, number: str, address: str) -> bool:
        """Sends what it does not know yet. True for the first time."""
        with self.lock:
            self.received[number] = self.received.get(number, 0) + 1
            first = number not in self.sent
            if first:
                self.sent[number], self.addresses[number] = 1, address
            return first

    def once(self, number: str) -> bool:
        """Whether this number's trouble is still to come: each happens once."""
        with self.lock:
            is_new = number not in self.troubled
            self.troubled.add(number)
            return is_new


class _Handler(BaseHTTPRequestHandler):
    """`POST /letters {number, address, text}` and `GET /letters/<reference>`."""

    carrier: Carrier

    def do_POST(self) -> None:
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        number, address = told["number"], told["address"]
        trouble = address[-2:]
        if trouble == REFUSED:
            self._answer(422, {"reason": "号码不存在"})
        elif trouble == AWAY and self.carrier.once(number):
            self.close_connection = True
        elif trouble == BROKEN and self.carrier.once(number):
            self.carrier.take(number, address)
            self._raw(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{")
        else:
            first = self.carrier.take(number, address)
            if trouble == LOST and first:
                self._raw(b"")
            elif trouble == SLOW and first:
                time.sleep(PATIENCE_SECONDS * 2)
                self._answer(200, {"reference": f"R-{number}"})
            else:
                self._answer(200, {"reference": f"R-{number}"})

    def do_GET(self) -> None:
        number = self.path.rpartition("/R-")[2]
        if number not in self.carrier.sent:
            self._answer(404, {})
            return
        self.carrier.asked[number] = self.carrier.asked.get(number, 0) + 1
        if self.carrier.asked[number] == 1:
            self._answer(200, {"status": "pending"})
        elif self.carrier.addresses[number][-2:] == REFUSED_LATER:
            self._answer(200, {"status": "refused", "reason": "停机"})
        else:
            self._answer(200, {"status": "delivered"})

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        content = json.dumps(body).encode()
        head = f"HTTP/1.1 {status} -\r\nContent-Length: {len(content)}\r\nConnection: close\r\n\r\n"
        self._raw(head.encode() + content)

    def _raw(self, content: bytes) -> None:
        self.close_connection = True
        try:
            self.wfile.write(content)
        except OSError:
            # Whoever asked has lost patience.
            return

    def log_message(self, *_: object) -> None:
        """A carrier's log is its own."""


class HttpSms:
    """A short message carrier over HTTP. `address` is set by `http_carrier`."""

    name = "http-test"
    address = ""

    def send(self, letter: Letter) -> Receipt | Outcome:
        body = json.dumps({"number": letter.number, "address": letter.address, "text": letter.text}).encode()
        try:
            told = self._call(Request(f"{self.address}/letters", body, {"Content-Type": "application/json"}))
        except HTTPError as refused:
            if refused.code == 422:
                return Outcome(Status.REFUSED, str(json.loads(refused.read())["reason"]))
            raise ProviderUnavailable from None
        return Receipt(reference=told["reference"], reports=True)

    def ask(self, reference: str) -> Outcome:
        try:
            told = self._call(Request(f"{self.address}/letters/{reference}"))
        except HTTPError:
            raise ProviderUnavailable from None
        return Outcome(Status(told["status"]), told.get("reason", ""))

    def _call(self, request: Request) -> dict[str, Any]:
        try:
            with urlopen(request, timeout=PATIENCE_SECONDS) as answer:
                return dict(json.loads(answer.read()))
        except HTTPError:
            raise
        except (OSError, HTTPException, ValueError):
            # A timeout, a broken connection, half an answer: what became of it is not known.
            raise ProviderUnavailable from None


class HastySms(HttpSms):
    """The twin that breaks the contract: after a lost answer it hands the letter over under another number."""

    name = "http-hasty"

    def send(self, letter: Letter) -> Receipt | Outcome:
        try:
            return super().send(letter)
        except ProviderUnavailable:
            return super().send(Letter(f"{letter.number}x", letter.address, letter.subject, letter.text))


@contextmanager
def http_carrier() -> Iterator[Carrier]:
    """A carrier on a port of this machine, until the block ends."""
    carrier = Carrier()
    handler = type("Handler", (_Handler,), {"carrier": carrier})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    before, HttpSms.address = HttpSms.address, f"http://127.0.0.1:{server.server_port}"
    try:
        yield carrier
    finally:
        HttpSms.address = before
        server.shutdown()
        server.server_close()
        thread.join(5)


class _Smtp(socketserver.StreamRequestHandler):
    """As much of a mail server as a letter needs. It knows no letter again."""

    carrier: Carrier

    def handle(self) -> None:
        self._say("220 test")
        recipient, trouble = "", ""
        for line in self.rfile:
            word = line.strip().decode().upper()
            if word.startswith("RCPT TO:"):
                recipient = line.strip().decode()[8:].strip("<> ")
                trouble = recipient.partition("@")[0][-2:]
                refusals = {REFUSED: "550 no such mailbox", BROKEN: "451 try later"}
                self._say(refusals.get(trouble, "250 ok"))
            elif word == "DATA":
                self._say("354 go on")
                number = self._letter()
                if trouble == AWAY:
                    return
                self.carrier.take(number, recipient)
                if trouble == LOST and self.carrier.once(number):
                    return
                if trouble == SLOW and self.carrier.once(number):
                    time.sleep(PATIENCE_SECONDS * 2)
                self._say("250 taken")
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _letter(self) -> str:
        number = ""
        for line in self.rfile:
            if line.lower().startswith(b"message-id:"):
                number = line.decode().partition("<")[2].partition("@")[0]
            if line.strip() == b".":
                break
        return number

    def _say(self, line: str) -> None:
        try:
            self.wfile.write(f"{line}\r\n".encode())
        except OSError:
            return


@contextmanager
def mail_server() -> Iterator[tuple[Carrier, int]]:
    """A mail server on a port of this machine, until the block ends."""
    carrier = Carrier()
    handler = type("Handler", (_Smtp,), {"carrier": carrier})
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield carrier, server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)

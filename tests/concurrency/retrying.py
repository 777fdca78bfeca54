"""Clients that buy over HTTP and ask again, as programs do, until they are told: the same purchase, the same keys.

Asked again after: no connection, a broken or an overdue one, 503, and 409 where the same key is at work. Any other
refusal, a 500 above all, ends the client with an error.
"""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

ANSWER_SECONDS = 15.0
# How long one purchase is asked for before the client gives up with an error.
PATIENCE_SECONDS = 150.0
SUBMIT = "/api/v1/supermarket/orders/"
RUNNING = frozenset({"idempotency-running", "busy"})


class Again(Exception):
    """No answer, or one that says to come back."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Refused(Exception):
    """An answer that no asking again will change."""


@dataclass
class Told:
    """What all clients together were told."""

    # submit key -> the order's id and number; approve key -> the order's id
    acknowledged: dict[str, tuple[int, str]] = field(default_factory=dict)
    approved: dict[str, int] = field(default_factory=dict)
    # Keys whose answer nobody waited for.
    unanswered: set[str] = field(default_factory=set)
    answers: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    # When each order was approved, by the monotonic clock.
    at: list[float] = field(default_factory=list)


@dataclass
class Client:
    """One desk: a clerk who submits and an approver who approves.

    `leaves` is asked after each request is sent, with its path: the connection is closed before the answer is read.
    """

    port: int
    host: str
    told: Told
    rng: random.Random
    leaves: Callable[[str], bool] = lambda _path: False
    keyed: bool = True

    def ask(self, path: str, body: Mapping[str, Any], person: Mapping[str, str], key: str) -> dict[str, Any]:
        """One request. Raises Again and Refused."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)
        headers = {"Host": self.host, "Content-Type": "application/json", **person}
        if self.keyed:
            headers["Idempotency-Key"] = key
        try:
            connection.request("POST", path, json.dumps(body).encode(), headers)
            if self.leaves(path):
                self.told.answers["not waited for"] += 1
                raise Again(self.rng.random() * 0.1)
            answer = connection.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException) as error:
            self.told.answers["no connection" if isinstance(error, ConnectionRefusedError) else "broken"] += 1
            raise Again(0.05 + self.rng.random() * 0.2) from error
        finally:
            connection.close()
        self.told.answers[str(answer.status)] += 1
        if answer.status < 300:
            self.told.answers["replayed"] += answer.headers.get("Idempotent-Replay") == "true"
            return dict(json.loads(text))
        code = json.loads(text).get("code") if "json" in answer.headers.get("Content-Type", "") else None
        if answer.status == 503 or (answer.status == 409 and code in RUNNING):
            raise Again(float(answer.headers["Retry-After"]))
        raise Refused(f"{path}: {answer.status} {text[:1500]}")

    def buy(self, desk: Mapping[str, Any]) -> int:
        """The cart filled and submitted, asked for until it is acknowledged: the order's id.

        A client that does not know whether its submit arrived begins at the cart again. The note tells its orders.
        """
        first, key = str(uuid.uuid4()), str(uuid.uuid4())

        def once() -> dict[str, Any]:
            self.ask("/api/v1/cart/add/", desk["add"], desk["clerk"], first)
            return self.ask(SUBMIT, {**desk["submit"], "note": key}, desk["clerk"], key)

        order = insisted(once)
        self.told.acknowledged[key] = (order["id"], order["number"])
        return int(order["id"])

    def approve(self, desk: Mapping[str, Any], order: int) -> None:
        key = str(uuid.uuid4())
        answer = insisted(lambda: self.ask(f"/api/v1/orders/{order}/approve/", {}, desk["approver"], key))
        if answer["state"] != "placed":
            raise Refused(f"order {order} is {answer['state']} after its approval")
        self.told.approved[key] = order
        self.told.at.append(time.monotonic())


def insisted(step: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Asks until there is an answer. Raises Refused, and Again when patience ends."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return step()
        except Again as later:
            if time.monotonic() > until:
                raise
            time.sleep(later.seconds)


@dataclass
class Load:
    """Desks at work side by side, each until it is told to stop; and one client who never waits for an answer."""

    told: Told
    stop: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)

    def begin(self, plan: Mapping[str, Any], *, port: int) -> None:
        """Every tenth answer is not waited for and asked for again."""
        for number, desk in enumerate(plan["desks"]):
            rng = random.Random(number)  # noqa: S311 - no secret
            client = Client(port, plan["host"], self.told, rng, lambda _path, rng=rng: rng.random() < 0.1)
            self._start(self._work, client, desk)
        hasty = Client(port, plan["host"], self.told, random.Random(99), SUBMIT.__eq__)  # noqa: S311 - no secret
        self._start(self._never_wait, hasty, plan["unanswered"])

    def _start(self, work: Callable[..., None], *arguments: Any) -> None:
        def run() -> None:
            try:
                work(*arguments)
            except (Refused, Again) as error:
                self.told.errors.append(repr(error))
                self.stop.set()

        self.threads.append(threading.Thread(target=run, daemon=True))
        self.threads[-1].start()

    def _work(self, client: Client, desk: Mapping[str, Any]) -> None:
        while not self.stop.is_set():
            client.approve(desk, client.buy(desk))

    def _never_wait(self, client: Client, plan: Mapping[str, Any]) -> None:
        """Each purchase from a supplier of its own, so that none depends on what became of another."""
        for order in plan["orders"]:
            if self.stop.is_set():
                return
            first, key = str(uuid.uuid4()), str(uuid.uuid4())
            insisted(partial(client.ask, "/api/v1/cart/add/", order["add"], plan["clerk"], first))
            self.told.unanswered.add(key)
            try:
                client.ask(SUBMIT, {**order["submit"], "note": key}, plan["clerk"], key)
            except Again:
                self.stop.wait(0.3)

    def wait_for(self, placed: int, *, seconds: float) -> None:
        """Until so many orders are approved. Raises AssertionError at a client's error, or after `seconds`."""
        until = time.monotonic() + seconds
        while len(self.told.at) < placed:
            assert not self.told.errors, self.told.errors
            assert time.monotonic() < until, f"{len(self.told.at)} of {placed} orders, {dict(self.told.answers)}"
            time.sleep(0.02)

    def end(self) -> None:
        """Every desk finishes the purchase it is at."""
        self.stop.set()
        for thread in self.threads:
            thread.join(PATIENCE_SECONDS + 30)
            assert not thread.is_alive()
        assert not self.told.errors, self.told.errors

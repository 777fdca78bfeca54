"""A small HTTP client in a process of its own: so many desks at once, each submits an order and has it approved.

Standard library only. Connections are kept open where the server keeps them (gunicorn's sync workers close).
"""

from __future__ import annotations

import http.client
import json
import sys
import threading
import time
import uuid
from typing import Any


class Desk:
    """One unit's two people at work, one request after the other."""

    def __init__(self, *, port: int, host: str, plan: dict[str, Any], orders: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.host, self.plan, self.orders = host, plan, orders
        self.placed = 0
        self.submitting = self.approving = 0.0
        self.failure = ""

    def post(self, path: str, body: str, person: dict[str, str]) -> dict[str, Any]:
        headers = {"Host": self.host, "Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
        self.connection.request("POST", path, body.encode(), {**headers, **person})
        answer = self.connection.getresponse()
        text = answer.read().decode()
        if answer.status >= 300:
            raise RuntimeError(f"{path}: {answer.status} {text[:2000]}")
        return dict(json.loads(text))

    def work(self, barrier: threading.Barrier) -> None:
        barrier.wait()
        try:
            for body in self.plan["bodies"][: self.orders]:
                began = time.perf_counter()
                order = self.post("/api/v1/supermarket/orders/", body, self.plan["clerk"])
                between = time.perf_counter()
                self.post(f"/api/v1/orders/{order['id']}/approve/", "{}", self.plan["approver"])
                self.submitting += between - began
                self.approving += time.perf_counter() - between
                self.placed += 1
        except (OSError, RuntimeError, http.client.HTTPException) as error:
            self.failure = str(error)


def main() -> None:
    asked = json.load(sys.stdin)
    desks = [Desk(port=asked["port"], host=asked["host"], plan=p, orders=asked["orders"]) for p in asked["desks"]]
    barrier = threading.Barrier(len(desks) + 1)
    threads = [threading.Thread(target=desk.work, args=(barrier,)) for desk in desks]
    for thread in threads:
        thread.start()
    barrier.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    placed = sum(desk.placed for desk in desks)
    json.dump(
        {
            "seconds": time.perf_counter() - began,
            "placed": placed,
            "submit_ms": 1000 * sum(desk.submitting for desk in desks) / max(placed, 1),
            "approve_ms": 1000 * sum(desk.approving for desk in desks) / max(placed, 1),
            "failures": [desk.failure for desk in desks if desk.failure],
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()

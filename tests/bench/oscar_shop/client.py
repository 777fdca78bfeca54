"""The HTTP client of the peer: so many at once, each places the orders of its customers, one request an order."""

from __future__ import annotations

import http.client
import json
import sys
import threading
import time
from typing import Any

from tests.bench.oscar_shop import CSRF

BODY = f"action=place_order&csrfmiddlewaretoken={CSRF}"


class Till:
    def __init__(self, port: int, customers: list[dict[str, str]]) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.customers = customers
        self.placed = 0
        self.failure = ""

    def work(self, barrier: threading.Barrier) -> None:
        barrier.wait()
        try:
            for headers in self.customers:
                form = {"Content-Type": "application/x-www-form-urlencoded", "Host": "localhost", **headers}
                self.connection.request("POST", "/checkout/preview/", BODY, form)
                answer = self.connection.getresponse()
                answer.read()
                where = answer.headers.get("Location", "")
                if answer.status != 302 or "thank-you" not in where:
                    raise RuntimeError(f"not placed: {answer.status} {where}")
                self.placed += 1
        except (OSError, RuntimeError, http.client.HTTPException) as error:
            self.failure = str(error)


def main() -> None:
    asked: dict[str, Any] = json.load(sys.stdin)
    customers, desks = asked["customers"], asked["desks"]
    tills = [Till(asked["port"], customers[number::desks]) for number in range(desks)]
    barrier = threading.Barrier(desks + 1)
    threads = [threading.Thread(target=till.work, args=(barrier,)) for till in tills]
    for thread in threads:
        thread.start()
    barrier.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    said = {
        "seconds": time.perf_counter() - began,
        "placed": sum(till.placed for till in tills),
        "failures": [till.failure for till in tills if till.failure],
    }
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main()

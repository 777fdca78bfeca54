"""gunicorn on the loopback for one measurement: sync workers, as in production."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

START_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Web:
    pid: int
    port: int


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextlib.contextmanager
def serving(
    application: str, *, environment: Mapping[str, str], workers: int, python: str = sys.executable, alive: str = "/"
) -> Iterator[Web]:
    """Runs `application` until the body ends. Raises TimeoutError when no worker answers."""
    port = _free_port()
    process = subprocess.Popen(
        [
            *(python, "-m", "gunicorn", application),
            *("--workers", str(workers), "--worker-class", "sync", "--bind", f"127.0.0.1:{port}"),
            *("--log-level", "warning", "--timeout", "120"),
        ],
        env=dict(environment),
    )
    try:
        _wait(port, process, alive)
        yield Web(process.pid, port)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def _wait(port: int, process: subprocess.Popen[bytes], alive: str) -> None:
    limit = time.monotonic() + START_SECONDS
    while time.monotonic() < limit and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", alive, headers={"Host": "localhost"})
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
        finally:
            connection.close()
    raise TimeoutError("the web server did not answer")


def without_owner(environment: Mapping[str, str]) -> dict[str, str]:
    """What a web process gets: no owner of the database."""
    kept = {name: value for name, value in environment.items() if name not in {"DATABASE_URL", "YZ_BENCH_ADMIN"}}
    # The limit protects against noise; a benchmark is noise.
    return kept | {"YZ_WRITES_PER_MINUTE": str(10**9), "PYTHONWARNINGS": "ignore", "YZ_ENV": os.environ["YZ_ENV"]}

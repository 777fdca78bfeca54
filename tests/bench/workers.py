"""Sides in processes of their own: each has its own settings, database and warm caches, and waits for its turn."""

from __future__ import annotations

import json
import subprocess
import sys
import traceback
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self


class WorkerFailed(RuntimeError):
    """A side's process raised; the message holds its traceback."""


class Worker:
    """A Python process that answers calls, one JSON line each way."""

    def __init__(self, module: str, *, environment: Mapping[str, str], python: str = sys.executable) -> None:
        self._process = subprocess.Popen(
            [python, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=dict(environment),
            text=True,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def call(self, function: str, **arguments: Any) -> Any:
        """Calls `function` there and returns its result. Raises WorkerFailed."""
        if self._process.stdin is None or self._process.stdout is None:
            raise WorkerFailed("no pipes")
        print(json.dumps([function, arguments]), file=self._process.stdin, flush=True)
        line = self._process.stdout.readline()
        if not line:
            raise WorkerFailed(f"{function}: the process ended with {self._process.wait()}")
        answer = json.loads(line)
        if "error" in answer:
            raise WorkerFailed(answer["error"])
        return answer["result"]

    def close(self) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait(timeout=60)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def serve(functions: Mapping[str, Callable[..., Any]]) -> None:
    """The worker's side: answers until the caller closes the pipe. Prints of called code go to standard error."""
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        name, arguments = json.loads(line)
        try:
            answer = {"result": functions[name](**arguments)}
        except Exception:  # noqa: BLE001 - the caller gets it whole and raises
            answer = {"error": traceback.format_exc()}
        print(json.dumps(answer), file=answers, flush=True)

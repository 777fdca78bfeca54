"""Work on many tenants in processes side by side: making a schema is work for a core, here and in the database."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection, wait
from typing import cast

from django.db import connections

from kernel.problems import DomainError
from tenants.database.base import DatabaseWrapper
from tenants.provisioning.plans import compile_plan
from tenants.provisioning.services.creating import TenantExists, create_tenant, prepare_blueprint

Work = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Result:
    """How one item ended: what its work returned, or why it failed."""

    item: str
    said: str
    error: str | None


def cores() -> int:
    """The processors this process may use."""
    return len(os.sched_getaffinity(0))


def provision_tenants(*, codes: Sequence[str], jobs: int, now: Callable[[], datetime]) -> Iterator[Result]:
    """Makes a tenant for each division code, `jobs` at a time, each in a transaction of its own.

    Goes on past one that fails: its error is in its result and nothing of it is left. One that exists is left
    alone. Killed at any moment, it is taken up by the next run. Runs as the owner.
    """

    def make(code: str) -> str:
        try:
            return create_tenant(code=code, now=now()).name
        except TenantExists:
            return "exists"

    if codes:
        # Once, before the processes part: each has it from the start.
        prepare_blueprint(compile_plan())
    return each(items=codes, work=make, jobs=jobs)


def each(*, items: Sequence[str], work: Work, jobs: int) -> Iterator[Result]:
    """Runs `work` for every item in up to `jobs` forked processes; yields results as they come.

    A process that dies takes the item in its hands with it, no other. When this process dies, each of them ends
    after the item in its hands. An interrupt (Ctrl-C) waits for the items in hand, no longer.
    """
    _close_connections()  # a connection must not be shared across a fork
    if min(jobs, len(items)) <= 1:
        for item in items:
            yield _result(item, work)
        return
    left = deque(items)
    crew: dict[Connection, _Hand] = {}
    try:
        for _ in range(min(jobs, len(left))):
            _hire(crew, work, left.popleft())
        while crew:
            for pipe in wait(list(crew)):
                hand = crew.pop(pipe)  # type: ignore[call-overload]
                result = hand.result()
                if hand.process.is_alive() and left:
                    hand.give(left.popleft())
                    crew[hand.pipe] = hand
                else:
                    hand.dismiss()
                    if left:
                        _hire(crew, work, left.popleft())
                yield result
    finally:
        for hand in crew.values():
            hand.dismiss()


class _Hand:
    """A process with one item in its hands."""

    def __init__(self, process: multiprocessing.process.BaseProcess, pipe: Connection) -> None:
        self.process = process
        self.pipe = pipe
        self.item = ""

    def give(self, item: str) -> None:
        self.item = item
        # When it has died meanwhile, its result says so.
        with contextlib.suppress(BrokenPipeError):
            self.pipe.send(item)

    def result(self) -> Result:
        try:
            result: Result = self.pipe.recv()
        except EOFError:
            self.process.join()
            return Result(self.item, "", f"its process ended with {self.process.exitcode}")
        return result

    def dismiss(self) -> None:
        """Lets it finish what it has in its hands, and waits for that."""
        self.pipe.close()
        self.process.join()


def _hire(crew: dict[Connection, _Hand], work: Work, item: str) -> None:
    ours, theirs = multiprocessing.Pipe()
    # The pipes of the others are ours, not the new one's: with a copy of them left open, nobody's end is noticed.
    process = multiprocessing.get_context("fork").Process(target=_serve, args=(theirs, [ours, *crew], work))
    process.start()
    theirs.close()
    hand = _Hand(process, ours)
    hand.give(item)
    crew[ours] = hand


def _serve(pipe: Connection, not_ours: list[Connection], work: Work) -> None:
    """A process's life: works until its pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _forget_connections()
    for other in not_ours:
        other.close()
    while True:
        try:
            item = pipe.recv()
        except EOFError:
            return
        result = _result(item, work)
        try:
            pipe.send(result)
        except BrokenPipeError:
            return


def _result(item: str, work: Work) -> Result:
    try:
        return Result(item, work(item), None)
    except DomainError as error:
        return Result(item, "", f"{error.code} {error.facts}")
    except Exception as error:  # noqa: BLE001 - one item's failure is its result; the others go on
        _close_connections()  # whatever state they are in, the next item gets fresh ones
        return Result(item, "", f"{type(error).__name__}: {error}".strip())


# What a process came with is its parent's: closing it, also by collecting it, would end it for the parent.
_inherited: list[object] = []


def _forget_connections() -> None:
    """Whatever the parent had open when it forked is not used here: two would read each other's answers."""
    for connection in connections.all(initialized_only=True):
        _inherited.extend(cast(DatabaseWrapper, connection).forget_kept())


def _close_connections() -> None:
    for connection in connections.all(initialized_only=True):
        cast(DatabaseWrapper, connection).close_kept()

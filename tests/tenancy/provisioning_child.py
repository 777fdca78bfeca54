"""Provisioning runs of test_provisioning_crash: each in a process of a server that holds the code and nothing else.

A process forked from the test run itself would share with it whatever its tests have open: threads, browsers, sockets.
"""

from __future__ import annotations

import io
import multiprocessing
import os
import signal
import sys
import time
from contextlib import nullcontext
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from tests import environment  # noqa: F401 - sets the addresses before Django's settings are read

SERVER = multiprocessing.get_context("forkserver")
SERVER.set_forkserver_preload([__name__])
STANDS_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Trouble:
    """What becomes of a run: it stands still at a tenant's place, its process dies at a tenant, tenants fail, or it
    works without the transaction that makes a tenant whole (`untied`, for the twin).
    """

    stands_at: tuple[str, str] = ("", "")
    dies_at: str = ""
    fails_at: tuple[str, ...] = ()
    untied: bool = False


class _Told(io.TextIOBase):
    def __init__(self, pipe: Connection) -> None:
        self.pipe = pipe

    def write(self, text: str) -> int:
        self.pipe.send(text)
        return len(text)


def run(count: int, jobs: int, output: Connection, standing: Connection, trouble: Trouble) -> None:
    """`bin/yz provision --simulated COUNT` in a process group of its own; ends with 2 where tenants failed."""
    os.setsid()
    from django.core.management import CommandError, call_command

    _arrange(trouble, standing)
    told = _Told(output)
    try:
        call_command("provision", simulated=count, jobs=jobs, stdout=told, stderr=told)
    except CommandError:
        sys.exit(2)


def _setup() -> None:
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()


def _arrange(trouble: Trouble, standing: Connection) -> None:
    from tenants.provisioning.services import creating, logins

    places: Any = creating  # its functions are exchanged by name
    code, place = trouble.stands_at
    if place:
        real = getattr(places, place)

        def still(*args: Any, **options: Any) -> Any:
            if code in repr((args, options)):
                standing.send(True)
                time.sleep(STANDS_SECONDS)
            return real(*args, **options)

        setattr(places, place, still)
    if trouble.dies_at:
        build = creating.build_schema

        def deadly(schema: str, plan: Any) -> None:
            build(schema, plan)
            if schema == f"t{trouble.dies_at}":
                os.kill(os.getpid(), signal.SIGKILL)

        places.build_schema = deadly
    if trouble.fails_at:
        connect = creating.let_connect

        def failing(role: str) -> None:
            if role[1:] in trouble.fails_at:
                logins.run("SELECT 1 / 0")
            connect(role)

        places.let_connect = failing
    if trouble.untied:
        places.region_atomic = nullcontext
        places.lock_tenant = lambda code: None
        logins.advisory_xact_lock = lambda *_: None


_setup()  # once, in the server: its processes have it from the start

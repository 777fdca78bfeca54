"""Starts one of the product's processes: the same commands in the image, under `bin/up` and in the tests.

    python -m config.start web|worker|provisioner|beat|live|relay
    python -m config.start setup              everything a new release needs before it serves; idempotent
    python -m config.start manage COMMAND …   a management command

What differs from place to place comes from the environment (defaults are the image's):

| variable | |
|---|---|
| `YZ_BIND` | where web or live listens: `0.0.0.0:8000` |
| `YZ_WEB_WORKERS`, `YZ_TASK_WORKERS` | processes of the web (4), of the worker (2) |
| `YZ_RUN_DIR` | where beat keeps its schedule and the relay its sign of life: `/tmp` |
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping

ROLES = ("web", "worker", "provisioner", "beat", "live", "relay")
# As in tenants/provisioning/tasks.py: tenants are made and removed one at a time, by the one who holds the owner's key.
PROVISIONING_QUEUE = "provisioning"
SETUP = (("migrate_region",), ("provision", "--all"), ("load_shipped",), ("check_grants",))
_QUIET = ("--loglevel", "INFO", "--without-mingle", "--without-gossip")


def ready_file(run_dir: str) -> str:
    """Touched by the relay after each sweep of all rooms."""
    return os.path.join(run_dir, "relay.ready")


def command_of(role: str, environment: Mapping[str, str]) -> tuple[str, ...]:
    """The command of a process, without the interpreter. Raises KeyError for an unknown role."""
    bind = environment.get("YZ_BIND", "0.0.0.0:8000")
    host, _, port = bind.rpartition(":")
    run_dir = environment.get("YZ_RUN_DIR", "/tmp")  # noqa: S108  # the image's only writable folder
    celery = ("-m", "celery", "-A", "config.celery")
    # A worker's heartbeat file on a disk that stalls would have gunicorn kill it.
    shm = ("--worker-tmp-dir", "/dev/shm") if os.access("/dev/shm", os.W_OK) else ()  # noqa: S108
    table: dict[str, tuple[str, ...]] = {
        "web": (
            *("-m", "gunicorn", "config.wsgi:application", "--bind", bind),
            *("--workers", environment.get("YZ_WEB_WORKERS", "4"), "--worker-class", "sync", *shm),
            *("--timeout", "60", "--graceful-timeout", "15", "--no-control-socket"),
        ),
        "live": (
            *("-m", "uvicorn", "config.live:application", "--host", host.strip("[]"), "--port", port),
            *("--timeout-graceful-shutdown", "2", "--no-access-log", "--lifespan", "auto"),
        ),
        "worker": (*celery, "worker", "-n", "worker@%h", "-c", environment.get("YZ_TASK_WORKERS", "2"), *_QUIET),
        "provisioner": (
            *(*celery, "worker", "-n", "provisioner@%h", "-Q", PROVISIONING_QUEUE, "--pool", "solo", *_QUIET),
        ),
        "beat": (
            *(*celery, "beat", "--loglevel", "INFO", "--pidfile="),
            *("-s", os.path.join(run_dir, "beat-schedule")),
        ),
        "relay": ("-m", "config.manage", "relay", "--ready-file", ready_file(run_dir)),
    }
    return table[role]


def main(arguments: list[str]) -> int:
    """Becomes the process that was asked for; `setup` runs its steps and ends."""
    role, *rest = arguments or ["web"]
    if role == "setup" and not rest:
        return _set_up()
    if role == "manage":
        command: tuple[str, ...] = ("-m", "config.manage", *rest)
    elif role in ROLES and not rest:
        command = command_of(role, os.environ)
    else:
        print(f"one of {', '.join(ROLES)}, setup, manage COMMAND …; not {' '.join(arguments)}", file=sys.stderr)
        return 2
    return os.execv(sys.executable, [sys.executable, *command])  # noqa: S606  # this process becomes it


def _set_up() -> int:
    for step in SETUP:
        print(f"== {' '.join(step)} ==", flush=True)
        done = subprocess.run([sys.executable, "-m", "config.manage", *step])
        if done.returncode != 0:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

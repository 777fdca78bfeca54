"""The product's six processes and its management commands."""

import hashlib
import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

from runtime import ports
from runtime.layout import Layout
from runtime.problems import Problem
from runtime.processes import Process, listens, says, serves, touches_ready_file
from runtime.progress import Note
from runtime.settings import Settings, base_environment

NAMES = ("web", "worker", "provisioner", "beat", "live", "relay")
WEB_WORKERS = 3
TASK_WORKERS = 2
CODE = ("config", "tenant_apps", "shared_apps", "tenants", "platform/kernel", "platform/webkit")
CODE_SUFFIXES = {".py", ".html", ".txt", ".po", ".json", ".csv", ".css", ".js"}


def code_fingerprint(layout: Layout) -> str:
    """Changes when any file of the product changes: names, sizes and times, not contents (it must be quick)."""
    held = hashlib.sha256(layout.lock.read_bytes())
    for top in CODE:
        for folder, folders, files in os.walk(layout.root / top):
            folders[:] = sorted(name for name in folders if name not in {"__pycache__", "vendor"})
            for name in sorted(files):
                if Path(name).suffix in CODE_SUFFIXES:
                    state = os.stat(os.path.join(folder, name))
                    held.update(f"{folder}/{name}\0{state.st_size}\0{state.st_mtime_ns}\0".encode())
    return held.hexdigest()[:16]


def processes(layout: Layout, settings: Settings, *, port: int, bind: str) -> list[Process]:
    """Web first: it is the one people wait for. Live stands on the next port."""
    start = (str(layout.python), "-m", "config.start")
    live_port = port + 1
    host = f"[{bind}]" if ":" in bind else bind
    reached = "127.0.0.1" if bind in {"0.0.0.0", "::"} else bind  # noqa: S104 - compared, not bound
    own = settings.for_processes() | {
        "YZ_PORT": str(port),
        "YZ_BIND": f"{host}:{port}",
        "YZ_WEB_WORKERS": str(WEB_WORKERS),
        "YZ_TASK_WORKERS": str(TASK_WORKERS),
        "YZ_RUN_DIR": str(layout.run),
    }
    own.setdefault("YZ_LIVE_URL", f"http://localhost:{live_port}")
    facts = {"port": port, "bind": bind, "code": code_fingerprint(layout)}
    table = {
        "web": serves(port, "/healthz", host=reached),
        "worker": says(" ready."),
        "provisioner": says(" ready."),
        "beat": says("beat: Starting"),
        "live": listens(live_port),
        "relay": touches_ready_file,
    }
    variables = {
        # The only process that serves and holds the owner's password.
        "provisioner": own | {"DATABASE_URL": settings.owner_url},
        "live": own | {"YZ_BIND": f"{host}:{live_port}"},
    }
    return [
        Process(layout, name, (*start, name), table[name], environment=variables.get(name, own), facts=facts)
        for name in NAMES
    ]


def recorded(layout: Layout) -> list[Process]:
    """The processes as far as their records know them: enough to stop them."""
    return [Process(layout, name, (), lambda _: False) for name in NAMES]


def check_port(port: int, bind: str, mine: Iterable[Process]) -> None:
    """Raises Problem when somebody else listens where web or live should."""
    own = {process.record.facts.get("port") for process in mine if process.alive}
    host = "::" if bind == "::" else bind
    for wanted, what in ((port, "web"), (port + 1, "live")):
        if port not in own and not ports.is_free(wanted, host=host):
            raise Problem(
                f"Port {wanted} ({what}) is taken by another program. Choose another:  bin/up --port {port + 100}",
                code=2,
            )


def manage(layout: Layout, settings: Settings, *arguments: str, note: Note | None = None) -> str:
    """Run a management command as the owner; returns its output. Raises Problem with the end of it on failure."""
    log = layout.log / "setup.log"
    lines: list[str] = []
    with (
        log.open("a", encoding="utf-8") as file,
        subprocess.Popen(
            [str(layout.python), "-m", "config.manage", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            cwd=layout.root,
            env=settings.for_commands(),
        ) as process,
    ):
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        file.write(f"$ yz {' '.join(arguments)}\n")
        for line in process.stdout:
            file.write(line)
            lines.append(line)
            if note:
                note.say(line)
    if process.returncode != 0:
        tail = "".join(lines[-20:])
        raise Problem(f"'bin/yz {' '.join(arguments)}' failed ({log}):\n{tail}")
    return "".join(lines)


def tool_environment(layout: Layout) -> dict[str, str]:
    """For checks that load the settings and need no server: addresses nobody listens on, production's strictness."""
    environment = base_environment(layout)
    environment.pop("DATABASE_URL", None)
    return environment | {
        "YZ_ENV": "production",
        "YZ_SECRET": hashlib.sha256(b"checks only").hexdigest(),
        "YZ_DATABASE": "postgres://127.0.0.1:1/none",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "YZ_BASE_HOST": "yizhang.example",
    }

"""The peer of `order`: django-oscar's own checkout, in an environment of its own under .local/peers."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.bench import databases
from tests.bench.clients import run_client
from tests.bench.progress import say
from tests.bench.web import Web, serving
from tests.bench.workers import Worker

REQUIREMENTS = ("django-oscar==4.2", "psycopg2-binary", "gunicorn", "whoosh==2.7.4")
CUSTOMERS = 40  # each places one order a round
WEB_WORKERS = 4


@dataclass
class Peer:
    """The running shop; without `web` there is none and the figures have no peer."""

    notes: str
    statements: int | None = None
    web: Web | None = None
    worker: Worker | None = None
    desks: int = 1

    def refill(self) -> list[dict[str, str]]:
        if self.worker is None:
            raise LookupError(self.notes)
        customers: list[dict[str, str]] = self.worker.call("baskets")
        return customers

    def place(self, customers: list[dict[str, str]]) -> tuple[int, float]:
        """Places an order for each; returns how many and in how many seconds."""
        if self.web is None:
            raise LookupError(self.notes)
        asked = {"port": self.web.port, "customers": customers, "desks": self.desks}
        said = run_client("tests.bench.oscar_shop.client", asked)
        return said["placed"], said["seconds"]


def installed() -> Path:
    """The peer's Python; its environment is built on the first use. Raises CalledProcessError."""
    folder = Path(os.environ["YZ_BENCH_PEERS"]) / "oscar"
    python = folder / "bin" / "python"
    stamp = folder / "built-from"
    wanted = "\n".join(REQUIREMENTS)
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        say("installing the peer: django-oscar")
        folder.parent.mkdir(mode=0o700, exist_ok=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        for command in (
            [sys.executable, "-m", "venv", "--clear", str(folder)],
            [str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check", *REQUIREMENTS],
        ):
            subprocess.run(command, check=True, env=kept, stdout=sys.stderr)
        stamp.write_text(wanted, encoding="utf-8")
    return python


def prepared(stack: ExitStack, *, desks: int) -> Peer:
    """Installs, fills and serves the shop until `stack` closes. Where it cannot be installed there is no peer."""
    try:
        python = str(installed())
    except (subprocess.CalledProcessError, OSError) as error:
        say(f"no peer: {error}")
        return Peer("none, django-oscar could not be installed")
    environment = {
        **databases.environment(databases.create("oscar")),
        "DJANGO_SETTINGS_MODULE": "tests.bench.oscar_shop.settings",
        "PYTHONWARNINGS": "ignore",
    }
    worker = stack.enter_context(Worker("tests.bench.oscar_shop.worker", environment=environment, python=python))
    worker.call("prepare", customers=CUSTOMERS)
    statements = worker.call("statements")
    web = stack.enter_context(
        serving(
            "tests.bench.oscar_shop.wsgi:application",
            environment=environment,
            workers=WEB_WORKERS,
            python=python,
            alive="/alive/",
        )
    )
    peer = Peer(
        notes="django-oscar 4.2, the POST of its checkout that places an order of three lines (no approval, no rules)",
        statements=statements,
        web=web,
        worker=worker,
        desks=desks,
    )
    peer.place(peer.refill())  # warm
    return peer


def search_shop(stack: ExitStack, *, titles: list[str]) -> Worker | None:
    """A shop of these titles whose search is Whoosh's, ready to be visited; None where it cannot be installed."""
    try:
        python = str(installed())
    except (subprocess.CalledProcessError, OSError) as error:
        say(f"no peer: {error}")
        return None
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="yz-bench-whoosh-"))
    environment = {
        **databases.environment(databases.create("oscar_search")),
        "DJANGO_SETTINGS_MODULE": "tests.bench.oscar_shop.settings",
        "YZ_BENCH_WHOOSH": folder,
        "PYTHONWARNINGS": "ignore",
    }
    worker = stack.enter_context(Worker("tests.bench.oscar_shop.searching", environment=environment, python=python))
    seconds = worker.call("prepare", titles=titles)
    say(f"the peer's {len(titles)} products indexed in {seconds:.0f} s")
    return worker

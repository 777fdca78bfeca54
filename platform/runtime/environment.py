"""The Python environment under `.local/venv`, built from the hashed lock.

Each build has a folder of its own, named by what it was built from, and `.local/venv` is a link switched to it at
the very end: a build that fails or is killed changes nothing, and running processes keep the one they started with.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from runtime.files import is_used, locked, write_whole
from runtime.layout import Layout
from runtime.problems import Problem
from runtime.progress import Steps
from runtime.records import Record

STAMP = "built-from"
TESTS_USE = "test-servers.use"


def key(layout: Layout) -> str:
    """What the environment depends on: the lock, the Python and the folder (its scripts hold absolute paths)."""
    held = hashlib.sha256(layout.lock.read_bytes())
    held.update(f"\0{sys.version_info.major}.{sys.version_info.minor}\0{layout.local}".encode())
    return held.hexdigest()


def is_current(layout: Layout) -> bool:
    """The environment is whole and was built from this lock."""
    try:
        stamp = (layout.venv / STAMP).read_text(encoding="utf-8").strip()
    except OSError:
        return False
    return stamp == key(layout) and layout.python.exists()


def ensure(layout: Layout, steps: Steps | None = None) -> bool:
    """Build the environment unless it is current; returns whether it was built."""
    if is_current(layout):
        return False
    layout.prepare()
    with locked(layout.run / "environment.lock", waiting="Another run builds the environment; waiting for it ..."):
        if is_current(layout):
            return False
        with (steps or Steps()).step("Python environment") as note:
            note.text = _build(layout)
    return True


def _build(layout: Layout) -> str:
    target = layout.local / "venvs" / key(layout)[:12]
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(mode=0o700, exist_ok=True)
    log = layout.log / "environment.log"
    uv = shutil.which("uv")
    if uv:
        _run([uv, "venv", "--quiet", "--python", sys.executable, str(target)], log)
        python = str(target / "bin" / "python")
        _run([uv, "pip", "sync", "--quiet", "--require-hashes", "--python", python, str(layout.lock)], log)
    else:
        require_venv_module()
        _run([sys.executable, "-m", "venv", str(target)], log)
        pip = [str(target / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "--no-input"]
        _run([*pip, "install", "--require-hashes", "--only-binary=:all:", "-r", str(layout.lock)], log)
    write_whole(target / STAMP, key(layout) + "\n")
    _switch(layout.venv, target)
    return "uv" if uv else "pip"


def _switch(link: Path, target: Path) -> None:
    """Point the link at the new environment in one step."""
    if link.is_dir() and not link.is_symlink():
        link.rename(link.with_name(f"venv-before-{os.getpid()}"))
    draft = link.with_name(f".venv-{os.getpid()}")
    draft.unlink(missing_ok=True)
    draft.symlink_to(target.relative_to(link.parent))
    draft.replace(link)


def remove_unused(layout: Layout) -> None:
    """Delete earlier environments, unless a test run or servers started from one may still use them."""
    if is_used(layout.run / TESTS_USE) or any(_from_elsewhere(layout, path) for path in layout.run.glob("*.json")):
        return
    current = layout.venv.resolve()
    for folder in (*layout.local.glob("venvs/*"), *layout.local.glob("venv-before-*")):
        if folder.resolve() != current:
            shutil.rmtree(folder, ignore_errors=True)


def _from_elsewhere(layout: Layout, path: Path) -> bool:
    """A living process that is recorded with binaries outside the current environment."""
    record = Record.read(path)
    binaries = record.facts.get("binaries")
    return record.alive and binaries is not None and layout.venv.resolve() not in Path(binaries).parents


def require_venv_module() -> None:
    """Debian ships venv's other half, ensurepip, in a package of its own."""
    if all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        return
    # A Python from elsewhere than the distribution cannot be completed by its packages: name both together.
    system = Path(sys.executable).resolve().parent == Path("/usr/bin")
    packages = "python3-venv" if system else "python3 python3-venv"
    sudo = "" if os.geteuid() == 0 else "sudo "
    raise Problem(
        f"{sys.executable} is here without its venv module (package python3-venv).\n"
        f"Install it:  {sudo}apt-get install {packages}",
        code=2,
    )


def _run(command: list[str], log: Path) -> None:
    """Run quietly; the output is in the log and its end is shown on failure."""
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    # Answers of a user's own configuration that would put the packages somewhere else.
    for name in ("PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_REQUIRE_VIRTUALENV"):
        environment.pop(name, None)
    with log.open("ab") as file:
        begins = file.tell()
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=file, stderr=file, env=environment, cwd="/")
    if done.returncode != 0:
        with log.open("rb") as file:
            file.seek(begins)
            said = file.read().decode("utf-8", "replace").splitlines()[-20:]
        raise Problem(f"Building the environment failed ({log}):\n" + "\n".join(said))

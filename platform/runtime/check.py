"""bin/check: every static check; all of them run, one line each."""

import argparse
import subprocess
from collections.abc import Sequence

from runtime import environment
from runtime.layout import Layout
from runtime.product import tool_environment
from runtime.progress import Steps

TYPED = ("config", "tenants", "shared_apps", "tenant_apps", "platform/kernel", "platform/webkit", "platform/runtime")
DOCKERFILES = ("Dockerfile", "platform/ops/pgbouncer/Dockerfile")
# It has no `python -m` of its own.
LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def commands(layout: Layout) -> dict[str, tuple[str, ...]]:
    """What is run, by the name it is shown under."""
    python = str(layout.python)
    manage = (python, "-m", "config.manage")
    schema = (*manage, "spectacular", "--validate", "--fail-on-warn", "--file", "/dev/null")
    return {
        "ruff check": (python, "-m", "ruff", "check", "."),
        "ruff format": (python, "-m", "ruff", "format", "--check", "."),
        "mypy": (python, "-m", "mypy", *(name for name in TYPED if (layout.root / name).is_dir())),
        "import contracts": (python, "-c", LINT_IMPORTS, "--no-cache"),
        "Django's deployment checks": (*manage, "check", "--deploy", "--fail-level", "WARNING"),
        "migrations are complete": (*manage, "makemigrations", "--check", "--dry-run", "--skip-checks"),
        "migrations are safe": (*manage, "lint_migrations"),
        "OpenAPI of the region": (*schema, "--urlconf", "config.urls_region"),
        "OpenAPI of a tenant": (*schema, "--urlconf", "config.urls_tenant"),
        "translations are complete": (*manage, "compile_catalogues", "--check"),
        "Dockerfiles": (str(layout.venv / "bin" / "hadolint"), *DOCKERFILES),
        "vendored assets": (python, "-m", "webkit.vendor", "--check"),
    }


def main(layout: Layout, given: Sequence[str]) -> int:
    every = commands(layout)
    parser = argparse.ArgumentParser(prog="bin/check", description="Runs every static check; needs no server.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"only these: {', '.join(every)}")
    options = parser.parse_args(given)
    chosen = {name: command for name, command in every.items() if _named(name, options.names)}
    if not chosen:
        parser.error(f"no check is called {' '.join(options.names)}")
    layout.prepare()
    steps = Steps()
    environment.ensure(layout, steps)
    variables = tool_environment(layout)
    said: dict[str, str] = {}
    for name, command in chosen.items():
        with steps.step(name) as note:
            done = subprocess.run(command, capture_output=True, text=True, cwd=layout.root, env=variables)
            if done.returncode != 0:
                note.mark = "FAIL"
                said[name] = (done.stdout + done.stderr).rstrip()
    for name, text in said.items():
        print(f"\n--- {name} ---\n{text}")
    result = f"{len(said)} of {len(chosen)} checks failed" if said else f"{len(chosen)} checks passed"
    print(f"\n{result} in {steps.total:.0f} s.")
    return 1 if said else 0


def _named(name: str, wanted: Sequence[str]) -> bool:
    return not wanted or any(word in name for word in wanted)

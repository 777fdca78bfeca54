"""bin/test: servers for tests, a browser, then pytest."""

import argparse
import os
import shlex
import subprocess
import sys
from collections.abc import Sequence

from runtime import chromium, environment
from runtime.files import SharedUse, locked
from runtime.layout import Layout
from runtime.problems import Problem
from runtime.progress import Steps
from runtime.servers import Servers
from runtime.settings import test_environment

# A worker a core, within reason: each has a database of its own. Files go in their order: those with few tests are
# often the longest, and the default would leave them to the end, where one worker would run them alone.
WORKERS = max(2, min(4, os.cpu_count() or 2))
EVERYTHING = ("-n", str(WORKERS), "--dist", "loadfile", "--no-loadscope-reorder")

# Longer runs take longer than what is a hanging test otherwise (pyproject.toml), but not for ever either.
SLOW = ("-m", "slow or not slow", "--timeout", "7200")


def main(layout: Layout, given: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="bin/test",
        usage="bin/test [--servers | --stop | --keep] [pytest arguments]",
        description="Runs the tests, all of them when nothing is named. Other arguments go to pytest.",
    )
    parser.add_argument("--servers", action="store_true", help="start the test servers, leave them, print their env")
    parser.add_argument("--stop", action="store_true", help="stop the test servers")
    parser.add_argument("--keep", action="store_true", help="leave the test servers running afterwards")
    parser.add_argument("--slow", action="store_true", help="run the tests marked slow too")
    options, rest = parser.parse_known_args(given)
    layout.prepare()
    if options.stop:
        Servers.test(layout).stop()
        return 0
    if options.servers:
        return print_servers(layout)
    return run(layout, rest, keep=options.keep, slow=options.slow)


def start_servers(layout: Layout, *, keep: bool) -> tuple[Servers, bool]:
    """Start the test servers unless they run; `keep` marks them as not to be stopped by a later run."""
    with locked(layout.run / "test-servers.lock"):
        servers = Servers.test(layout)
        started = servers.start()
        if keep:
            servers.postgres.record.facts["kept"] = True
        elif started:
            servers.postgres.record.facts.pop("kept", None)
        servers.postgres.record.write()
    return servers, started


def print_servers(layout: Layout) -> int:
    environment.ensure(layout)
    servers, _ = start_servers(layout, keep=True)
    variables = test_environment(layout, servers, chromium=chromium.find())
    for name, value in sorted(variables.items()):
        if os.environ.get(name) != value or name == "PYTHONPATH":
            print(f"export {name}={shlex.quote(value)}")
    return 0


def run(layout: Layout, rest: Sequence[str], *, keep: bool, slow: bool) -> int:
    steps = Steps()
    environment.ensure(layout, steps)
    with steps.step("Browser") as note:
        browser, said = chromium.ensure(layout.log / "browser.log")
        note.text, note.mark = browser or "none", "ok" if browser else "WARN"
    loud = "\n".join(f"*** {line}" for line in said)
    if said:
        print(loud, flush=True)
    if not browser and os.environ.get("CI") == "true":
        print("CI=true: a skipped browser test is a failure.", file=sys.stderr)
        return 2
    # Held while pytest runs: another run on the same servers then does not stop them under us.
    use = SharedUse(layout.run / environment.TESTS_USE)
    with steps.step("Servers for tests") as note:
        servers, started = start_servers(layout, keep=keep)
        note.text = "started" if started else "were running"
    try:
        variables = test_environment(layout, servers, chromium=browser)
        with steps.step("Translations compiled"):
            done = subprocess.run(
                [str(layout.python), "-m", "config.manage", "compile_catalogues"],
                capture_output=True,
                text=True,
                cwd=layout.root,
                env=variables | {"YZ_DATABASE": servers.postgres.admin_url},
            )
            if done.returncode != 0:
                raise Problem(f"compile_catalogues failed:\n{done.stderr.strip()}")
        arguments = [*(() if rest else EVERYTHING), *(SLOW if slow else ()), *rest]
        if any(part in {"-m"} or part.startswith("-m=") for part in rest):
            arguments = list(rest)
        sys.stdout.flush()
        code = subprocess.run([str(layout.python), "-m", "pytest", *arguments], cwd=layout.root, env=variables)
    except KeyboardInterrupt:
        return 130
    finally:
        alone = use.leave()
        with locked(layout.run / "test-servers.lock"):
            servers = Servers.test(layout)
            if alone and not servers.postgres.record.facts.get("kept"):
                servers.stop()
    if said:
        print(loud, flush=True)
    return code.returncode

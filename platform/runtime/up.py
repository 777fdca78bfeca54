"""bin/up: from whatever state things are in to everything running."""

import argparse
import contextlib
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from types import FrameType

from runtime import database, environment
from runtime.files import locked, write_whole
from runtime.layout import Layout
from runtime.problems import Problem
from runtime.processes import Process, stop_all, wait_ready
from runtime.product import check_port, manage, processes, recorded
from runtime.progress import Steps
from runtime.servers import Servers
from runtime.settings import Settings

DEFAULT_PORT = 8000
WATCH_SECONDS = 0.5


def arguments(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bin/up",
        description="Builds the environment, starts PostgreSQL and Valkey, prepares the data and starts everything.",
        epilog="DATABASE_URL and REDIS_URL replace the embedded servers. bin/down stops what this started.",
    )
    parser.add_argument("--foreground", action="store_true", help="stay, and stop everything on Ctrl-C")
    parser.add_argument("--port", type=int, help=f"of the web pages; the next one is used too ({DEFAULT_PORT})")
    parser.add_argument("--bind", default="", help="address to listen on (127.0.0.1)")
    parser.add_argument("--no-demo", action="store_true", help="do not load the demonstration data")
    return parser.parse_args(given)


def main(layout: Layout, given: Sequence[str]) -> int:
    options = arguments(given)
    if options.port is not None and not 1 <= options.port < 65535:
        raise Problem("--port must lie between 1 and 65534.", code=2)
    layout.prepare()
    with locked(layout.run / "up.lock", waiting="Another bin/up or bin/down is at work; waiting for it ..."):
        started = up(layout, options)
    if options.foreground:
        return watch(layout, started)
    return 0


def up(layout: Layout, options: argparse.Namespace) -> list[Process]:
    """Bring everything up. A second call finds what runs and starts only what is missing."""
    # Whatever still runs says where: after a kill of the web process it comes back at its own port.
    held = next((process.record.facts for process in recorded(layout) if process.alive), {})
    port = options.port or int(held.get("port", DEFAULT_PORT))
    bind = options.bind or str(held.get("bind", "127.0.0.1"))
    steps = Steps()
    own_database, own_redis = Settings.external()
    if environment.is_current(layout):
        wanted = _wanted(layout, port, bind)
        if wanted and all(process.alive and process.running for process in wanted) and _demo_suits(layout, options):
            print("Already running.")
            _greet(layout, port)
            return wanted
    print("Starting Yizhang:")
    for process in recorded(layout):
        if not process.alive:
            process.stop()  # a killed parent's children may still hold the port
    check_port(port, bind, recorded(layout))
    environment.ensure(layout, steps)
    servers = Servers.local(layout)
    _start_servers(layout, servers, steps, own_database=own_database, own_redis=own_redis)
    settings = Settings.of(layout, servers)
    _prepare_data(layout, replace(settings, port=port), steps, demo=not options.no_demo)
    wanted = processes(layout, settings, port=port, bind=bind)
    try:
        _start_processes(wanted, steps)
    except Problem:
        stop_all(wanted)
        raise
    environment.remove_unused(layout)
    print(f"Ready after {steps.total:.0f} s.")
    _greet(layout, port)
    return wanted


def _wanted(layout: Layout, port: int, bind: str) -> list[Process]:
    """The processes as they should run, when the servers they need do; otherwise none."""
    servers = Servers.local(layout)
    own_database, own_redis = Settings.external()
    if not (own_database or servers.postgres.running) or not (own_redis or servers.valkey.running):
        return []
    return processes(layout, Settings.of(layout, servers), port=port, bind=bind)


def _start_servers(layout: Layout, servers: Servers, steps: Steps, *, own_database: str, own_redis: str) -> None:
    with steps.step("PostgreSQL") as note:
        if own_database:
            note.text = "yours, from DATABASE_URL"
            database.check_external(layout, own_database)
        else:
            begun = servers.postgres.start()
            database.create(servers.postgres, layout)
            note.text = f"127.0.0.1:{servers.postgres.port}" + ("" if begun else ", was running")
    with steps.step("Valkey") as note:
        if own_redis:
            note.text = "yours, from REDIS_URL"
        else:
            begun = servers.valkey.start()
            note.text = f"127.0.0.1:{servers.valkey.port}" + ("" if begun else ", was running")


def _prepare_data(layout: Layout, settings: Settings, steps: Steps, *, demo: bool) -> None:
    with steps.step("Region and fleet migrated") as note:
        manage(layout, settings, "migrate_region", note=note)
    with steps.step("Tenants provisioned") as note:
        manage(layout, settings, "provision", "--all", note=note)
    with steps.step("Law, calendar, classification") as note:
        manage(layout, settings, "load_shipped", note=note)
    with steps.step("Translations compiled") as note:
        manage(layout, settings, "compile_catalogues", note=note)
    if demo:
        with steps.step("Demonstration data") as note:
            manage(layout, settings, "load_demo", note=note)
            write_whole(layout.run / "demo-accounts.txt", manage(layout, settings, "demo_accounts"))


def _start_processes(wanted: Sequence[Process], steps: Steps) -> None:
    """Start them side by side, then wait for each in turn."""
    if not any(process.alive for process in wanted):
        # Figures are of one run: files are named by process ids, which the kernel uses again.
        for path in wanted[0].layout.metrics.glob("*.db"):
            path.unlink(missing_ok=True)
    begun = {process.name: process.start() for process in wanted}
    for process in wanted:
        with steps.step(process.name) as note:
            wait_ready(process)
            note.text = "" if begun[process.name] else "was running"


def _demo_suits(layout: Layout, options: argparse.Namespace) -> bool:
    return options.no_demo or (layout.run / "demo-accounts.txt").exists()


def _greet(layout: Layout, port: int) -> None:
    print(f"\n  Region    http://localhost:{port}/")
    print(f"  Tenants   http://<division code>.localhost:{port}/   for example http://653101.localhost:{port}/")
    with contextlib.suppress(FileNotFoundError):
        print("\n" + (layout.run / "demo-accounts.txt").read_text(encoding="utf-8").rstrip())
    print(f"\n  Logs in {layout.log}; bin/down stops everything.")


def watch(layout: Layout, started: Sequence[Process]) -> int:
    """Stay until Ctrl-C, a polite signal or the end of a process; then stop everything."""

    def interrupted(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupted)
    print("\n  Ctrl-C stops everything.", flush=True)
    code = 0
    try:
        while all(process.alive for process in started):
            time.sleep(WATCH_SECONDS)
        for process in started:
            if not process.alive:
                print(f"\n{process.failure()}", file=sys.stderr)
        code = 1
    except KeyboardInterrupt:
        print()
    # A second Ctrl-C must not leave half of it running.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with locked(layout.run / "up.lock"):
        down(layout)
    return code


def down(layout: Layout) -> None:
    """Stop what bin/up started: processes first, then the servers they use."""
    stopped = stop_all(recorded(layout))
    servers = Servers.local(layout)
    if servers.valkey.stop():
        stopped.append("Valkey")
    if servers.postgres.stop():
        stopped.append("PostgreSQL")
    print(f"Stopped: {', '.join(stopped)}." if stopped else "Nothing of ours was running.")


def down_main(layout: Layout, given: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/down", description="Stops exactly what bin/up started. Data stays.")
    parser.parse_args(given)
    if not layout.run.is_dir():
        print("Nothing of ours was running.")
        return 0
    with locked(layout.run / "up.lock", waiting="Another bin/up or bin/down is at work; waiting for it ..."):
        down(layout)
    return 0

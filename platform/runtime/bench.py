"""bin/bench: a benchmark against servers of its own, whose commits reach the disk."""

import argparse
import subprocess
from collections.abc import Sequence

from runtime import database, environment
from runtime.files import locked
from runtime.layout import Layout
from runtime.progress import Steps
from runtime.servers import Servers
from runtime.settings import Settings

DATABASE = "yz_bench"


def main(layout: Layout, given: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/bench", description="Runs a benchmark on a server of its own.")
    parser.add_argument("name", help="provisioning, order, ...")
    parser.add_argument("--keep-data", action="store_true", help="go on with the scratch database of the last run")
    options, rest = parser.parse_known_args(given)
    layout.prepare()
    steps = Steps()
    environment.ensure(layout, steps)
    with locked(layout.run / "bench.lock", waiting="Another bench runs; waiting for it ..."):
        servers = Servers.bench(layout)
        with steps.step("Servers for benchmarks"):
            servers.start()
            if not options.keep_data:
                servers.postgres.sql(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
            database.create(servers.postgres, layout, database=DATABASE)
        try:
            variables = Settings.embedded(layout, servers, database=DATABASE).for_commands()
            command = [str(layout.python), "-m", "config.manage", "bench", options.name, *rest]
            return subprocess.run(command, cwd=layout.root, env=variables).returncode
        finally:
            servers.stop()

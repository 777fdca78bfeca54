"""bin/bench: benchmarks against servers of their own, whose commits reach the disk."""

import contextlib
import subprocess
import sys
from collections.abc import Sequence

from runtime import database, environment
from runtime.files import locked
from runtime.layout import Layout
from runtime.progress import Steps
from runtime.servers import Servers
from runtime.settings import Settings, base_environment
from runtime.wheels import postgres_bin

DATABASE = "yz_bench"
PROGRAM = ("-m", "tests.bench")


def main(layout: Layout, given: Sequence[str]) -> int:
    layout.prepare()
    # Our own lines go to standard error: with --json, standard output is one object a line.
    with contextlib.redirect_stdout(sys.stderr):
        environment.ensure(layout, steps := Steps())
    if not given or "-h" in given or "--help" in given:
        command = [str(layout.python), *PROGRAM, "--help"]
        return subprocess.run(command, cwd=layout.root, env=base_environment(layout)).returncode
    with locked(layout.run / "bench.lock", waiting="Another bench runs; waiting for it ..."):
        servers = Servers.bench(layout)
        try:
            with contextlib.redirect_stdout(sys.stderr), steps.step("Servers for benchmarks"):
                servers.start()
                database.create(servers.postgres, layout, database=DATABASE)
            variables = Settings.embedded(layout, servers, database=DATABASE).for_commands() | {
                # The benchmarks make databases of their own, talk to the server without Django, and install peers.
                "YZ_BENCH_ADMIN": servers.postgres.admin_url,
                "YZ_BENCH_POSTGRES_BIN": str(postgres_bin(layout)),
                "YZ_BENCH_PEERS": str(layout.local / "peers"),
            }
            command = [str(layout.python), *PROGRAM, *given]
            return subprocess.run(command, cwd=layout.root, env=variables).returncode
        finally:
            servers.stop()

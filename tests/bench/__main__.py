"""python -m tests.bench NAME... [--json] [--size N] [--rounds N] [--write]"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from tests.bench.harness import ROUNDS_MIN, Figure, table
from tests.bench.options import Options
from tests.bench.progress import say

# In this order; each is a module of this package with `run(options) -> list[Figure]`.
BENCHES = ("provisioning", "migrate", "request", "order", "search", "imports", "metering")


def main(given: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/bench", description="Runs benchmarks on a server of their own.")
    parser.add_argument(
        "names", nargs="+", metavar="NAME", choices=[*BENCHES, "all"], help=", ".join([*BENCHES, "all"])
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument(
        "--size", type=int, default=0, help="tenants, orders a round (order), products (search) or events (metering)"
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS_MIN, help=f"at least {ROUNDS_MIN}")
    parser.add_argument("--write", action="store_true", help="write the figures and the machine to docs/benchmarks.md")
    asked = parser.parse_args(given)
    if asked.rounds < ROUNDS_MIN or asked.size < 0:
        parser.error(f"--rounds is at least {ROUNDS_MIN}, --size is not negative")
    from tests.bench import databases, report

    names = [name for name in BENCHES if name in asked.names or "all" in asked.names]
    options = Options(size=asked.size, rounds=asked.rounds)
    figures: list[Figure] = []
    load = os.getloadavg()[0]
    databases.clear()
    try:
        for name in names:
            say(f"{name} ...")
            found = importlib.import_module(f"tests.bench.{name}").run(options)
            figures += found
            print("\n".join(f.as_json() for f in found) if asked.json else table(found) + "\n", flush=True)
    finally:
        databases.clear()
    if asked.write:
        report.write(figures, load=load)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

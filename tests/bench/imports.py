"""`imports`: a supplier's table of offers from the file to the library, beside COPY of the same rows."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.bench import databases
from tests.bench.harness import Figure, Measurement, figure, interleave
from tests.bench.options import Options
from tests.bench.processor import tree_seconds
from tests.bench.progress import say
from tests.bench.workers import Worker

BENCH = "imports"
DEFAULT_SIZE = 100_000


def run(options: Options) -> list[Figure]:
    database = databases.create("imports")
    environment = databases.environment(database)
    server = databases.postmaster()
    rows = options.size or DEFAULT_SIZE
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="yz-bench-")))
        environment["YZ_FILES_DIR"] = str(folder / "files")
        maker = stack.enter_context(Worker("tests.bench.imports_ours", environment=environment))
        # Every round of each side is another supplier's, so that all rows are new; one more is watched.
        watched = 2 * options.rounds
        plan = maker.call("prepare", rows=rows, suppliers=watched + 1, folder=str(folder))
        say(f"{BENCH}: {rows} products, files of {plan['csv_bytes'] / 1e6:.1f} MB (CSV) and "
            f"{plan['xlsx_bytes'] / 1e6:.1f} MB (Excel)")  # fmt: skip
        # A worker of its own: its memory is an import's.
        ours = stack.enter_context(Worker("tests.bench.imports_ours", environment=environment))

        def brought(number: int, path: str = plan["csv"]) -> Measurement:
            databases.checkpoint()
            before = tree_seconds(ours.pid) + tree_seconds(server)
            found = ours.call("bring", number=number, path=path)
            spent = tree_seconds(ours.pid) + tree_seconds(server) - before
            return {"rows_per_second": rows / (found["read"] + found["store"]), "read": rows / found["read"],
                    "store": rows / found["store"], "cpu_per_row": spent / rows * 1e6}  # fmt: skip

        def copied(number: int) -> Measurement:
            maker.call("prepare_copy", number=options.rounds + number, rows=rows)
            databases.checkpoint()
            before = tree_seconds(maker.pid) + tree_seconds(server)
            seconds = maker.call("copy")
            spent = tree_seconds(maker.pid) + tree_seconds(server) - before
            return {"rows_per_second": rows / seconds, "cpu_per_row": spent / rows * 1e6}

        samples = interleave({"ours": brought, "limit": copied}, rounds=options.rounds, label=BENCH)
        with watching(environment, folder / "stop") as lag:
            brought(watched)
        excel = brought(0, plan["xlsx"])
        worker = ours.call("memory")
        reader = {form: maker.call("reader_memory", path=plan[form], form=form) for form in ("csv", "xlsx")}
    return [
        figure(
            bench=BENCH, name="rows_per_second", unit="per second", samples=samples["rows_per_second"],
            notes=f"{rows} new offers with one area each, from a CSV to the library: read, judged, kept, judged again "
            "under locks, stored in chunks of 2,000 with own numbers and journal rows; limit: COPY into the two tables "
            "in one transaction, indexes and constraints in place",
        ),
        figure(
            bench=BENCH, name="cpu_per_row", unit="µs of CPU", samples=samples["cpu_per_row"],
            notes="the importing process, the process that opens the file and the whole database server",
        ),
        figure(
            bench=BENCH, name="rows_read", unit="per second", samples={"ours": samples["read"]["ours"]},
            notes="the first half of it: the bounded process, every cell, the preview against the library, rows kept",
        ),
        figure(
            bench=BENCH, name="rows_stored", unit="per second",
            samples={"ours": samples["store"]["ours"], "limit": samples["rows_per_second"]["limit"]},
            notes="the second half of it, against the same limit",
        ),
        figure(
            bench=BENCH, name="worker_memory", unit="MB", samples={"ours": [worker]},
            notes=f"the largest the importing process became; the process that opens the file: {reader['csv']:.0f} MB "
            f"(Excel: {reader['xlsx']:.0f} MB for {plan['xlsx_bytes'] / 1e6:.1f} MB; an import of it, all of it "
            f"unchanged, reads {excel['read']:.0f} rows a second)",
        ),
        figure(
            bench=BENCH, name="relay_lag", unit="s", samples={"ours": lag},
            notes="the longest that a journal row written during one more import waited for a relay that looks ten "
            "times a second",
        ),
    ]  # fmt: skip


@contextmanager
def watching(environment: Mapping[str, str], stop: Path) -> Iterator[list[float]]:
    """The longest lag of the relay while the body runs, in the list given, at its end."""
    lag: list[float] = []
    with subprocess.Popen(
        [sys.executable, "-m", "tests.bench.imports_lag", str(stop)], stdout=subprocess.PIPE, text=True, env=environment
    ) as watcher:
        if watcher.stdout is None or watcher.stdout.readline() != "watching\n":
            raise RuntimeError("nobody watches the relay")
        yield lag
        stop.touch()
        lag.append(float(watcher.communicate(timeout=60)[0]))

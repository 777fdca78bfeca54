"""`imports`: a supplier's table of offers from the file to the library, beside COPY of the same rows."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.bench import databases
from tests.bench.harness import Figure, Measurement, figure, interleave
from tests.bench.options import Options
from tests.bench.progress import say
from tests.bench.workers import Worker

BENCH = "imports"
DEFAULT_SIZE = 100_000


def run(options: Options) -> list[Figure]:
    database = databases.create("imports")
    environment = databases.environment(database)
    rows = options.size or DEFAULT_SIZE
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="yz-bench-")))
        environment["YZ_FILES_DIR"] = str(folder / "files")
        maker = stack.enter_context(Worker("tests.bench.imports_ours", environment=environment))
        # Every round of each side is another supplier's, so that all rows are new; one more for the same rows again.
        plan = maker.call("prepare", rows=rows, suppliers=2 * options.rounds, folder=str(folder))
        say(f"{BENCH}: {rows} products, files of {plan['csv_bytes'] / 1e6:.1f} MB (CSV) and "
            f"{plan['xlsx_bytes'] / 1e6:.1f} MB (Excel)")  # fmt: skip
        # A worker of its own: its memory is an import's.
        ours = stack.enter_context(Worker("tests.bench.imports_ours", environment=environment))
        told: list[dict[str, Any]] = []

        def brought(number: int) -> Measurement:
            databases.checkpoint()
            found = ours.call("bring", number=number, path=plan["csv"], folder=str(folder))
            told.append(found)
            return {"rows_per_second": rows / (found["read"] + found["store"]), "read": rows / found["read"],
                    "store": rows / found["store"], "lag": found["lag"]}  # fmt: skip

        def copied(number: int) -> Measurement:
            databases.checkpoint()
            seconds = maker.call("copy", number=options.rounds + number, rows=rows)
            return {"rows_per_second": rows / seconds}

        samples = interleave({"ours": brought, "limit": copied}, rounds=options.rounds, label=BENCH)
        excel = ours.call("bring", number=0, path=plan["xlsx"], folder=str(folder))
    worker, reader = max(one["worker_mb"] for one in [*told, excel]), max(one["reader_mb"] for one in [*told, excel])
    return [
        figure(
            bench=BENCH, name="rows_per_second", unit="per second", samples=samples["rows_per_second"],
            notes=f"{rows} new offers with one area each, from a CSV to the library: read, judged, kept, judged again "
            "under locks, stored in chunks of 2,000 with journal rows; limit: COPY into the two tables in one "
            "transaction, indexes and constraints in place",
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
            notes=f"the largest the importing process became; the process that opens the file: {reader:.0f} MB (Excel: "
            f"{excel['reader_mb']:.0f} MB for {plan['xlsx_bytes'] / 1e6:.1f} MB, {rows / excel['read']:.0f} rows a "
            "second, all unchanged)",
        ),
        figure(
            bench=BENCH, name="relay_lag", unit="s", samples={"ours": samples["lag"]["ours"]},
            notes="the longest that a journal row written meanwhile waited for a relay that looks ten times a second",
        ),
    ]  # fmt: skip

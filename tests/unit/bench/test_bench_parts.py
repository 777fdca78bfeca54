"""What the benchmarks read from programs and files."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime

import pytest

from tests.bench.databases import TENANT_ROLE, pgbench_rate
from tests.bench.harness import Figure
from tests.bench.processor import children_of, parent_of, tree_seconds
from tests.bench.report import replaced, section
from tests.bench.workers import Worker, WorkerFailed

SAID = """pgbench (18.6)
transaction type: place.sql
number of transactions actually processed: 2903
latency average = 5.512 ms
initial connection time = 31.502 ms
tps = 1451.310241 (without initial connection time)
"""


def test_rate_of_pgbench() -> None:
    assert pgbench_rate(SAID) == 1451.310241
    with pytest.raises(ValueError, match="no rate"):
        pgbench_rate("pgbench: error")


def test_only_logins_of_benchmarks_are_dropped() -> None:
    assert [bool(TENANT_ROLE.match(name)) for name in ("t980001", "t653101", "t990001", "t980001_x", "yz_owner")] == [
        True,
        False,
        False,
        False,
        False,
    ]


def test_cpu_of_this_process_grows() -> None:
    before = tree_seconds(os.getpid())
    assert sum(number * number for number in range(200_000)) > 0
    assert tree_seconds(os.getpid()) > before
    assert parent_of(os.getpid()) == os.getppid()


def test_a_process_that_is_gone_costs_nothing() -> None:
    assert tree_seconds(2**22 + 1) == 0.0
    with pytest.raises(ProcessLookupError):
        parent_of(2**22 + 1)


def test_worker_answers_raises_and_ends(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("worker")
    (folder / "echo_worker.py").write_text(
        "from tests.bench.workers import serve\n"
        "def double(number):\n    print('noise')\n    return number * 2\n"
        "serve({'double': double})\n"
    )
    paths = os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", ""), os.getcwd()])
    with Worker("echo_worker", environment=os.environ | {"PYTHONPATH": paths}, python=sys.executable) as worker:
        assert worker.call("double", number=21) == 42
        assert worker.pid in children_of(os.getpid())
        with pytest.raises(WorkerFailed, match="missing 1 required"):
            worker.call("double")
        assert worker.call("double", number=4) == 8


def test_report_exchanges_one_part_and_leaves_the_rest() -> None:
    made = Figure("order", "cpu_per_order", "ms of CPU", 4.0, 0.4, None, 0.1, None, 3, "")
    text = section(bench="order", figures=[made], machine="2 cores", load=0.25, at=datetime(2026, 11, 23, tzinfo=UTC))
    page = "# Benchmarks\n\n<!-- begin order -->\nold\n<!-- end order -->\n\ntail\n"
    new = replaced(page=page, bench="order", text=text)
    assert "old" not in new
    assert new.startswith(
        "# Benchmarks\n\n<!-- begin order -->\n2 cores; load average 0.2 before the run; 2026-11-23.\n"
    )
    assert new.endswith("<!-- end order -->\n\ntail\n")
    added = replaced(page="# Benchmarks\n", bench="order", text=text)
    assert added == f"# Benchmarks\n\n## order\n\n{text}\n"

"""A process is known by more than its number."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.processes import MARK, left_of
from runtime.records import Record, boot_id, started_ticks

STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print(1, flush=True)
time.sleep(60)
"""
PARENT = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(1, flush=True)
time.sleep(60)
"""
SLEEP = (sys.executable, "-c", "import time; time.sleep(60)")


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(SLEEP, start_new_session=True)
    yield process
    process.kill()
    process.wait()


def test_a_started_process_is_alive_and_survives_rereading(tmp_path: Path, sleeper: subprocess.Popen[bytes]) -> None:
    Record(tmp_path / "web.json").took(sleeper.pid, port=8000)

    record = Record.read(tmp_path / "web.json")

    assert record.alive
    assert record.facts == {"port": 8000}
    assert (tmp_path / "web.json").stat().st_mode & 0o777 == 0o600


def test_the_same_number_started_at_another_moment_is_somebody_else(
    tmp_path: Path, sleeper: subprocess.Popen[bytes]
) -> None:
    ticks = started_ticks(sleeper.pid)
    assert ticks is not None
    record = Record(tmp_path / "web.json", sleeper.pid, ticks - 1, boot_id())
    record.write()

    assert not record.alive
    assert record.stop((signal.SIGKILL, 1.0)) is False
    assert sleeper.poll() is None


def test_the_same_number_of_another_boot_is_somebody_else(tmp_path: Path, sleeper: subprocess.Popen[bytes]) -> None:
    record = Record(tmp_path / "web.json", sleeper.pid, started_ticks(sleeper.pid), "another boot")

    assert not record.alive


def test_stopping_goes_on_to_the_next_signal(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", STUBBORN], start_new_session=True, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    record = Record(tmp_path / "web.json")
    record.took(process.pid, port=8000)

    assert record.stop((signal.SIGTERM, 0.1), (signal.SIGKILL, 10.0), group=True) is True

    process.stdout.close()
    assert not record.alive
    assert record.facts == {"port": 8000}
    assert json.loads(record.path.read_text())["pid"] is None


def test_a_zombie_is_dead(tmp_path: Path, sleeper: subprocess.Popen[bytes]) -> None:
    record = Record(tmp_path / "web.json")
    record.took(sleeper.pid)
    sleeper.kill()
    os.waitid(os.P_PID, sleeper.pid, os.WEXITED | os.WNOWAIT)

    assert started_ticks(sleeper.pid) is None
    assert not record.alive


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}', '{"pid": 1, "started": 2, "boot": "", "facts": null}'])
def test_a_record_that_cannot_be_read_is_an_empty_one(tmp_path: Path, text: str) -> None:
    (tmp_path / "web.json").write_text(text)

    record = Record.read(tmp_path / "web.json")

    assert record.pid is None
    assert record.facts == {}
    assert not record.alive


def test_what_a_killed_parent_leaves_is_found_by_its_mark(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT],
        start_new_session=True,
        stdout=subprocess.PIPE,
        env={**os.environ, MARK: "0123"},
    )
    assert parent.stdout is not None
    parent.stdout.readline()
    record = Record(tmp_path / "web.json")
    record.took(parent.pid, mark="0123")
    assert left_of(record) == []
    parent.kill()
    parent.wait()

    left = left_of(record)
    record.facts["mark"] = "4567"
    unmarked = left_of(record)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    parent.stdout.close()

    assert len(left) == 1
    assert unmarked == []

"""A stranger's workbook: read as texts, or refused with a reason, in a process that cannot do harm."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import date

import pytest

from kernel import spreadsheet_reader, spreadsheets
from kernel.spreadsheets import Column, SpreadsheetRefused, read_cells, read_rows
from tests.factories.workbooks import bad_files, bomb, changed, in_sheet, workbook

COLUMNS = (
    Column("code", "单位编码"),
    Column("name", "单位名称"),
    Column("organisation_code", "所属机构编码", required=False),
)


@pytest.mark.parametrize("name", list(bad_files()))
def test_a_bad_file_is_refused_with_its_reason(name: str) -> None:
    content, reason = bad_files()[name]
    with pytest.raises(SpreadsheetRefused) as refused:
        read_rows(content, columns=COLUMNS)
    assert refused.value.facts["reason"] == reason
    assert refused.value.status == 400


_MEASURE = """
import os, subprocess, sys
reader = subprocess.Popen([sys.executable, "-I", sys.argv[1], "2001", "40"], stdin=subprocess.PIPE,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
try:
    reader.stdin.write(sys.stdin.buffer.read())
    reader.stdin.close()
except BrokenPipeError:
    pass
print(os.wait4(reader.pid, 0)[2].ru_maxrss)
"""


@pytest.mark.parametrize("name", ["bomb", "lying bomb", "cell at the far end", "5,000 members"])
def test_no_process_grows_beyond_its_limit(name: str) -> None:
    """Measured by a small process, so that nothing but the reader counts."""
    command = [sys.executable, "-I", "-c", _MEASURE, spreadsheet_reader.__file__]
    done = subprocess.run(command, input=bad_files()[name][0], capture_output=True, check=True)
    assert int(done.stdout) * 1024 < 384 * 1024 * 1024


def test_the_twin_without_limits_unpacks_the_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    """The caps are what refuses the bomb: with them off, all of it is read."""
    monkeypatch.setattr(spreadsheet_reader, "UNPACKED_BYTES_MAX", 10**12)
    monkeypatch.setattr(spreadsheet_reader, "RATIO_MAX", 10**12)
    content = bomb(60)
    assert len(content) < 300_000
    spreadsheet_reader.check_archive(content)


def test_a_slow_reader_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    script = tmp_path / "slow.py"  # type: ignore[operator]
    script.write_text("import time; time.sleep(30)")
    monkeypatch.setattr(spreadsheets, "_READER", script)
    monkeypatch.setattr(spreadsheets, "SECONDS_MAX", 0.3)
    began = time.monotonic()
    with pytest.raises(SpreadsheetRefused) as refused:
        read_cells(workbook([]))
    assert refused.value.facts["reason"] == "too-large"
    assert time.monotonic() - began < 5


def test_the_reader_may_neither_write_nor_grow() -> None:
    code = (
        f"import runpy, resource; m = runpy.run_path({spreadsheet_reader.__file__!r}); m['limit']();"
        "print(resource.getrlimit(resource.RLIMIT_AS)[1], resource.getrlimit(resource.RLIMIT_FSIZE)[1],"
        " resource.getrlimit(resource.RLIMIT_CPU)[1])"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(384 * 1024 * 1024), "0", "10"]


def test_cells_are_read_as_a_person_sees_them() -> None:
    rows = [("001", 42, 1.5), (True, date(2026, 2, 28), None), (None, None, None), ("末", "", " x ")]
    assert read_cells(workbook(rows, header=("a", "b", "c"))) == [
        ["a", "b", "c"], ["001", "42", "1.5"], ["TRUE", "2026-02-28", ""], ["", "", ""], ["末", "", " x "],
    ]  # fmt: skip


def test_a_formula_is_its_stored_value_and_never_run() -> None:
    content = in_sheet(workbook([("=1+1", "名")]), b"<f>1+1</f><v />", b"<f>1+1</f><v>7</v>")
    assert read_cells(content)[1][0] == "7"


def test_columns_stand_in_any_order_and_empty_rows_are_passed_over() -> None:
    content = workbook([("甲", "001"), (None, None), ("乙", "002")], header=("单位名称", "单位编码"))
    found = read_rows(content, columns=COLUMNS)
    assert [(row.number, dict(row.values)) for row in found] == [
        (2, {"name": "甲", "code": "001"}), (4, {"name": "乙", "code": "002"}),
    ]  # fmt: skip


def test_what_is_written_is_read_again_and_no_cell_is_a_formula() -> None:
    texts = ["=1+1", "+1", "-1", "@x", "＝1", "平常", "001"]
    content = spreadsheets.write(title="表", columns=COLUMNS, rows=[(text, text, "") for text in texts], notes=["说明"])
    rows = read_rows(content, columns=COLUMNS)
    assert [row.values["name"] for row in rows] == ["'=1+1", "'+1", "'-1", "'@x", "'＝1", "平常", "001"]
    seen: list[bytes] = []
    changed(content, lambda name, data: seen.append(data) or data if "worksheets/sheet" in name else data)
    assert all(b"<f>" not in data for data in seen)
    assert seen


def test_what_cannot_be_seen_is_shown_as_its_number() -> None:
    assert spreadsheets.shown("第一\u202e中学") == "第一[U+202E]中学"
    assert spreadsheets.shown("长" * 100) == "长" * 60 + "…"

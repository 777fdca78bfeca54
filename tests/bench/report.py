"""docs/benchmarks.md: the machine, and each benchmark's figures between marks that name it."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import databases
from tests.bench.harness import Figure, markdown

PAGE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"


def machine() -> str:
    """What the figures were measured on. No names of hosts, no paths."""
    import django

    model = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    memory = re.search(r"^MemTotal:\s+(\d+) kB", Path("/proc/meminfo").read_text(), re.MULTILINE)
    parts = (
        f"{len(os.sched_getaffinity(0))} cores ({model[1] if model else platform.machine()})",
        f"{int(memory[1]) / 2**20:.0f} GB of memory" if memory else "",
        f"Linux {platform.release().split('-')[0]}",
        f"Python {platform.python_version()}",
        f"Django {django.get_version()}",
        f"PostgreSQL {databases.server_version()}, fsync on",
    )
    return ", ".join(part for part in parts if part)


def section(*, bench: str, figures: Sequence[Figure], machine: str, load: float, at: datetime) -> str:
    """One benchmark's part of the page. `load` is what else the machine was doing when the run began."""
    head = f"{machine}; load average {load:.1f} before the run; {at:%Y-%m-%d}."
    return f"<!-- begin {bench} -->\n{head}\n\n{markdown(figures)}\n<!-- end {bench} -->"


def replaced(*, page: str, bench: str, text: str) -> str:
    """The page with the benchmark's part exchanged, or put at the end when it has none yet."""
    pattern = re.compile(rf"<!-- begin {re.escape(bench)} -->.*?<!-- end {re.escape(bench)} -->", re.DOTALL)
    if pattern.search(page):
        return pattern.sub(lambda _: text, page)
    return f"{page.rstrip()}\n\n## {bench}\n\n{text}\n"


def write(figures: Sequence[Figure], *, load: float) -> None:
    """Writes the parts of the benchmarks that ran; the others stay as they are."""
    page, now, where = PAGE.read_text(encoding="utf-8"), datetime.now(UTC), machine()
    for bench in dict.fromkeys(f.bench for f in figures):
        own = [f for f in figures if f.bench == bench]
        page = replaced(
            page=page, bench=bench, text=section(bench=bench, figures=own, machine=where, load=load, at=now)
        )
    PAGE.write_text(page, encoding="utf-8")

"""Memory of one process, from /proc: what is its own, without the server's shared buffers that it touched."""

from __future__ import annotations

import re
from pathlib import Path

_PRIVATE = re.compile(r"^Private_(?:Clean|Dirty):\s+(\d+) kB$", re.MULTILINE)
_PSS = re.compile(r"^Pss:\s+(\d+) kB$", re.MULTILINE)


def private_megabytes(pid: int) -> float:
    """Pages that no other process has. Raises OSError when the process is gone."""
    return _sum(_PRIVATE, pid)


def proportional_megabytes(pid: int) -> float:
    """Its own pages and its share of those it has in common with others."""
    return _sum(_PSS, pid)


def _sum(pattern: re.Pattern[str], pid: int) -> float:
    told = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return sum(int(kilobytes) for kilobytes in pattern.findall(told)) / 1024

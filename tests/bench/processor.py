"""CPU time of process trees, from /proc: what a side really cost, whatever the disk and the neighbours did."""

from __future__ import annotations

import os
from pathlib import Path

PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK")


def _fields(pid: int) -> list[str] | None:
    try:
        text = (PROC / str(pid) / "stat").read_text()
    except OSError:
        return None
    # The command's name stands in brackets and may hold spaces and brackets itself.
    return text.rpartition(")")[2].split()


def parent_of(pid: int) -> int:
    fields = _fields(pid)
    if fields is None:
        raise ProcessLookupError(pid)
    return int(fields[1])


def children_of(pid: int) -> list[int]:
    """The living children; a process that ends meanwhile is left out."""
    return _children().get(pid, [])


def _children() -> dict[int, list[int]]:
    """Every process's children, from one look at all processes: a server may have hundreds."""
    found: dict[int, list[int]] = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            fields = _fields(int(entry.name))
            if fields is not None:
                found.setdefault(int(fields[1]), []).append(int(entry.name))
    return found


def _own_seconds(pid: int, fields: list[str]) -> float:
    """User and system time; in nanoseconds where the kernel tells them."""
    try:
        return int((PROC / str(pid) / "schedstat").read_text().split()[0]) / 1e9
    except (OSError, ValueError, IndexError):
        return (int(fields[11]) + int(fields[12])) / _TICKS


def tree_seconds(pid: int) -> float:
    """CPU seconds of a process, its living descendants and the children it has waited for."""
    return _tree_seconds(pid, _children())


def _tree_seconds(pid: int, children: dict[int, list[int]]) -> float:
    fields = _fields(pid)
    if fields is None:
        return 0.0
    waited_for = (int(fields[13]) + int(fields[14])) / _TICKS
    below = sum(_tree_seconds(child, children) for child in children.get(pid, ()))
    return _own_seconds(pid, fields) + waited_for + below

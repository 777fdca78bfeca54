"""Provinces an agency may be at home in: codes and names of GB/T 2260."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "provinces.csv"


@cache
def provinces() -> dict[str, str]:
    """Name by code, by code."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}

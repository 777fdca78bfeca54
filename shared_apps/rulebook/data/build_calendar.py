"""Writes calendar.csv from the chinese_calendar package: one row per day of the mainland's calendar.

A day is `weekday`, `weekend`, `holiday` (a day off of the State Council's yearly notice) or `make_up` (a weekend day
worked instead). Only whole years the package knows are written, so that a year that is not announced stays missing
and the working-day engine fails closed. Regional holidays of Xinjiang are left out: see README.md.

Run by hand after a new notice: `python shared_apps/rulebook/data/build_calendar.py`.
"""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path

import chinese_calendar
from chinese_calendar import constants

FIRST_YEAR = 2019
TARGET = Path(__file__).with_name("calendar.csv")
COLUMNS = ("date", "is_working", "kind", "source")


def last_year() -> int:
    """The last year of which the package carries a notice."""
    return max(day.year for day in constants.holidays)


def kind_of(day: date) -> str:
    """Which of the four kinds a day is."""
    if day in constants.workdays:
        return "make_up"
    if day in constants.holidays:
        return "holiday"
    return "weekend" if day.weekday() >= 5 else "weekday"


def text() -> str:
    """The whole file as text, always the same for the same package version."""
    source = f"chinesecalendar {version('chinesecalendar')}"
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    day = date(FIRST_YEAR, 1, 1)
    while day.year <= last_year():
        kind = kind_of(day)
        is_working = kind in ("weekday", "make_up")
        if is_working != chinese_calendar.is_workday(day):
            raise ValueError(f"{day}: the package disagrees with its own tables")
        rows.writerow((day.isoformat(), "true" if is_working else "false", kind, source))
        day += timedelta(days=1)
    return out.getvalue()


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")

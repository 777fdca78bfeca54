"""Counts what goes to the server, also what the backends send beside Django's cursors."""

from __future__ import annotations

import os
from typing import Any

from psycopg2.extensions import cursor

COUNT = "YZ_BENCH_COUNT"
counted = 0


class CountingCursor(cursor):
    def execute(self, *args: Any, **options: Any) -> Any:
        global counted
        counted += 1
        return super().execute(*args, **options)


def cursor_options() -> dict[str, Any]:
    """For a database's OPTIONS: empty where nothing is counted, so that counting costs the measurement nothing."""
    return {"cursor_factory": CountingCursor} if os.environ.get(COUNT) else {}

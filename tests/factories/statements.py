"""Counting the SQL statements of a request, on both aliases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import connections


@contextmanager
def counted() -> Iterator[list[str]]:
    """Every statement run in the body, "alias: sql"; transaction control is not a statement of ours."""
    found: list[str] = []

    def watch(alias: str) -> Callable[..., Any]:
        def wrapper(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
            if not sql.startswith(("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO")):
                found.append(f"{alias}: {sql}")
            return execute(sql, params, many, context)

        return wrapper

    with ExitStack() as stack:
        for alias in connections:
            stack.enter_context(connections[alias].execute_wrapper(watch(alias)))
        yield found

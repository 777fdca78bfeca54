"""Where the schema editor looks constraints up while a plan is compiled.

To drop a constraint whose name it does not know, Django's editor asks the catalogue. The template is no place to ask:
it stands at the end of the plan already, where the constraint is gone. So the first question builds a schema that
stands where the compiled one would, in a transaction that is never committed. Most migrations ask nothing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from psycopg2 import sql

_CONCURRENTLY = re.compile(
    r"^(CREATE\s+(?:UNIQUE\s+)?INDEX|DROP\s+INDEX|REINDEX\s+\w+)\s+CONCURRENTLY\b", re.IGNORECASE
)


def without_concurrently(statement: str) -> str:
    """The statement as it may stand in a transaction."""
    return _CONCURRENTLY.sub(r"\1", statement)


class Scratch:
    """Django's introspection, with its questions answered in the scratch schema."""

    def __init__(self, wrapper: Any, real: Any, history: Callable[[], Iterable[str]]) -> None:
        self._wrapper = wrapper
        self._real = real
        self._history = history
        self._passed: list[str] = []
        self._editor: Any = None
        self._done = 0
        self._connection: Any = None

    def follow(self, editor: Any) -> None:
        """This editor's statements so far count as run when a question comes."""
        self._editor = editor

    def passed(self, lines: Iterable[str]) -> None:
        """A migration is compiled: this is what the editor collected."""
        self._passed += filter(is_statement, lines)
        self._editor = None

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._real, name)
        if not name.startswith(("get_", "table_names")) or not callable(attribute):
            return attribute

        def asked(cursor: Any, *arguments: Any, **named: Any) -> Any:
            with self._brought_up().cursor() as here:
                return attribute(here, *arguments, **named)

        return asked

    def _brought_up(self) -> Any:
        if self._connection is None:
            self._connection = self._wrapper.get_new_connection(self._wrapper.get_connection_params())
            self._connection.autocommit = False
            self._run(self._begin())
            self._run(self._history())
        known = [*self._passed, *filter(is_statement, self._editor.collected_sql if self._editor else ())]
        self._run(known[self._done :])
        self._done = len(known)
        return self._connection

    def _begin(self) -> list[str]:
        name = sql.Identifier(f"yz_scratch_{os.getpid()}").as_string(self._connection)
        return [f"CREATE SCHEMA {name}", f"SET LOCAL search_path = {name}"]

    def _run(self, statements: Iterable[str]) -> None:
        with self._connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(without_concurrently(statement))

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()


def is_statement(line: str) -> bool:
    return bool(line.strip()) and not line.startswith("--")


@contextmanager
def looking_at(wrapper: Any, history: Callable[[], Iterable[str]]) -> Iterator[Scratch]:
    """While the body compiles, the wrapper's introspection answers from the scratch schema."""
    real = wrapper.introspection
    scratch = Scratch(wrapper, real, history)
    wrapper.introspection = scratch
    try:
        yield scratch
    finally:
        wrapper.introspection = real
        scratch.close()

"""What every line of the log says beside its words: the request or task, the mall and the person it belongs to.

A person stands in the log by number only, an address without what follows its question mark: logs are read by more
people, and kept longer, than what they tell of.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

import structlog

Line = MutableMapping[str, Any]
# What a line says first, in this order, where it says it.
_FIRST = ("time", "level", "logger", "event", "request_id", "task_id", "tenant", "user")


@contextmanager
def about(**facts: Any) -> Iterator[None]:
    """Every line logged inside says these facts, and those that are `say`d inside; none that comes after does."""
    before = structlog.contextvars.get_contextvars()
    structlog.contextvars.bind_contextvars(**facts)
    try:
        yield
    finally:
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(**before)


def say(**facts: Any) -> None:
    """Every further line of this request or task says these facts."""
    structlog.contextvars.bind_contextvars(**facts)


def say_no_more(*names: str) -> None:
    """Further lines do not say these facts."""
    structlog.contextvars.unbind_contextvars(*names)


def said(name: str) -> Any:
    """A fact that lines say at this moment, or None."""
    return structlog.contextvars.get_contextvars().get(name)


def _as_json(_logger: Any, _method: str, line: Line) -> str:
    ordered = {name: line[name] for name in _FIRST if name in line} | dict(line)
    return json.dumps(ordered, ensure_ascii=False, default=str)


def _as_text(_logger: Any, _method: str, line: Line) -> str:
    """For a terminal: the words first, what they belong to after them, a traceback below."""
    traceback = line.pop("exception", "")
    head = [str(line.pop(name, "")) for name in ("time", "level", "logger", "event")]
    rest = [f"{name}={value}" for name, value in line.items()]
    return " ".join((*head, *rest)) + (f"\n{traceback}" if traceback else "")


def formatter(*, form: str, more: tuple[Callable[..., Line], ...] = ()) -> structlog.stdlib.ProcessorFormatter:
    """The formatter of every handler. `form`: json, one object a line, or text. `more` adds to a line what it is about.

    Lines of libraries pass through it like our own.
    """
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        *more,
    ]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _as_json if form == "json" else _as_text,
        ],
    )

"""A task is told that something waits. The message is only a wake-up: what is due stands in the database."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def wake(send: Callable[..., object], **arguments: Any) -> None:
    """Calls `send`, a task's `enqueue` or `delay`, after the commit of what is due.

    A broker that is away undoes nothing: the sweep finds what a lost message missed.
    """
    try:
        send(**arguments)
    except (OperationalError, OSError) as error:
        task = getattr(getattr(send, "__self__", None), "name", send)
        logger.warning("%s not woken with %s: %s", task, arguments, error)

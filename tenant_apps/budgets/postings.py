"""Who else is told of entries, inside the transaction that writes them: what lies above budgets registers at start.

postings.register("budget_system", tell)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from kernel.registry import Registry

# Entries as they were written, each with its id.
Listener = Callable[[Sequence[Mapping[str, Any]], datetime], None]

LISTENERS: Registry[Listener] = Registry("postings")


def register(key: str, listener: Listener) -> None:
    """Called at app start. `listener` gets the entries just written, in their transaction."""
    LISTENERS.register(key, listener)


def tell(entries: Sequence[Mapping[str, Any]], now: datetime) -> None:
    for listener in LISTENERS.values():
        listener(entries, now)

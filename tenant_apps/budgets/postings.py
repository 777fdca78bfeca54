"""Who else is told of entries, inside the transaction that writes them: what lies above budgets registers at start.

postings.register("budget_system", tell)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from kernel.registry import Registry

Listener = Callable[[Sequence[int], datetime], None]

LISTENERS: Registry[Listener] = Registry("postings")


def register(key: str, listener: Listener) -> None:
    """Called at app start. `listener` gets the ids of entries just written, in their transaction."""
    LISTENERS.register(key, listener)


def tell(entry_ids: Sequence[int], now: datetime) -> None:
    for listener in LISTENERS.values():
        listener(entry_ids, now)

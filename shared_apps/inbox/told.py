"""Who above wants to know how threads move on, and when the time of a step runs out. Filled at app start.

Called in the relay's transaction (moves) or the sweep's (warnings). A listener raises nothing it can foresee. What a
restore makes again is not told again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from shared_apps.inbox.models import InboxItem
from shared_apps.inbox.services import Moved, warn_due
from tenants.database.context import region_atomic
from tenants.journaling.consumers import RelayedEntry

# What listeners are handed: to read, not to change.
Step = InboxItem
OnMove = Callable[[RelayedEntry, Moved], None]
OnWarning = Callable[[Step, datetime], None]

_on_move: list[OnMove] = []
_on_warning: list[OnWarning] = []


def when_moved(listener: OnMove) -> OnMove:
    _on_move.append(listener)
    return listener


def when_time_runs(listener: OnWarning) -> OnWarning:
    """`item.warned_percent` says how much of the time is used."""
    _on_warning.append(listener)
    return listener


def moved(entry: RelayedEntry, move: Moved) -> None:
    for listener in _on_move:
        listener(entry, move)


def time_runs(item: Step, now: datetime) -> None:
    for listener in _on_warning:
        listener(item, now)


def tell_of_time(*, now: datetime) -> int:
    """Tells of the steps whose time has run to another percentage, some in a transaction; returns how many."""
    total = 0
    while True:
        with region_atomic():
            items = warn_due(now=now)
            for item in items:
                time_runs(item, now)
        total += len(items)
        if not items:
            return total

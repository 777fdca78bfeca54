"""When to try again after somebody outside could not be reached. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

# How long a worker may take between claiming a row and writing what the other side said.
CLAIM = timedelta(seconds=60)
POLL_EVERY = timedelta(seconds=10)
_RETRY_AFTER = (10, 30, 60, 300)
_RETRY_AFTER_MOST = 600


def retry_at(*, attempts: int, now: datetime) -> datetime:
    """When to try again after the other side could not be reached for the `attempts`-th time."""
    seconds = _RETRY_AFTER[attempts - 1] if 0 < attempts <= len(_RETRY_AFTER) else _RETRY_AFTER_MOST
    return now + timedelta(seconds=seconds)

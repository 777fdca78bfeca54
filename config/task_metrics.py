"""Counting background tasks. Knows no models: the worker's app is made before they are there."""

from __future__ import annotations

import time
from typing import Any

from celery import signals

from kernel.metrics import TASK_SECONDS, TASKS


def _begins(task: Any = None, **_: Any) -> None:
    task.request.yz_began = time.perf_counter()


def _ended(task: Any = None, state: str | None = None, **_: Any) -> None:
    TASKS.of(task.name, (state or "unknown").lower()).inc()
    began = getattr(task.request, "yz_began", None)
    if began is not None:
        TASK_SECONDS.of(task.name).observe(time.perf_counter() - began)


def _revoked(sender: Any = None, expired: bool = False, **_: Any) -> None:
    TASKS.of(getattr(sender, "name", "unknown"), "expired" if expired else "revoked").inc()


def count_tasks() -> None:
    """Called where the worker's app is made."""
    signals.task_prerun.connect(_begins, dispatch_uid="yz_task_begins", weak=False)
    signals.task_postrun.connect(_ended, dispatch_uid="yz_task_ended", weak=False)
    signals.task_revoked.connect(_revoked, dispatch_uid="yz_task_revoked", weak=False)

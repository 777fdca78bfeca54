"""The vocabulary of bulk actions over many malls. Pure."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Final


class JobAction(StrEnum):
    SUSPEND = "suspend"
    RESUME = "resume"
    MIGRATE = "migrate"
    CHECK = "check"


class StepState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"


# What a mall says while nobody works on it any more.
ENDED: Final = (StepState.DONE, StepState.SKIPPED, StepState.FAILED)
# Longer than one mall takes (its statements end after 30 s): a step still running then belongs to a dead worker.
LEASE: Final = timedelta(seconds=120)
# The wake-up of a job is lost when nothing has moved for this long.
WAKE_UP: Final = timedelta(seconds=10)
JOB_TENANTS_MAX: Final = 5000


class Sort(StrEnum):
    """What the list of malls may be sorted by; the largest, latest or dearest first."""

    CODE = "code"
    STATE = "state"
    SIZE = "size"
    ACTIVITY = "activity"
    FEE = "fee"

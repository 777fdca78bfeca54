"""The life of an application for a mall, and the steps of setting one up. Pure."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Final

from kernel.lifecycle import Lifecycle, Transition
from kernel.posts import Post


class ApplicationState(StrEnum):
    APPLIED = "applied"
    APPROVED = "approved"
    PROVISIONING = "provisioning"
    PROVISIONED = "provisioned"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class StepName(StrEnum):
    """What is done to set a mall up, in this order."""

    SCHEMA = "schema"
    CHECK = "check"
    BUREAU = "bureau"
    INVITATION = "invitation"


class StepState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"


class WantedModule(StrEnum):
    """The five modules of the e-mall. Source: 新财办购〔2019〕7号."""

    ONLINE_SUPERMARKET = "online_supermarket"
    AGREEMENT_SUPPLY = "agreement_supply"
    DESIGNATED_SERVICE = "designated_service"
    ONLINE_INQUIRY = "online_inquiry"
    REVERSE_AUCTION = "reverse_auction"


S = ApplicationState
_REGION: Final = (Post.REGION_SUPERVISOR, Post.PLATFORM_OPERATOR)
# Who applies has no account yet, so no post either: the secret link is what they act by.
_APPLICANT: Final = (None,)
_WORKER: Final = (None,)

APPLICATION_LIFECYCLE: Final = Lifecycle(
    name="application",
    states=ApplicationState,
    initial=S.APPLIED,
    terminal=(S.PROVISIONED, S.REFUSED, S.WITHDRAWN),
    transitions=(
        Transition(action="amend", sources=(S.APPLIED,), target=S.APPLIED, posts=_APPLICANT),
        Transition(action="withdraw", sources=(S.APPLIED,), target=S.WITHDRAWN, posts=_APPLICANT),
        Transition(
            action="approve", sources=(S.APPLIED,), target=S.APPROVED, posts=_REGION, guards=("as it was read",)
        ),
        Transition(action="refuse", sources=(S.APPLIED,), target=S.REFUSED, posts=_REGION, guards=("as it was read",)),
        Transition(action="start", sources=(S.APPROVED,), target=S.PROVISIONING, posts=_WORKER),
        Transition(action="fail", sources=(S.PROVISIONING,), target=S.APPROVED, posts=_WORKER),
        Transition(
            action="retry", sources=(S.APPROVED,), target=S.APPROVED, posts=_REGION, guards=("the last run failed",)
        ),
        Transition(action="finish", sources=(S.PROVISIONING,), target=S.PROVISIONED, posts=_WORKER),
        # The mall is there already: nothing to set up, only the bureau and its first person.
        Transition(
            action="adopt", sources=(S.APPROVED,), target=S.PROVISIONED, posts=_REGION, guards=("the mall exists",)
        ),
    ),
)

# A division has at most one application in one of these.
OPEN_STATES: Final = (S.APPLIED, S.APPROVED, S.PROVISIONING)
# A worker says at every step that it is alive; one that has not for this long is dead, and another takes over.
LEASE: Final = timedelta(seconds=60)
# A run that dies this often is no accident: it fails, and people look at it.
RUNS_MAX: Final = 3
# The wake-up of an approval is lost when this has passed.
WAKE_UP: Final = timedelta(seconds=10)

ROWS_MAX: Final = 20
APPLY_WINDOW_MINUTES: Final = 60
APPLICATIONS_PER_ADDRESS: Final = 10
APPLICATIONS_PER_MAILBOX: Final = 5


def application_number(*, day: str, sequence: int) -> str:
    """SQ, the day as 20260131, four digits of the day's count."""
    return f"SQ{day}{sequence:04}"

"""Evaluation of an agency after its work: within five working days, and what the agency may say to it.

Five working days: Cai Ku [2018] 2 (secondary). The scale of one to five is a proposal: no text at hand sets one.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final

from kernel.lifecycle import Lifecycle, Transition
from kernel.posts import Post
from kernel.working_days import Calendar

EVALUATION_WORKING_DAYS: Final = 5
SCORE_MIN: Final = 1
SCORE_MAX: Final = 5


class EvaluatorRole(StrEnum):
    """Experts evaluate as well (Cai Ku [2018] 2); they come with the expert library."""

    PURCHASER = "purchaser"
    SUPPLIER = "supplier"


class EvaluationState(StrEnum):
    GIVEN = "given"
    APPEALED = "appealed"
    KEPT = "kept"
    SET_ASIDE = "set_aside"


S = EvaluationState
EVALUATION: Final = Lifecycle(
    name="agency_evaluation",
    states=EvaluationState,
    initial=S.GIVEN,
    terminal=(S.KEPT, S.SET_ASIDE),
    transitions=(
        Transition(
            action="appeal", sources=(S.GIVEN,), target=S.APPEALED, posts=(Post.AGENCY_MANAGER,), guards=("reason",)
        ),
        Transition(
            action="keep", sources=(S.APPEALED,), target=S.KEPT, posts=(Post.REGION_SUPERVISOR,), guards=("reason",)
        ),
        Transition(
            action="set_aside", sources=(S.APPEALED,), target=S.SET_ASIDE, posts=(Post.REGION_SUPERVISOR,),
            guards=("reason",),
        ),
    ),
)  # fmt: skip
# An appeal does not take it out of the average; only the decision to set it aside does.
COUNTED: Final = (S.GIVEN, S.APPEALED, S.KEPT)


def evaluation_due_on(*, finished_on: date, calendar: Calendar) -> date:
    """The last day for evaluations. Raises CalendarYearMissing."""
    return calendar.add_working_days(finished_on, EVALUATION_WORKING_DAYS)

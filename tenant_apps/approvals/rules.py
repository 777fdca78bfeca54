"""Flows of approval: which steps an order of some total goes through, who may take them, and what comes next. Pure.

A level without a flow of its own has the plain one: a single step, by any approver of the unit. The last step of every
flow is the unit's approver's, whoever looked before: the purchaser's own decision cannot be given away (Government
Procurement Law art. 61 wants decision, execution and supervision apart). How many steps, and above which amounts, no
rule says: it is each level's own choice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.money import ZERO
from kernel.posts import Post
from kernel.problems import InvalidInput

BANDS_MAX = 6
STAGES_MAX = 5
STEPS_MAX = 4
PEOPLE_MAX = 1
NAME_MAX = 20

LAST_POST = Post.BUYER_APPROVER
# Whose look may be asked for: the unit's approvers, and the unit's payers for the money. Never the finance bureau's:
# who supervises takes no part in purchases (Government Procurement Law art. 60).
STEP_POSTS = (Post.BUYER_APPROVER, Post.BUYER_PAYER)


class StepState(StrEnum):
    """One step of one order's round. A round ends when the order is placed, sent back, rejected or withdrawn."""

    WAITING = "waiting"
    OPEN = "open"
    APPROVED = "approved"
    SENT_BACK = "sent_back"
    REJECTED = "rejected"
    # The round ended before it was this step's turn.
    VOID = "void"


DECIDED = frozenset({StepState.APPROVED, StepState.SENT_BACK, StepState.REJECTED})


@dataclass(frozen=True, slots=True)
class FlowStep:
    """`user_ids`: only these of the post's holders; empty for any of them."""

    name: str
    post: Post
    user_ids: tuple[int, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "post": str(self.post), "user_ids": list(self.user_ids)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> FlowStep:
        return cls(stored["name"], Post(stored["post"]), tuple(stored["user_ids"]))


# Steps that are open at the same time; the next stage opens when all of them are taken.
Stage = tuple[FlowStep, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """The stages of orders of `from_amount` yuan and more, up to the next band."""

    from_amount: Decimal
    stages: tuple[Stage, ...]


@dataclass(frozen=True, slots=True)
class Flow:
    bands: tuple[Band, ...]

    def stages_for(self, total: Decimal) -> tuple[Stage, ...]:
        """The stages an order of `total` yuan goes through: of the highest band that begins at it or below."""
        return max((band for band in self.bands if band.from_amount <= total), key=lambda band: band.from_amount).stages

    def as_json(self) -> list[dict[str, Any]]:
        return [
            {
                "from": str(band.from_amount),
                "stages": [[step.as_json() for step in stage] for stage in band.stages],
            }
            for band in self.bands
        ]

    @classmethod
    def from_json(cls, stored: Sequence[Mapping[str, Any]] | None) -> Flow:
        """None: no flow was set, so the plain one."""
        if stored is None:
            return PLAIN
        return cls(
            tuple(
                Band(
                    Decimal(band["from"]),
                    tuple(tuple(FlowStep.from_json(step) for step in stage) for stage in band["stages"]),
                )
                for band in stored
            )
        )


PLAIN = Flow((Band(ZERO, ((FlowStep("", LAST_POST),),)),))


def is_plain(stages: Sequence[Stage]) -> bool:
    """A single step by any approver: the order's own columns say all there is to say of it."""
    return len(stages) == 1 and len(stages[0]) == 1 and stages[0][0].post == LAST_POST and not stages[0][0].user_ids


def check_flow(flow: Flow) -> None:
    """Raises InvalidInput with the first thing that is wrong, said for people."""
    amounts = [band.from_amount for band in flow.bands]
    if not flow.bands or len(flow.bands) > BANDS_MAX:
        raise _refused(_("A flow has between one and %(most)d amount bands.") % {"most": BANDS_MAX})
    if amounts[0] != ZERO:
        raise _refused(_("The first band begins at 0."))
    if any(later <= earlier for earlier, later in pairwise(amounts)):
        raise _refused(_("Each band begins above the one before."))
    for band in flow.bands:
        _check_stages(band.stages)


def _check_stages(stages: Sequence[Stage]) -> None:
    if not stages or len(stages) > STAGES_MAX:
        raise _refused(_("A band has between one and %(most)d stages.") % {"most": STAGES_MAX})
    if any(not stage or len(stage) > STEPS_MAX for stage in stages):
        raise _refused(_("A stage has between one and %(most)d steps.") % {"most": STEPS_MAX})
    if len(stages[-1]) != 1 or stages[-1][0].post != LAST_POST:
        raise _refused(_("The last stage is a single step of the unit's approver: the decision is the purchaser's."))
    for step in (step for stage in stages for step in stage):
        if step.post not in STEP_POSTS:
            raise _refused(_("This post takes no step of an approval."))
        if not step.name.strip() or len(step.name) > NAME_MAX:
            raise _refused(_("Every step has a name of at most %(most)d characters.") % {"most": NAME_MAX})
        if len(step.user_ids) > PEOPLE_MAX or len(set(step.user_ids)) != len(step.user_ids):
            raise _refused(_("A step names one person at most."))
    names = [step.name for stage in stages for step in stage]
    if len(set(names)) != len(names):
        raise _refused(_("The steps of a band have different names."))


def _refused(text: Any) -> InvalidInput:
    return InvalidInput(errors={"bands": [str(text)]})


@dataclass(frozen=True, slots=True)
class Standing:
    """One step of an order's running round, as the next decision needs it."""

    id: int
    stage: int
    name: str
    post: Post
    user_ids: tuple[int, ...]
    state: StepState
    decided_by_id: int | None


def is_last(standings: Sequence[Standing], step: Standing) -> bool:
    """Whether the order is placed when `step` is taken."""
    return step.stage == max(one.stage for one in standings)


def opens_next(standings: Sequence[Standing], step: Standing) -> int | None:
    """The stage that opens when `step` is taken: the next one, if nobody else of its stage is still asked."""
    if any(one.stage == step.stage and one.state == StepState.OPEN and one.id != step.id for one in standings):
        return None
    return step.stage + 1

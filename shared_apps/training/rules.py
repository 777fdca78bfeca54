"""The life of a practice mall, and the exercises people do there. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from kernel.lifecycle import Lifecycle, Transition
from kernel.posts import Post

# A worker that was killed leaves its work behind: another one takes it up after this.
TAKEN_FOR = timedelta(minutes=2)


class MallState(StrEnum):
    """`making`, `remaking` and `removing` are a worker's; it ends them either way."""

    MAKING = "making"
    READY = "ready"
    REMAKING = "remaking"
    REMOVING = "removing"
    REMOVED = "removed"


class MallStep(StrEnum):
    """How far the worker is, in the order in which it works."""

    WAITING = "waiting"
    SCHEMA = "schema"
    UNITS = "units"
    GOODS = "goods"
    DONE = "done"


AT_WORK = (MallState.MAKING, MallState.REMAKING, MallState.REMOVING)
_BUREAU = (Post.TIER_SUPERVISOR,)
S = MallState

MALL_LIFECYCLE = Lifecycle(
    name="practice mall",
    states=tuple(state.value for state in MallState),
    initial=S.REMOVED,
    terminal=(),
    transitions=(
        Transition(action="open", sources=(S.REMOVED,), target=S.MAKING, posts=_BUREAU),
        Transition(action="remake", sources=(S.READY,), target=S.REMAKING, posts=_BUREAU),
        Transition(action="remove", sources=(S.READY,), target=S.REMOVING, posts=_BUREAU),
        Transition(action="finish", sources=(S.MAKING, S.REMAKING), target=S.READY, posts=(None,)),
        Transition(action="finish_removing", sources=(S.REMOVING,), target=S.REMOVED, posts=(None,)),
        # What failed goes back to where it was asked for, with its error.
        Transition(action="give_up_opening", sources=(S.MAKING,), target=S.REMOVED, posts=(None,)),
        Transition(action="give_up", sources=(S.REMAKING, S.REMOVING), target=S.READY, posts=(None,)),
    ),
)


class Exercise(StrEnum):
    BUY = "buy"
    APPROVE = "approve"
    ACCEPT_GOODS = "accept_goods"
    PAY = "pay"


@dataclass(frozen=True, slots=True)
class Task:
    """An exercise: the post it practises, and the events that say a person has done it."""

    exercise: Exercise
    post: Post
    events: tuple[str, ...]


TASKS: tuple[Task, ...] = (
    Task(Exercise.BUY, Post.BUYER_CLERK, ("orders.submitted",)),
    Task(Exercise.APPROVE, Post.BUYER_APPROVER, ("orders.approved", "orders.rejected")),
    Task(Exercise.ACCEPT_GOODS, Post.BUYER_ACCEPTOR, ("orders.goods_accepted", "orders.goods_refused")),
    Task(Exercise.PAY, Post.BUYER_PAYER, ("orders.payment_requested",)),
)
EXERCISE_OF_EVENT: dict[str, Exercise] = {event: task.exercise for task in TASKS for event in task.events}
# The one the go-live checklist asks for: somebody has ordered something, for practice.
FIRST_EXERCISE = Exercise.BUY


def exercise_done_by(*, event: str, actor_id: int | None) -> Exercise | None:
    """The exercise that this event completes; None when a timer or the practice partner acted.

    The partner's ids are negative (see tenant_apps.practice): no account has such a number.
    """
    return EXERCISE_OF_EVENT.get(event) if actor_id is not None and actor_id > 0 else None

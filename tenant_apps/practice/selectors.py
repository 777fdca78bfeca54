"""What a trainee has done in this practice mall, and what waits for them."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.actor import Actor
from kernel.problems import NotFound, NotPermitted
from shared_apps.training.rules import TASKS, Exercise, Task
from tenant_apps.orders.for_practice import PracticeOrder, orders_of_person
from tenant_apps.practice.models import PreparedOrder
from tenant_apps.practice.rules import HANDED_OVER_IN, NEXT_STEP
from tenants.database.context import current_tenant
from tenants.registry.rules import TenantKind

_WHO = {
    Exercise.BUY: "clerk_id", Exercise.APPROVE: "approver_id", Exercise.ACCEPT_GOODS: "acceptor_id",
    Exercise.PAY: "payer_id",
}  # fmt: skip


def require_practice() -> None:
    """Raises NotFound in a real mall: it has no such page."""
    if current_tenant().kind != TenantKind.PRACTICE:
        raise NotFound


def home_organisation(actor: Actor) -> int:
    """The organisation whose unit the person practises in. Raises NotPermitted for people of other levels."""
    for place in actor.belongs:
        if place.tenant_code == current_tenant().code:
            return place.organisation_id
    raise NotPermitted


def trainee_id(actor: Actor) -> int:
    """Exercises are a person's. Raises NotPermitted."""
    if actor.user_id is None:
        raise NotPermitted
    return actor.user_id


@dataclass(frozen=True, slots=True)
class ExerciseView:
    """An exercise here: done by an order, waiting in an order, or not begun."""

    task: Task
    done: PracticeOrder | None
    waiting: PracticeOrder | None


@dataclass(frozen=True, slots=True)
class BoardOrder:
    """An order the person had a part in. `partner_next` says whether the partner can go on with it."""

    order: PracticeOrder
    partner_next: bool


@dataclass(frozen=True, slots=True)
class Board:
    exercises: tuple[ExerciseView, ...]
    orders: tuple[BoardOrder, ...]

    @property
    def done(self) -> int:
        return sum(1 for one in self.exercises if one.done)


def board(*, actor: Actor) -> Board:
    """The trainee's exercises in this practice mall; two statements. Raises NotFound in a real mall, NotPermitted."""
    require_practice()
    home_organisation(actor)
    user_id = trainee_id(actor)
    rows = PreparedOrder.objects.filter(user_id=user_id).order_by("-id")[:100]
    prepared = {row.order_id: row.exercise for row in rows}
    orders = orders_of_person(user_id=user_id, ids=list(prepared))
    waiting = {one.id: is_waiting(one, prepared.get(one.id, "")) for one in orders}
    exercises = tuple(
        ExerciseView(
            task=task,
            done=next((one for one in orders if getattr(one, _WHO[task.exercise]) == user_id), None),
            waiting=next((one for one in orders if waiting[one.id] == task.exercise), None),
        )
        for task in TASKS
    )
    shown = tuple(BoardOrder(one, one.state in NEXT_STEP and waiting[one.id] is None) for one in orders)
    return Board(exercises, shown)


def is_waiting(order: PracticeOrder, exercise: str) -> Exercise | None:
    """The exercise that this order waits for the trainee with; None when it is the partner's turn, or nobody's."""
    if exercise and order.state == HANDED_OVER_IN.get(exercise):
        return Exercise(exercise)
    return None

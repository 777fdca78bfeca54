"""Reading approvals: what waits for the actor, which flows are set, and how long steps take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import connections
from django.db.models import Exists, OuterRef, Q

from kernel.actor import Actor
from kernel.posts import Post
from kernel.problems import NotFound
from tenant_apps.approvals.flows import may_set
from tenant_apps.approvals.models import ApprovalFlow, ApprovalStep
from tenant_apps.approvals.rules import STEP_POSTS, Flow, Standing, StepState
from tenant_apps.approvals.steps import may_take
from tenant_apps.orders.permissions import unit_reach
from tenant_apps.orders.selectors import waiting_number, waiting_orders
from tenants.database.context import TENANT_ALIAS

if TYPE_CHECKING:
    from tenant_apps.orders.models import Order

WAITING_MAX = 50
MONTHS_SHOWN = 12


@dataclass(frozen=True)
class WaitingOrder:
    """One row of the inbox. `step` is empty where the unit's approver alone decides.

    `own`: the actor submitted it, so somebody else decides.
    """

    order: Order
    step: str
    is_last: bool
    since: datetime
    own: bool
    line_count: int
    first_title: str


def waiting_for(*, actor: Actor, size: int = WAITING_MAX) -> list[WaitingOrder]:
    """Orders whose next step is the actor's to take, oldest first. At most three statements."""
    steps = _open_steps(actor)
    orders = waiting_orders(_waiting(actor, steps), size=size)
    return [
        WaitingOrder(
            order=order,
            step=step.name if (step := steps.get(order.pk)) else "",
            is_last=step is None or step.is_last,
            since=(step.since if step else None) or order.changed_at,
            own=order.clerk_id == actor.user_id,
            line_count=len(order.lines.all()),
            first_title=order.lines.all()[0].title,
        )
        for order in orders
    ]


def waiting_count(*, actor: Actor) -> int:
    """How many orders wait for a step of the actor's: the badge. At most two statements."""
    if not actor.posts & frozenset(STEP_POSTS):
        return 0
    return waiting_number(_waiting(actor, _open_steps(actor)) & ~Q(clerk_id=actor.user_id or 0))


@dataclass(frozen=True, slots=True)
class _OpenStep:
    name: str
    since: datetime | None
    is_last: bool


def _open_steps(actor: Actor) -> dict[int, _OpenStep]:
    """By order: the open step that the actor may take. One statement; none for people whom no flow asks."""
    asked = actor.posts & frozenset(STEP_POSTS)
    if not asked:
        return {}
    reach = Q(pk__in=[])
    for post in asked:
        reach |= Q(post=str(post)) & unit_reach(actor, post)
    later = ApprovalStep.objects.filter(
        order_id=OuterRef("order_id"), round=OuterRef("round"), stage__gt=OuterRef("stage")
    )
    taken = ApprovalStep.objects.filter(
        order_id=OuterRef("order_id"), round=OuterRef("round"), decided_by_id=actor.user_id or 0
    )
    rows = ApprovalStep.objects.filter(reach, ~Exists(taken), state=StepState.OPEN.value)
    found: dict[int, _OpenStep] = {}
    for row in rows.annotate(is_last=~Exists(later)).order_by("order_id", "position"):
        step = Standing(row.pk, row.stage, row.name, Post(row.post), tuple(row.user_ids), StepState(row.state), None)
        if may_take(step, actor=actor, unit_id=row.unit_id, organisation_id=row.organisation_id):
            found.setdefault(row.order_id, _OpenStep(row.name, row.opened_at, row.is_last))
    return found


def _waiting(actor: Actor, steps: dict[int, _OpenStep]) -> Q:
    """Which orders: those with an open step of the actor's, and of a plain flow those of the actor's units."""
    plain = unit_reach(actor, Post.BUYER_APPROVER)
    asked = Exists(ApprovalStep.objects.filter(order_id=OuterRef("pk"), state=StepState.OPEN.value))
    return Q(pk__in=list(steps)) | (plain & Q(~asked))


# -- one order's steps -------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class StepView:
    """One step of an order as its page shows it."""

    row: ApprovalStep

    @property
    def hours(self) -> Decimal | None:
        """From its opening to the decision, in hours to one place."""
        if self.row.decided_at is None or self.row.opened_at is None:
            return None
        seconds = (self.row.decided_at - self.row.opened_at).total_seconds()
        return _tenths(seconds / 3600)


def rounds_of(*, order_id: int) -> list[list[StepView]]:
    """The order's rounds with their steps, oldest first; the caller has reached the order. One statement."""
    rounds: dict[int, list[StepView]] = {}
    for row in ApprovalStep.objects.filter(order_id=order_id).order_by("round", "stage", "position"):
        rounds.setdefault(row.round, []).append(StepView(row))
    return list(rounds.values())


# -- flows -------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class FlowView:
    row: ApprovalFlow
    flow: Flow


def flows_for(*, actor: Actor) -> list[FlowView]:
    """Flows in force that the actor may change: the mall's own first, then units by name. One statement."""
    rows = ApprovalFlow.objects.filter(ended_at=None).order_by("unit_id", "id")
    seen = [row for row in rows if may_set(actor=actor, unit_id=row.unit_id)]
    seen.sort(key=lambda row: (row.unit_id is not None, row.unit_name))
    return [FlowView(row, Flow.from_json(row.content)) for row in seen]


def flow_of(*, actor: Actor, unit_id: int | None) -> FlowView | None:
    """The flow set for exactly this unit (None: the mall), if there is one. Raises NotFound for strangers."""
    if not may_set(actor=actor, unit_id=unit_id):
        raise NotFound(unit_id=unit_id)
    row = ApprovalFlow.objects.filter(unit_id=unit_id, ended_at=None).first()
    return FlowView(row, Flow.from_json(row.content)) if row else None


# -- how long ----------------------------------------------------------------------------------------------------------
# An order without step rows took one step: from its submission to its placing. Orders taken over from another system
# were approved elsewhere and are left out.
_TIMES = """
WITH taken AS (
    SELECT s.unit_id, s.name, s.opened_at AS asked_at, s.decided_at
      FROM approvals_approvalstep s WHERE s.decided_at >= %(since)s
    UNION ALL
    SELECT o.unit_id, '', o.submitted_at, o.placed_at
      FROM orders_order o
     WHERE o.placed_at >= %(since)s AND o.placed_at > o.submitted_at
       AND NOT EXISTS (SELECT FROM approvals_approvalstep s WHERE s.order_id = o.id)
)
SELECT {key}, count(*), avg(hours), percentile_cont(0.5) WITHIN GROUP (ORDER BY hours),
       percentile_cont(0.9) WITHIN GROUP (ORDER BY hours), max(hours)
  FROM (SELECT *, extract(epoch FROM decided_at - asked_at) / 3600 AS hours,
               to_char(decided_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') AS month FROM taken) one
 WHERE %(units)s::bigint[] IS NULL OR unit_id = ANY(%(units)s::bigint[])
 GROUP BY {key} ORDER BY {order}
"""


@dataclass(frozen=True, slots=True)
class Took:
    """How long steps of one kind took, in hours between asking and deciding."""

    key: str
    steps: int
    average: Decimal
    median: Decimal
    ninth_tenth: Decimal
    longest: Decimal


@dataclass(frozen=True, slots=True)
class Times:
    """`by_step` has the slowest step first; `by_month` the trend, oldest first."""

    by_step: Sequence[Took]
    by_month: Sequence[Took]


def times_for(*, actor: Actor, since: datetime, unit_id: int | None = None) -> Times:
    """How long approvals took since a moment: all units for the bureau, their own for administrators. Two statements.

    Raises NotFound for strangers.
    """
    units = _units_of(actor, unit_id)
    return Times(_took("name", "5 DESC, 1", units, since), _took("month", "1", units, since))


def _units_of(actor: Actor, unit_id: int | None) -> list[int] | None:
    if actor.is_system or actor.posts & {Post.TIER_SUPERVISOR, Post.AUDITOR, Post.REGION_SUPERVISOR}:
        return None if unit_id is None else [unit_id]
    own = sorted(actor.units(Post.UNIT_ADMINISTRATOR))
    if not own or (unit_id is not None and unit_id not in own):
        raise NotFound(unit_id=unit_id)
    return own if unit_id is None else [unit_id]


def _tenths(hours: float | Decimal) -> Decimal:
    """To one place; the zero added takes the sign off a rounded nought."""
    return Decimal(hours).quantize(Decimal("0.1")) + 0


def _took(key: str, order: str, units: list[int] | None, since: datetime) -> list[Took]:
    with connections[TENANT_ALIAS].cursor() as cursor:
        cursor.execute(_TIMES.format(key=key, order=order), {"since": since, "units": units})
        return [
            Took(name, count, *(_tenths(hours) for hours in measured)) for name, count, *measured in cursor.fetchall()
        ]

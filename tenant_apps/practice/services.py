"""Filling a practice mall, preparing exercises, and letting the partner go on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor, system_in
from kernel.clock import fiscal_year, local_date
from kernel.posts import Post
from kernel.problems import Conflict, NotFound
from shared_apps.accounts.rules import OrganisationKind
from shared_apps.accounts.selectors import organisations_of_tenant
from shared_apps.classification.selectors import catalogue
from shared_apps.training.rules import TASKS, Exercise, MallStep
from tenant_apps.access.services import grant_post
from tenant_apps.budgets.rules import FundSource, UnitView
from tenant_apps.budgets.selectors import open_lines, units
from tenant_apps.budgets.services import create_line, create_unit
from tenant_apps.journal.services import record
from tenant_apps.orders.for_practice import PracticeOrder, orders_of_person
from tenant_apps.policies.services import open_practice_modules
from tenant_apps.practice import partner
from tenant_apps.practice.models import PreparedOrder
from tenant_apps.practice.rules import HANDED_OVER_IN, NEXT_STEP
from tenant_apps.practice.selectors import home_organisation, is_waiting, require_practice, trainee_id
from tenant_apps.storefront.selectors import shelf_choice
from tenant_apps.storefront.services import choose_shelf
from tenants.database.context import current_tenant, region_as, tenant_atomic, tenant_selected
from tenants.database.logins import MALL
from tenants.registry.practice import home_of

BUDGET = Decimal("500000.00")
POSTS = tuple(task.post for task in TASKS)
# One organisation a unit: 901001, 901002, ... and so on; no real unit of the county is meant.
_FIRST_GROUP, _GROUP = 901, 999


class YourTurn(Conflict):
    """The order waits for the trainee: it is the exercise itself."""

    code = "your-turn"
    title = _("This step is yours: it is the exercise")


class NothingForPartner(Conflict):
    code = "nothing-for-partner"
    title = _("There is nothing for the practice partner to do with this order")


# -- seeding ----------------------------------------------------------------------------------------------------------
def seed(*, code: str, clock: Callable[[], datetime], tell: Callable[[MallStep], None]) -> None:
    """Units of the county's organisations with money, the whole shelf, the supermarket open. Twice changes nothing."""
    tell(MallStep.UNITS)
    with tenant_selected(code):
        require_practice()
        for organisation_id, name in _organisations(code):
            unit_of(organisation_id=organisation_id, name=name, now=clock())
    tell(MallStep.GOODS)
    with tenant_selected(code), region_as(MALL):
        if shelf_choice() is None and (categories := [category.code for category in catalogue()]):
            choose_shelf(actor=system_in(code), categories=categories, excluded_supplier_ids=(), now=clock())
        open_practice_modules(actor=system_in(code), now=clock())


def _organisations(code: str) -> list[tuple[int, str]]:
    kinds = (OrganisationKind.FINANCE_BUREAU, OrganisationKind.BUDGET_UNIT)
    return [
        (one.pk, one.name) for kind in kinds for one in organisations_of_tenant(tenant_code=home_of(code), kind=kind)
    ]


def unit_of(*, organisation_id: int, name: str, now: datetime) -> UnitView:
    """The practice unit of an organisation with this year's budget line; made when it is missing."""
    existing = units()
    unit = next((one for one in existing if one.organisation_id == organisation_id), None)
    actor = system_in(current_tenant().code)
    if unit is None:
        group, number = divmod(len(existing), _GROUP)
        code = f"{_FIRST_GROUP + group}{number + 1:03}"
        row = create_unit(actor=actor, code=code, name=name, organisation_id=organisation_id, now=now)
        unit = UnitView(row.pk, row.code, row.name, row.organisation_id, row.is_active)
    year = fiscal_year(now)
    if not open_lines(unit_id=unit.id, fiscal_year=year):
        create_line(
            actor=actor,
            unit_id=unit.id,
            fiscal_year=year,
            plan_number=f"YL-{year}-{unit.code}",
            plan_filed_on=min(date(year, 1, 1), local_date(now)),
            budget_item="日常公用经费（演练）",
            fund_source=FundSource.FISCAL,
            functional_class="YL-F01",
            economic_class="YL-E01",
            total=BUDGET,
            now=now,
        )
    return unit


# -- exercises --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Begun:
    """Where the exercise is done: the order that waits, or for buying the product to buy."""

    exercise: Exercise
    order_id: int | None = None
    product_code: str | None = None


def begin(*, actor: Actor, exercise: Exercise | str, now: datetime) -> Begun:
    """Gives the trainee the practice posts and prepares the exercise.

    Buying needs no order: the trainee makes it. Begun again while one waits, it is that one. Raises NotFound in a
    real mall, NotPermitted for people of other levels, NothingToPractiseWith.
    """
    require_practice()
    organisation_id = home_organisation(actor)
    wanted = Exercise(exercise)
    name = next(one.organisation_name for one in actor.belongs if one.organisation_id == organisation_id)
    unit = unit_of(organisation_id=organisation_id, name=name, now=now)
    _take_posts(actor, unit, now)
    if wanted == Exercise.BUY:
        return Begun(wanted, product_code=partner.known_offer().product_code)
    waiting = _waiting(actor, wanted)
    if waiting is not None:
        return Begun(wanted, waiting.id)
    order_id = partner.submit(unit=unit, now=now)
    with tenant_atomic():
        PreparedOrder.objects.create(user_id=trainee_id(actor), exercise=wanted, order_id=order_id, prepared_at=now)
        record(
            actor=system_in(current_tenant().code),
            event="practice.exercise_prepared",
            object_type="order",
            object_id=order_id,
            facts={"exercise": str(wanted), "user_id": trainee_id(actor), "order_id": order_id},
            now=now,
        )
    while (found := _order(actor, order_id)).state != HANDED_OVER_IN[wanted]:
        partner.take(step=NEXT_STEP[found.state], order=found, now=now)
    return Begun(wanted, order_id)


def go_on(*, actor: Actor, order_id: int, now: datetime) -> PracticeOrder:
    """The partner takes the next step of an order the trainee had a part in; returns the order after it.

    Raises NotFound for other people's orders and in a real mall, YourTurn, NothingForPartner.
    """
    require_practice()
    found = _order(actor, order_id)
    prepared = PreparedOrder.objects.filter(order_id=order_id).values_list("exercise", flat=True).first() or ""
    if is_waiting(found, prepared):
        raise YourTurn
    step = NEXT_STEP.get(found.state)
    if step is None:
        raise NothingForPartner(state=found.state)
    partner.take(step=step, order=found, now=now)
    return _order(actor, order_id)


def _order(actor: Actor, order_id: int) -> PracticeOrder:
    """An order that the trainee had a part in, or that was prepared for them. Raises NotFound."""
    mine = PreparedOrder.objects.filter(order_id=order_id, user_id=trainee_id(actor)).exists()
    rows = orders_of_person(user_id=trainee_id(actor), ids=[order_id] if mine else [], size=500)
    for row in rows:
        if row.id == order_id:
            return row
    raise NotFound(order_id=order_id)


def _waiting(actor: Actor, exercise: Exercise) -> PracticeOrder | None:
    rows = PreparedOrder.objects.filter(user_id=trainee_id(actor), exercise=exercise).order_by("-id")[:20]
    prepared = {row.order_id: row.exercise for row in rows}
    for order in orders_of_person(user_id=trainee_id(actor), ids=list(prepared)):
        if is_waiting(order, prepared.get(order.id, "")) == exercise:
            return order
    return None


def _take_posts(actor: Actor, unit: UnitView, now: datetime) -> None:
    """Every post that acts on an order, in the trainee's own unit: each exercise is another order."""
    held = {Post(post) for post in POSTS if actor.has(post, unit_id=unit.id, organisation_id=unit.organisation_id)}
    for post in POSTS:
        if post not in held:
            grant_post(
                actor=system_in(current_tenant().code), user_id=trainee_id(actor), name=actor.name,
                organisation_id=unit.organisation_id, unit_id=unit.id, post=post, now=now,
            )  # fmt: skip

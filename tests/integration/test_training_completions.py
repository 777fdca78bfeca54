"""Who has completed which exercise, from the practice malls' journals."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError

from kernel.actor import SYSTEM, Actor, Belonging
from kernel.clock import utc_now
from shared_apps.training import demo
from shared_apps.training.models import Completion
from shared_apps.training.rules import EXERCISE_OF_EVENT, Exercise, exercise_done_by
from shared_apps.training.selectors import practice_done
from shared_apps.training.services import completing
from tenant_apps.journal.services import record
from tenants.database.context import region_as, region_atomic, tenant_atomic, tenant_selected
from tenants.database.logins import MALL, RELAY
from tenants.registry.models import Tenant
from tenants.registry.rules import TenantKind
from tests.factories.people import make_user
from tests.factories.relayed import order_facts, relay_tenant
from tests.factories.training import record_practice

A, B = "990001", "990002"
TRAINEE = Actor(41, "测试练习人", A, (Belonging(7, "第一小学", "budget_unit", "U1", A),))
PARTNER = Actor(-1, "练习搭档（经办）", A)


@pytest.fixture
def practice() -> None:
    """Tenant A stands for a practice mall: the consumer asks the registry, not the code."""
    with region_as("yz_owner"):
        Tenant.objects.filter(code=A).update(kind=TenantKind.PRACTICE)


def step(name: str, *, actor: Actor = TRAINEE, order_id: int = 7, now: datetime | None = None, **changes: Any) -> None:
    bargained: dict[str, Any] = {"agreed": []} if name == "submitted" else {}
    with tenant_selected(A), tenant_atomic():
        record(
            actor=actor, event=f"orders.{name}", object_type="order", object_id=order_id,
            facts=order_facts(**changes) | bargained, now=now or utc_now(),
        )  # fmt: skip


def done() -> set[tuple[int, str]]:
    return set(Completion.objects.values_list("user_id", "exercise"))


def test_every_step_of_a_person_completes_its_exercise_once(practice: None) -> None:
    for name in ("submitted", "approved", "goods_accepted", "payment_requested"):
        step(name)
    relay_tenant(A)
    assert done() == {(41, exercise.value) for exercise in Exercise}
    first = {row.exercise: row.completed_at for row in Completion.objects.all()}
    step("submitted", order_id=8)
    relay_tenant(A)
    assert {row.exercise: row.completed_at for row in Completion.objects.all()} == first
    row = Completion.objects.get(exercise=Exercise.BUY)
    assert (row.tenant_code, row.name, row.organisation_id) == (A, "测试练习人", 7)


def test_refusals_are_practice_too_and_other_steps_are_not(practice: None) -> None:
    step("rejected")
    step("goods_refused")
    step("withdrawn")
    relay_tenant(A)
    assert done() == {(41, "approve"), (41, "accept_goods")}


def test_partner_and_timers_complete_nothing(practice: None) -> None:
    for actor in (PARTNER, SYSTEM):
        step("submitted", actor=actor)
    relay_tenant(A)
    assert done() == set()
    assert exercise_done_by(event="orders.submitted", actor_id=0) is None


def test_a_real_mall_s_orders_complete_nothing() -> None:
    step("submitted")
    relay_tenant(A)
    assert done() == set()


def test_the_twin_without_the_question_would_count_real_orders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completing, "is_practice", lambda *, code: True)
    step("submitted")
    relay_tenant(A)
    assert done() == {(41, "buy")}


def test_practice_done_asks_for_the_first_exercise_of_this_level() -> None:
    record_practice(A, exercise=Exercise.PAY)
    with region_as(MALL):
        assert not practice_done(tenant_code=A)
    record_practice(A)
    with region_as(MALL):
        assert practice_done(tenant_code=A)
        assert practice_done(tenant_code=f"{A}_practice")
        assert not practice_done(tenant_code=B)


def test_a_mall_does_not_read_who_has_practised() -> None:
    record_practice(A)
    with region_as(MALL), pytest.raises(ProgrammingError, match="permission denied"):
        list(Completion.objects.values_list("name"))


def test_no_completion_without_a_person() -> None:
    with region_as(RELAY), pytest.raises(IntegrityError, match="completion_is_a_person_s"), region_atomic():
        Completion.objects.create(
            tenant_code=A, user_id=-1, name="", exercise="buy", order_number="", completed_at=utc_now()
        )


def test_every_exercise_is_told_by_an_event() -> None:
    assert set(EXERCISE_OF_EVENT.values()) == set(Exercise)


def test_the_demonstration_s_ready_county_has_practised_once() -> None:
    make_user(demo.TRAINEE, demo.NAME)
    demo.load(utc_now())
    demo.load(utc_now())
    row = Completion.objects.get()
    assert (row.tenant_code, row.name, row.exercise) == ("652301", demo.NAME, "buy")

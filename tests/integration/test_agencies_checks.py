"""Spot checks: the draw that anybody can compute again, findings, mending, and what is published."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from kernel.clock import utc_now
from kernel.problems import InvalidInput, NotFound, NotPermitted, WrongState
from kernel.sm3 import sm3_hex
from shared_apps.accounts.models import User
from shared_apps.agencies import services
from shared_apps.agencies.models import AgencyCheck, CheckDraw, CheckPlan
from shared_apps.agencies.rules.checks import CHECK, CheckState, draw_order, pool_hash
from shared_apps.agencies.selectors import checks as selectors
from shared_apps.agencies.selectors import public
from shared_apps.region_journal.models import RegionJournalEntry
from shared_apps.rulebook.services import load_shipped
from tenants.database.context import region_as
from tests.factories import agencies as made
from tests.factories.people import actor_of

NOW = datetime(2026, 6, 10, 4, 0, tzinfo=UTC)
DUE = date(2026, 6, 30)
S = CheckState


@pytest.fixture
def region(room: None) -> Iterator[None]:
    with region_as("yz_region"):
        load_shipped(now=utc_now())
        yield


@pytest.fixture
def supervisor(region: None) -> User:
    return made.region_supervisor()


def plan_of(user: User, owner_code: str = "", title: str = "2026年度监督检查") -> CheckPlan:
    return services.make_plan(actor=actor_of(user), owner_code=owner_code, year=2026, title=title, note="", now=NOW)


def found(user: User, firm: made.Firm, **changes: Any) -> AgencyCheck:
    """A targeted check with one finding, to be mended by the end of June."""
    plan = plan_of(user)
    check = services.order_check(
        actor=actor_of(user), plan_id=plan.pk, uscc=firm.agency.uscc, reason="群众来信", now=NOW
    )
    values: dict[str, Any] = {"findings": ["recording"], "not_applicable": [], "notes": "缺录像", "due_on": DUE}
    return services.record_check(actor=actor_of(user), check_id=check.pk, now=NOW, **(values | changes))


def test_the_table() -> None:
    assert {(state, action) for state, action, may in CHECK.product() if may} == {
        (S.PLANNED, "pass"), (S.PLANNED, "find"), (S.PLANNED, "cancel"), (S.RECTIFYING, "report_rectified"),
        (S.REPORTED, "accept"), (S.REPORTED, "send_back"), (S.RECTIFYING, "close_unmended"),
    }  # fmt: skip


def test_the_order_is_that_of_the_hashes() -> None:
    """Worked by hand: the rule needs nothing but a seed, codes and SM3."""
    pool = [made.code(number) for number in range(1, 6)]
    by_hand = sorted(pool, key=lambda code: sm3_hex(f"{'0' * 64}|{code}".encode()))
    assert draw_order(seed="0" * 64, pool=reversed(pool)) == by_hand
    assert by_hand != pool
    assert pool_hash(pool) != pool_hash(pool[::-1])


@given(st.binary(min_size=32, max_size=32), st.integers(2, 30), st.integers(1, 30))
def test_a_code_s_place_among_others_does_not_depend_on_who_else_is_there(seed: bytes, size: int, left: int) -> None:
    pool = [made.code(number) for number in range(1, size + 1)]
    order = draw_order(seed=seed.hex(), pool=pool)
    assert sorted(order) == sorted(pool)
    fewer = [code for code in pool if code != pool[left % size]]
    assert draw_order(seed=seed.hex(), pool=fewer) == [code for code in order if code in fewer]


def test_a_draw_is_kept_whole_and_computed_again(supervisor: User) -> None:
    firms = [made.published() for _ in range(4)]
    made.submitted()
    plan = plan_of(supervisor)
    draw = services.draw_checks(actor=actor_of(supervisor), plan_id=plan.pk, wanted=2, now=NOW)
    assert draw.pool == sorted(firm.agency.uscc for firm in firms)
    assert draw.drawn == draw_order(seed=draw.seed, pool=draw.pool)[:2]
    assert set(plan.checks.values_list("agency__uscc", flat=True)) == set(draw.drawn)
    assert selectors.draw(draw_id=draw.pk).is_right
    entry = RegionJournalEntry.objects.get(event="agencies.checks_drawn")
    assert (entry.facts["seed"], entry.facts["pool_hash"], entry.facts["drawn"]) == (
        draw.seed, pool_hash(draw.pool), draw.drawn,
    )  # fmt: skip
    again = services.draw_checks(actor=actor_of(supervisor), plan_id=plan.pk, wanted=9, now=NOW)
    assert (again.number, sorted(again.drawn)) == (2, sorted(set(draw.pool) - set(draw.drawn)))
    with pytest.raises(services.NotToCheck):
        services.draw_checks(actor=actor_of(supervisor), plan_id=plan.pk, wanted=1, now=NOW)


def test_a_bureau_checks_its_own_level_only(supervisor: User) -> None:
    near, far, hired = (
        made.published(division_code="990001"), made.published(division_code="653101"), made.published(),
    )  # fmt: skip
    buyer = made.buyer("990001")
    buyer.agreement(hired)
    plan = plan_of(buyer.supervisor, "990001")
    assert set(selectors.pool_of(plan=plan)) == {near.agency.uscc, hired.agency.uscc}
    assert len(selectors.pool_of(plan=plan_of(supervisor))) == 3
    with pytest.raises(services.NotToCheck):
        services.order_check(
            actor=actor_of(buyer.supervisor), plan_id=plan.pk, uscc=far.agency.uscc, reason="x", now=NOW
        )
    with pytest.raises(InvalidInput):
        plan_of(buyer.supervisor, "990002")
    with pytest.raises(InvalidInput):
        plan_of(buyer.supervisor, "")
    for stranger in (made.buyer("990002").supervisor, supervisor):
        with pytest.raises(NotFound):
            services.draw_checks(actor=actor_of(stranger), plan_id=plan.pk, wanted=1, now=NOW)
    with pytest.raises(NotFound):
        selectors.plan(actor=actor_of(made.buyer("990002").supervisor), plan_id=plan.pk)
    assert not selectors.plan(actor=actor_of(supervisor), plan_id=plan.pk).is_kept
    with pytest.raises(NotPermitted):
        plan_of(near.manager)


def test_findings_are_mended_and_then_published(supervisor: User) -> None:
    firm = made.published()
    check = found(supervisor, firm)
    assert public.agency_page(agency_id=firm.agency.pk).checks == ()
    services.report_rectified(actor=firm.actor, check_id=check.pk, rectification="已补录", now=NOW)
    services.decide_check(
        actor=actor_of(supervisor), check_id=check.pk, decision="send_back", note="仍缺", due_on=date(2026, 7, 31),
        now=NOW,
    )  # fmt: skip
    services.report_rectified(actor=firm.actor, check_id=check.pk, rectification="已补齐", now=NOW)
    services.decide_check(
        actor=actor_of(supervisor), check_id=check.pk, decision="accept", note="", due_on=None, now=NOW
    )
    (shown,) = public.agency_page(agency_id=firm.agency.pk).checks
    assert (shown.state, shown.findings, shown.due_on) == (S.RECTIFIED, ["recording"], date(2026, 7, 31))
    names = RegionJournalEntry.objects.filter(object_type="agency_check").order_by("pk")
    assert list(names.values_list("event", flat=True)) == [
        "agencies.check_ordered", "agencies.checked", "agencies.rectification_reported", "agencies.check_decided",
        "agencies.rectification_reported", "agencies.check_decided",
    ]  # fmt: skip


def test_what_is_not_mended_is_closed_after_its_day(supervisor: User) -> None:
    firm = made.published()
    check = found(supervisor, firm)
    last_day = datetime(2026, 6, 30, 4, 0, tzinfo=UTC)
    close = {"decision": "close_unmended", "note": "未整改", "due_on": None}
    with pytest.raises(services.NotDue):
        services.decide_check(actor=actor_of(supervisor), check_id=check.pk, now=last_day, **close)
    services.decide_check(actor=actor_of(supervisor), check_id=check.pk, now=last_day + timedelta(days=1), **close)
    (shown,) = public.agency_page(agency_id=firm.agency.pk).checks
    assert shown.state == S.NOT_RECTIFIED


def test_nothing_found_is_passed_at_once(supervisor: User) -> None:
    firm = made.published()
    check = found(supervisor, firm, findings=[], not_applicable=["review_room"], notes="", due_on=None)
    assert check.state == S.PASSED
    with pytest.raises(WrongState):
        services.report_rectified(actor=firm.actor, check_id=check.pk, rectification="x", now=NOW)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"not_applicable": ["recording"]}, "not_applicable"), ({"notes": " "}, "notes"), ({"due_on": None}, "due_on"),
     ({"due_on": NOW.date()}, "due_on")],
)  # fmt: skip
def test_a_record_that_says_too_little_is_refused(supervisor: User, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        found(supervisor, made.published(), **changes)
    assert set(refused.value.errors) == {field}
    assert AgencyCheck.objects.get().state == S.PLANNED


def test_the_agency_hears_of_a_check_when_it_was_made(supervisor: User) -> None:
    firm, other = made.published(), made.published()
    plan = plan_of(supervisor, title="突击检查")
    check = services.order_check(
        actor=actor_of(supervisor), plan_id=plan.pk, uscc=firm.agency.uscc, reason="举报", now=NOW
    )
    with pytest.raises(services.PlannedAlready):
        services.order_check(actor=actor_of(supervisor), plan_id=plan.pk, uscc=firm.agency.uscc, reason="举报", now=NOW)
    with pytest.raises(NotFound):
        selectors.check(actor=firm.actor, check_id=check.pk)
    services.record_check(
        actor=actor_of(supervisor), check_id=check.pk, findings=["fee"], not_applicable=[], notes="x", due_on=DUE,
        now=NOW,
    )  # fmt: skip
    assert selectors.check(actor=firm.actor, check_id=check.pk).may == {"report_rectified"}
    with pytest.raises(NotFound):
        services.report_rectified(actor=other.actor, check_id=check.pk, rectification="x", now=NOW)
    with pytest.raises(NotFound):
        selectors.check(actor=other.actor, check_id=check.pk)


@pytest.mark.parametrize(
    "columns",
    [{"state": "passed"}, {"state": "rectifying", "checked_at": NOW, "findings": ["fee"]}, {"reason": ""},
     {"method": "random"}, {"state": "cancelled"}],
)  # fmt: skip
def test_the_table_refuses_what_cannot_be(supervisor: User, columns: dict[str, Any]) -> None:
    plan = plan_of(supervisor)
    check = services.order_check(
        actor=actor_of(supervisor), plan_id=plan.pk, uscc=made.published().agency.uscc, reason="x", now=NOW
    )
    with pytest.raises(IntegrityError):
        AgencyCheck.objects.filter(pk=check.pk).update(**columns)


def test_a_tampered_draw_is_seen(supervisor: User) -> None:
    made.published(), made.published()
    draw = services.draw_checks(actor=actor_of(supervisor), plan_id=plan_of(supervisor).pk, wanted=1, now=NOW)
    with region_as("yz_owner"):
        CheckDraw.objects.filter(pk=draw.pk).update(drawn=[code for code in draw.pool if code not in draw.drawn])
    assert not selectors.draw(draw_id=draw.pk).is_right

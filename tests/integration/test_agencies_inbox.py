"""Agencies in the to-do list: whose step it is, that strangers do not see it, and that it goes when it is taken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from kernel.actor import Actor
from kernel.clock import local_date, utc_now
from kernel.posts import Post
from shared_apps.accounts.models import User
from shared_apps.agencies import services
from shared_apps.inbox.models import InboxItem
from shared_apps.inbox.selectors import inbox_page
from shared_apps.inbox.services import enter_item
from shared_apps.rulebook.services import load_shipped
from tenants.database.context import region_as
from tenants.journaling.relay import drain
from tenants.registry.models import Tenant
from tests.database import wait_until_settled
from tests.factories import agencies as made
from tests.factories.people import actor_of, join, make_organisation, make_user


@pytest.fixture(autouse=True)
def region(room: None, settings: Any, tmp_path: Any) -> Iterator[None]:
    settings.YZ_FILES_DIR = tmp_path / "files"
    with region_as("yz_region"):
        Tenant.objects.filter(code="990001").update(state="live", live_at=utc_now())
        load_shipped(now=utc_now())
        yield


def told() -> None:
    wait_until_settled()
    drain(room="region", schema="public", now=utc_now())


def steps(actor: Actor, *, now: datetime | None = None) -> list[str]:
    return [item.step for item in inbox_page(actor=actor, now=now or utc_now()).items]


def where(actor: Actor) -> str:
    """Where the only open item of the actor leads."""
    [item] = inbox_page(actor=actor, now=utc_now()).items
    return enter_item(actor=actor, item_id=item.id, now=utc_now())


def of_the_purchasing_body() -> Actor:
    user = make_user(name="测试集采")
    join(user, make_organisation("central_purchasing_body", None, "测试集采中心", "990001"), [Post.CPB_OPERATOR])
    return actor_of(user)


def test_a_registration_waits_for_the_desk_then_for_the_agency() -> None:
    supervisor, firm, other = actor_of(made.region_supervisor()), made.submitted(), made.opened()
    told()
    assert steps(supervisor) == ["agency_submitted"]
    assert where(supervisor) == f"/library/review/agencies/{firm.agency.pk}/"
    services.return_registration(
        actor=supervisor, agency_id=firm.agency.pk, version=firm.fresh().version, reasons={"address": "不一致"},
        now=utc_now(),
    )  # fmt: skip
    told()
    assert (steps(supervisor), steps(firm.actor), steps(other.actor)) == ([], ["agency_returned"], [])
    assert where(firm.actor) == "/agency/"
    services.submit(actor=firm.actor, now=utc_now())
    told()
    assert (steps(supervisor), steps(firm.actor)) == (["agency_submitted"], [])
    services.publish(actor=supervisor, agency_id=firm.agency.pk, version=firm.fresh().version, now=utc_now())
    told()
    assert (steps(supervisor), steps(firm.actor)) == ([], [])


def test_too_few_staff_wait_for_who_joins() -> None:
    firm = made.published()
    person = firm.agency.staff.order_by("pk").first()
    assert person is not None
    today = local_date(utc_now())
    services.report_staff_left(actor=firm.actor, staff_id=person.pk, left_on=today, now=utc_now())
    told()
    assert steps(firm.actor) == ["agency_few_staff"]
    services.report_staff_joined(actor=firm.actor, name="己员工", joined_on=today, now=utc_now())
    told()
    assert steps(firm.actor) == []


@pytest.mark.parametrize("owner", ["", "990001"])
def test_findings_go_between_the_agency_and_the_keeper_of_the_plan(owner: str) -> None:
    firm, unit = made.published(), made.buyer()
    unit.agreement(firm)
    told()
    region = made.region_supervisor()
    keeper: User = unit.supervisor if owner else region
    aside = actor_of(region if owner else unit.supervisor)
    plan = services.make_plan(actor=actor_of(keeper), owner_code=owner, year=2026, title="检查", note="", now=utc_now())
    check = services.order_check(
        actor=actor_of(keeper), plan_id=plan.pk, uscc=firm.agency.uscc, reason="来信", now=utc_now()
    )
    told()
    assert steps(firm.actor) == [], "it hears of a check when it was made"
    due_on = local_date(utc_now()) + timedelta(days=20)
    services.record_check(
        actor=actor_of(keeper), check_id=check.pk, findings=["recording"], not_applicable=[], notes="缺录像",
        due_on=due_on, now=utc_now(),
    )  # fmt: skip
    told()
    [item] = inbox_page(actor=firm.actor, now=utc_now()).items
    assert item.step == "agency_check_rectifying"
    assert item.due_at == datetime(due_on.year, due_on.month, due_on.day, 16, tzinfo=UTC), "midnight in Beijing"
    services.report_rectified(actor=firm.actor, check_id=check.pk, rectification="已安装", now=utc_now())
    told()
    assert (steps(firm.actor), steps(actor_of(keeper)), steps(aside)) == ([], ["agency_check_reported"], [])
    assert "agency_check_reported" not in steps(of_the_purchasing_body()), "its page is the bureau's alone"
    assert where(actor_of(keeper)) == f"/agency-checks/{check.pk}/"
    services.decide_check(
        actor=actor_of(keeper), check_id=check.pk, decision="accept", note="", due_on=None, now=utc_now()
    )
    told()
    assert steps(actor_of(keeper)) == []


def test_an_agreement_waits_for_its_unit_until_it_is_evaluated_or_the_days_are_over() -> None:
    firm, unit, stranger = made.published(), made.buyer(), made.buyer()
    administrator = actor_of(unit.administrator)
    row, late = unit.agreement(firm), unit.agreement(firm, subject="另一项目")
    told()
    assert steps(administrator) == ["agency_agreement_filed"] * 2
    assert steps(actor_of(stranger.administrator)) == steps(actor_of(unit.supervisor)) == []
    for one in (row, late):
        services.start_agreement(actor=administrator, agreement_id=one.pk, now=utc_now())
    told()
    assert steps(administrator) == []
    for one in (row, late):
        services.complete_agreement(actor=administrator, agreement_id=one.pk, supplier_codes=[], now=utc_now())
    told()
    assert steps(administrator) == ["agency_agreement_to_evaluate"] * 2
    given = services.evaluate(actor=administrator, agreement_id=row.pk, score=2, comment="资料不全", now=utc_now())
    told()
    assert steps(administrator) == ["agency_agreement_to_evaluate"]
    # The days to evaluate are over: the step cannot be taken any more, and is not shown.
    InboxItem.objects.filter(object_id=str(late.pk), state="open").update(due_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert steps(administrator) == []
    supervisor = actor_of(made.region_supervisor())
    services.appeal_evaluation(actor=firm.actor, evaluation_id=given.pk, reason="与事实不符", now=utc_now())
    told()
    assert steps(supervisor) == ["agency_evaluation_appealed"]
    assert where(supervisor) == f"/agency-agreements/{row.pk}/"
    services.decide_appeal(actor=supervisor, evaluation_id=given.pk, keep=True, reason="属实", now=utc_now())
    told()
    assert steps(supervisor) == []
    assert row.signed_on == date(2026, 6, 1)

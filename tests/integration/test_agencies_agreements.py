"""Agreements, evaluations and bans of agencies, on the real database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from kernel.clock import utc_now
from kernel.problems import CalendarYearMissing, InvalidInput, NotFound, NotPermitted, WrongState
from shared_apps.agencies import services
from shared_apps.agencies.models import AgencyHold, Agreement, Evaluation
from shared_apps.agencies.rules.agreements import AGREEMENT, AgreementState
from shared_apps.agencies.rules.evaluations import EVALUATION, EvaluationState
from shared_apps.agencies.selectors import agreements as selectors
from shared_apps.agencies.selectors import public
from shared_apps.region_journal.models import RegionJournalEntry
from shared_apps.rulebook.services import load_shipped
from shared_apps.sanctions import services as sanctions
from shared_apps.sanctions.rules import years_later
from tenants.database.context import region_as
from tests.factories import agencies as made
from tests.factories.people import actor_of
from tests.factories.sanctions import banned

# A Wednesday in a year whose calendar is shipped; five working days later is a Wednesday again.
NOW = datetime(2026, 6, 10, 4, 0, tzinfo=UTC)
LAST_DAY = datetime(2026, 6, 17, 4, 0, tzinfo=UTC)
S = AgreementState


@pytest.fixture(autouse=True)
def region(room: None) -> Iterator[None]:
    with region_as("yz_region"):
        load_shipped(now=utc_now())
        yield


@pytest.fixture
def firm() -> made.Firm:
    return made.published()


@pytest.fixture
def buyer() -> made.Buyer:
    return made.buyer()


def completed(firm: made.Firm, buyer: made.Buyer, *codes: str) -> Agreement:
    row = buyer.agreement(firm, now=NOW, started=True)
    return services.complete_agreement(
        actor=actor_of(buyer.administrator), agreement_id=row.pk, supplier_codes=codes, now=NOW
    )


def evaluated(firm: made.Firm, buyer: made.Buyer, score: int = 2) -> Evaluation:
    row = completed(firm, buyer)
    return services.evaluate(
        actor=actor_of(buyer.administrator), agreement_id=row.pk, score=score, comment="资料不全", now=NOW
    )


def test_the_tables() -> None:
    assert {(state, action) for state, action, may in AGREEMENT.product() if may} == {
        (S.FILED, "start"), (S.STARTED, "complete"), (S.WINDING_UP, "complete"), (S.FILED, "end"), (S.STARTED, "end"),
        (S.WINDING_UP, "end"), (S.FILED, "end_by_ban"), (S.STARTED, "wind_up"),
    }  # fmt: skip
    assert {(state, action) for state, action, may in EVALUATION.product() if may} == {
        ("given", "appeal"), ("appealed", "keep"), ("appealed", "set_aside"),
    }  # fmt: skip


def test_the_unit_or_its_bureau_files_and_nobody_else(firm: made.Firm, buyer: made.Buyer) -> None:
    first, second = buyer.agreement(firm), None
    second = services.file_agreement(
        actor=actor_of(buyer.supervisor), purchaser_id=buyer.unit.pk, uscc=firm.agency.uscc, terms=made.terms(),
        now=utc_now(),
    )  # fmt: skip
    assert [int(row.number[-4:]) for row in (first, second)] == [1, 2]
    strangers = [made.buyer("990002").supervisor, made.buyer().administrator, firm.manager, made.region_supervisor()]
    for stranger in strangers:
        with pytest.raises(NotFound):
            services.file_agreement(
                actor=actor_of(stranger), purchaser_id=buyer.unit.pk, uscc=firm.agency.uscc, terms=made.terms(),
                now=utc_now(),
            )  # fmt: skip


def test_only_an_agency_of_the_list_is_commissioned(buyer: made.Buyer) -> None:
    for uscc in (made.submitted().agency.uscc, made.code(999)):
        with pytest.raises(services.AgencyNotOnList):
            services.file_agreement(
                actor=actor_of(buyer.administrator), purchaser_id=buyer.unit.pk, uscc=uscc, terms=made.terms(), now=NOW
            )


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"ends_on": made.date(2026, 6, 1)}, "ends_on"), ({"signed_on": made.date(2027, 6, 1)}, "signed_on")],
)
def test_days_that_cannot_be_are_refused(
    firm: made.Firm, buyer: made.Buyer, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        buyer.agreement(firm, now=NOW, **changes)
    assert set(refused.value.errors) == {field}
    assert not Agreement.objects.exists()


def test_each_side_sees_its_own_and_strangers_nothing(firm: made.Firm, buyer: made.Buyer) -> None:
    supplier, stranger = made.supplier_admin(801), made.supplier_admin(802)
    row = completed(firm, buyer, made.code(801))
    other = made.buyer("990002")
    seen = {
        name: [one.pk for one in selectors.agreements(actor=actor_of(user))]
        for name, user in {
            "unit": buyer.administrator, "bureau": buyer.supervisor, "agency": firm.manager, "supplier": supplier,
            "region": made.region_supervisor(), "stranger": stranger, "other bureau": other.supervisor,
            "other unit": other.administrator, "other agency": made.published().manager,
        }.items()
    }  # fmt: skip
    assert [name for name, found in seen.items() if found == [row.pk]] == [
        "unit", "bureau", "agency", "supplier", "region",
    ]  # fmt: skip
    with pytest.raises(NotFound):
        selectors.agreement(actor=actor_of(stranger), agreement_id=row.pk)


def test_purchaser_and_supplier_evaluate_once_until_the_fifth_working_day(firm: made.Firm, buyer: made.Buyer) -> None:
    supplier = made.supplier_admin(801)
    row = completed(firm, buyer, made.code(801))
    assert row.evaluation_due_on == LAST_DAY.date()
    services.evaluate(actor=actor_of(buyer.administrator), agreement_id=row.pk, score=5, comment="", now=NOW)
    with pytest.raises(services.AlreadyEvaluated):
        services.evaluate(actor=actor_of(buyer.administrator), agreement_id=row.pk, score=1, comment="", now=NOW)
    with pytest.raises(services.EvaluationClosed):
        services.evaluate(
            actor=actor_of(supplier), agreement_id=row.pk, score=2, comment="", now=LAST_DAY + timedelta(days=1)
        )
    services.evaluate(actor=actor_of(supplier), agreement_id=row.pk, score=2, comment="", now=LAST_DAY)
    page = public.agency_page(agency_id=firm.agency.pk)
    assert [(one.role, one.score, one.count) for one in page.averages] == [("purchaser", 5.0, 1), ("supplier", 2.0, 1)]
    line = public.name_list(sort="score").rows[0]
    assert (line.score, line.score_count) == (3.5, 2)
    # A supplier reads its own evaluation only.
    view = selectors.agreement(actor=actor_of(supplier), agreement_id=row.pk)
    assert [one.role for one in view.evaluations] == ["supplier"]


def test_nobody_else_evaluates_and_not_before_the_end(firm: made.Firm, buyer: made.Buyer) -> None:
    row = buyer.agreement(firm, now=NOW, started=True)
    with pytest.raises(services.EvaluationClosed):
        services.evaluate(actor=actor_of(buyer.administrator), agreement_id=row.pk, score=5, comment="", now=NOW)
    services.complete_agreement(actor=actor_of(buyer.supervisor), agreement_id=row.pk, supplier_codes=[], now=NOW)
    for user in (buyer.supervisor, firm.manager, made.region_supervisor()):
        with pytest.raises(NotPermitted):
            services.evaluate(actor=actor_of(user), agreement_id=row.pk, score=5, comment="", now=NOW)
    with pytest.raises(NotFound):
        services.evaluate(actor=actor_of(made.supplier_admin()), agreement_id=row.pk, score=5, comment="", now=NOW)
    assert not Evaluation.objects.exists()


def test_an_unknown_supplier_or_year_completes_nothing(firm: made.Firm, buyer: made.Buyer) -> None:
    with pytest.raises(InvalidInput):
        completed(firm, buyer, made.code(999))
    row = Agreement.objects.get()
    assert row.state == S.STARTED
    with pytest.raises(CalendarYearMissing):
        services.complete_agreement(
            actor=actor_of(buyer.administrator), agreement_id=row.pk, supplier_codes=[],
            now=datetime(2099, 6, 10, tzinfo=UTC),
        )  # fmt: skip


@pytest.mark.parametrize(("keep", "counted"), [(True, 1), (False, 0)])
def test_an_appeal_counts_until_it_is_decided(firm: made.Firm, buyer: made.Buyer, keep: bool, counted: int) -> None:
    given = evaluated(firm, buyer)
    services.answer_evaluation(actor=firm.actor, evaluation_id=given.pk, answer="已补交", now=NOW)
    with pytest.raises(services.AlreadyAnswered):
        services.answer_evaluation(actor=firm.actor, evaluation_id=given.pk, answer="再说", now=NOW)
    services.appeal_evaluation(actor=firm.actor, evaluation_id=given.pk, reason="与事实不符", now=NOW)
    with pytest.raises(WrongState):
        services.appeal_evaluation(actor=firm.actor, evaluation_id=given.pk, reason="再来", now=NOW)
    assert sum(one.count for one in public.agency_page(agency_id=firm.agency.pk).averages) == 1
    with pytest.raises(NotPermitted):
        services.decide_appeal(actor=firm.actor, evaluation_id=given.pk, keep=False, reason="x", now=NOW)
    decided = services.decide_appeal(
        actor=actor_of(made.region_supervisor()), evaluation_id=given.pk, keep=keep, reason="查明", now=NOW
    )
    assert decided.state == (EvaluationState.KEPT if keep else EvaluationState.SET_ASIDE)
    assert sum(one.count for one in public.agency_page(agency_id=firm.agency.pk).averages) == counted


def test_another_agency_neither_answers_nor_appeals(firm: made.Firm, buyer: made.Buyer) -> None:
    given, other = evaluated(firm, buyer), made.published()
    with pytest.raises(NotFound):
        services.answer_evaluation(actor=other.actor, evaluation_id=given.pk, answer="x", now=NOW)
    with pytest.raises(NotFound):
        services.appeal_evaluation(actor=other.actor, evaluation_id=given.pk, reason="x", now=NOW)


def test_a_ban_ends_what_has_not_begun_and_winds_up_what_has(firm: made.Firm, buyer: made.Buyer) -> None:
    filed, started = buyer.agreement(firm), buyer.agreement(firm, started=True)
    today = NOW.date()
    ban = banned(
        firm.agency.uscc, party_kind="agency", party_name=firm.agency.name, cause="gpl72-1", starts_on=today,
        decided_on=today, last_on=years_later(today, 1) - timedelta(days=1), fine_amount=None, now=NOW,
    )  # fmt: skip
    states = dict(Agreement.objects.values_list("pk", "state"))
    assert states == {filed.pk: S.ENDED, started.pk: S.WINDING_UP}
    page = public.agency_page(agency_id=firm.agency.pk)
    assert page.is_banned
    assert public.name_list().rows[0].is_banned
    with pytest.raises(services.AgencyBanned):
        buyer.agreement(firm, now=NOW)
    names = RegionJournalEntry.objects.filter(event__startswith="agencies.").order_by("pk")
    assert list(names.values_list("event", flat=True))[-3:] == [
        "agencies.held", "agencies.agreement_ended_by_ban", "agencies.agreement_to_wind_up",
    ]  # fmt: skip
    services.complete_agreement(
        actor=actor_of(buyer.administrator), agreement_id=started.pk, supplier_codes=[], now=NOW
    )
    # A second hold of the same decision changes nothing; the ban's end frees the agency and revives nothing.
    hold = AgencyHold.objects.get()
    services.hold_agency(agency_id=firm.agency.pk, reference=hold.reference, reason="x", until=hold.until, now=NOW)
    sanctions.sweep_due(now=NOW + timedelta(days=366))
    ban.refresh_from_db()
    assert (ban.state, public.agency_page(agency_id=firm.agency.pk).is_banned) == ("ended", False)
    assert dict(Agreement.objects.values_list("pk", "state")) == {filed.pk: S.ENDED, started.pk: S.COMPLETED}


def test_two_bans_hold_until_the_last_one_ends(firm: made.Firm) -> None:
    for number in (1, 2):
        services.hold_agency(agency_id=firm.agency.pk, reference=f"CF{number}", reason="x", until=NOW.date(), now=NOW)
    services.release_agency(agency_id=firm.agency.pk, reference="CF1", now=NOW)
    assert public.agency_page(agency_id=firm.agency.pk).is_banned
    services.release_agency(agency_id=firm.agency.pk, reference="CF2", now=NOW)
    assert not public.agency_page(agency_id=firm.agency.pk).is_banned


def test_no_agency_leaves_the_list_with_agreements_open(firm: made.Firm, buyer: made.Buyer) -> None:
    row = buyer.agreement(firm, now=NOW)
    with pytest.raises(services.AgreementsOpen):
        services.deregister(actor=firm.actor, hand_over="测试第一中学", now=NOW)
    services.end_agreement(actor=actor_of(buyer.administrator), agreement_id=row.pk, reason="采购取消", now=NOW)
    services.deregister(actor=firm.actor, hand_over="测试第一中学", now=NOW)


@pytest.mark.parametrize(
    "columns",
    [{"state": "ended", "end_reason": "", "finished_at": NOW}, {"state": "completed", "finished_at": NOW},
     {"ends_on": made.date(2026, 6, 1)}, {"evaluation_due_on": made.date(2026, 6, 1)}, {"state": "open"}],
)  # fmt: skip
def test_the_tables_refuse_what_cannot_be(firm: made.Firm, buyer: made.Buyer, columns: dict[str, Any]) -> None:
    row = buyer.agreement(firm, now=NOW)
    with pytest.raises(IntegrityError):
        Agreement.objects.filter(pk=row.pk).update(**columns)


@pytest.mark.parametrize(
    "columns", [{"score": 6}, {"score": 0}, {"state": "appealed"}, {"state": "kept", "appeal_reason": "x"}]
)
def test_an_evaluation_outside_the_rules_is_no_row(firm: made.Firm, buyer: made.Buyer, columns: dict[str, Any]) -> None:
    row = evaluated(firm, buyer)
    with pytest.raises(IntegrityError):
        Evaluation.objects.filter(pk=row.pk).update(**columns)

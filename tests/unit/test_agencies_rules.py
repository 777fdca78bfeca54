"""Rules of the agency library: the life of a registration, what is missing, the clock of a change."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.lifecycle import Lifecycle
from kernel.posts import Post
from kernel.problems import CalendarYearMissing
from kernel.working_days import Calendar
from shared_apps.agencies.rules.agreements import AGREEMENT
from shared_apps.agencies.rules.changes import change_due_on, is_late
from shared_apps.agencies.rules.checks import CHECK
from shared_apps.agencies.rules.content import CONTENT_FIELDS, Content, FileKind, Lack, missing
from shared_apps.agencies.rules.evaluations import EVALUATION
from shared_apps.agencies.rules.registration import REGISTRATION, AgencyState
from tests.factories.agencies import content

S = AgencyState
ALL_FILES = {FileKind.LICENCE, FileKind.OFFICE, FileKind.REVIEW_ROOM}
# A week off in October 2026, its Saturday before worked instead.
HOLIDAY = {date(2026, 10, day): False for day in range(1, 8)} | {date(2026, 9, 26): True}
CALENDAR = Calendar(days=HOLIDAY, years=frozenset({2026}))


@pytest.mark.parametrize("table", [REGISTRATION, AGREEMENT, EVALUATION, CHECK], ids=lambda table: table.name)
def test_the_diagram_of_the_readme_is_the_table_s(table: Lifecycle) -> None:
    readme = Path(__file__).parents[2] / "shared_apps" / "agencies" / "README.md"
    assert table.mermaid().strip() in readme.read_text("utf-8")


def test_states_and_actions() -> None:
    allowed = {
        (S.DRAFT, "submit"), (S.RETURNED, "submit"),
        (S.DRAFT, "withdraw"), (S.SUBMITTED, "withdraw"), (S.RETURNED, "withdraw"),
        (S.WITHDRAWN, "reopen"), (S.SUBMITTED, "publish"), (S.SUBMITTED, "return"), (S.PUBLISHED, "deregister"),
    }  # fmt: skip
    assert {(state, action) for state, action, may in REGISTRATION.product() if may} == allowed


@pytest.mark.parametrize(
    ("state", "post", "actions"),
    [
        (S.SUBMITTED, Post.REGION_SUPERVISOR, {"publish", "return"}),
        (S.SUBMITTED, Post.AGENCY_MANAGER, {"withdraw"}),
        (S.SUBMITTED, Post.AGENCY_CLERK, set()),
        (S.SUBMITTED, Post.PLATFORM_OPERATOR, set()),
        (S.PUBLISHED, Post.REGION_SUPERVISOR, {"deregister"}),
    ],
)
def test_who_may_do_what(state: str, post: Post, actions: set[str]) -> None:
    assert {move.action for move in REGISTRATION.actions(state, [post])} == actions


def test_complete_content_lacks_nothing() -> None:
    assert missing(content=content(), staff=5, files=ALL_FILES) == {}


@pytest.mark.parametrize(
    ("changes", "staff", "files", "found"),
    [
        ({"address": ""}, 5, ALL_FILES, {"address": Lack.EMPTY}),
        ({}, 4, ALL_FILES, {"staff": Lack.FEW_STAFF}),
        ({"office_is_independent": False}, 5, ALL_FILES, {"office_is_independent": Lack.OFFICE}),
        ({"has_recording": False}, 5, ALL_FILES, {"has_recording": Lack.RECORDING}),
        ({"review_room_address": ""}, 5, ALL_FILES, {"review_room_address": Lack.ROOM}),
        ({"has_review_room": False}, 5, ALL_FILES, {"has_review_room": Lack.NO_ROOM}),
        ({"division_code": ""}, 5, ALL_FILES, {"division_code": Lack.DIVISION}),
        ({}, 5, {FileKind.LICENCE, FileKind.OFFICE}, {"files": Lack.FILE}),
    ],
)  # fmt: skip
def test_what_is_missing(changes: dict[str, object], staff: int, files: set[str], found: dict[str, str]) -> None:
    assert missing(content=content(**changes), staff=staff, files=files) == found


def test_without_a_review_room_no_equipment_is_asked_for() -> None:
    plain = content(has_review_room=False, review_room_address="", has_recording=False)
    assert missing(content=plain, staff=5, files={FileKind.LICENCE, FileKind.OFFICE}) == {}


def test_an_agency_of_another_province_files_nothing_anew() -> None:
    """It asks for permission to operate here: who it is, how to reach it, where it is at home, and its licence."""
    guest = Content(
        name="测试·外省代理", legal_representative="某某", address="成都市", contact_name="某某",
        contact_phone="028-1234567", home_province="510000",
    )  # fmt: skip
    assert missing(content=guest, staff=0, files={FileKind.LICENCE}) == {}
    at_home = Content(**{name: getattr(guest, name) for name in CONTENT_FIELDS if name != "home_province"})
    assert set(missing(content=at_home, staff=0, files=set())) == {
        "division_code", "office_address", "office_is_independent", "staff", "files",
    }  # fmt: skip


def test_differences_name_the_fields_that_differ() -> None:
    assert content().differences(content(address="新地址")) == [("address", content().address, "新地址")]


@pytest.mark.parametrize(
    ("happened_on", "due_on"),
    [
        (date(2026, 6, 1), date(2026, 6, 15)),  # a Monday; nothing but weekends between
        (date(2026, 6, 6), date(2026, 6, 19)),  # a Saturday counts no more than the Friday before it
        (date(2026, 9, 24), date(2026, 10, 14)),  # over the holiday, with its make-up Saturday
    ],
)
def test_ten_working_days_without_the_day_it_happened(happened_on: date, due_on: date) -> None:
    assert change_due_on(happened_on=happened_on, calendar=CALENDAR) == due_on
    assert not is_late(due_on=due_on, reported_on=due_on)
    assert is_late(due_on=due_on, reported_on=due_on + timedelta(days=1))


@pytest.mark.parametrize("happened_on", [date(2025, 12, 30), date(2026, 12, 25), date(2024, 5, 1)])
def test_a_year_that_is_not_loaded_is_refused(happened_on: date) -> None:
    with pytest.raises(CalendarYearMissing):
        change_due_on(happened_on=happened_on, calendar=CALENDAR)


@given(st.dates(date(2026, 1, 1), date(2026, 11, 30)))
def test_the_period_holds_exactly_ten_working_days(happened_on: date) -> None:
    due_on = change_due_on(happened_on=happened_on, calendar=CALENDAR)
    assert CALENDAR.working_days_between(happened_on, due_on) == 10
    assert CALENDAR.is_working_day(due_on)

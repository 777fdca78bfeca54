"""Rules of the supplier library: spellings of names, check digits, periods, who collects, the application's table."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.exceptions import ValidationError
from stdnum.cn import uscc

from kernel.inputs import UsccField
from kernel.posts import Post
from shared_apps.suppliers.rules import APPLICATION_LIFECYCLE, ApplicationState, Terms, standing_with_holds
from shared_apps.suppliers.rules.application import collecting_level, missing_documents
from shared_apps.suppliers.rules.names import address_key, name_key, phone_key
from shared_apps.suppliers.rules.terms import SHIPPED, confirm_by, terms_on, warning_level
from shared_apps.suppliers.serializers import ShareField

README = Path(__file__).parents[2] / "shared_apps" / "suppliers" / "README.md"
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
BODIES = st.builds(
    lambda head, division, rest: head + division + rest,
    st.sampled_from(["91", "92", "12", "A1", "N2", "Y1"]),
    st.integers(100000, 999999).map(str),
    st.text(alphabet=ALPHABET, min_size=9, max_size=9),
)
WORDS = st.text(min_size=1, max_size=20)


@given(body=BODIES, place=st.integers(8, 16), other=st.sampled_from(ALPHABET))
def test_one_wrong_character_of_a_credit_code_is_noticed(body: str, place: int, other: str) -> None:
    """GB 32100-2015: the modulus is a prime and no weight is divisible by it, so each single change shows."""
    code = body + uscc.calc_check_digit(body)
    assert UsccField().run_validation(code.lower()) == code
    if other == code[place]:
        return
    with pytest.raises(ValidationError):
        UsccField().run_validation(code[:place] + other + code[place + 1 :])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("测试（新疆）商贸有限公司", "测试(新疆)商贸有限公司"),
        ("ＡＢＣ 商贸", "abc商贸"),
        ("阿布都·热合曼", "阿布都热合曼"),
    ],
)
def test_names_are_compared_without_signs(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("新疆维吾尔自治区乌鲁木齐市天山区 1 号", "乌鲁木齐市天山区1号"),
        ("中国新疆喀什市人民路１号", "喀什市人民路1号"),
        ("喀什市人民路1号，2室", "喀什市人民路1号2室"),
    ],
)
def test_addresses_are_compared_without_the_region(one: str, other: str) -> None:
    assert address_key(one) == address_key(other)
    assert address_key("喀什市人民路1号") != address_key("喀什市人民路11号")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("+86 139 0000 0000", "13900000000"),
        ("0086-0991-1234567", "0991 1234567"),
        ("８６１３９００００００００", "13900000000"),
    ],
)
def test_telephones_are_compared_by_their_digits(one: str, other: str) -> None:
    assert phone_key(one) == phone_key(other)
    assert phone_key("8612345") == "8612345"


@given(text=WORDS)
def test_keys_have_one_spelling(text: str) -> None:
    for key in (name_key, address_key, phone_key):
        assert key(key(text)) == key(text)


@given(expires_on=DAYS, today=DAYS)
def test_warnings_only_rise_as_days_pass(expires_on: date, today: date) -> None:
    levels = [
        warning_level(expires_on=expires_on, today=today + timedelta(days=passed), terms=SHIPPED)
        for passed in (0, 1, 9)
    ]
    assert levels == sorted(levels)
    assert (levels[0] == 3) == (today > expires_on)


@given(day=DAYS, months=st.integers(1, 60))
def test_a_confirmation_is_good_for_whole_months(day: date, months: int) -> None:
    due = confirm_by(confirmed_on=day, months=months)
    assert (due.year * 12 + due.month) - (day.year * 12 + day.month) == months
    assert due.day == day.day or (due + timedelta(days=1)).day == 1


def test_the_newest_terms_that_have_begun_count() -> None:
    first, second = Terms(1, date(2026, 5, 1)), Terms(2, date(2026, 7, 1))
    assert terms_on(date(2026, 4, 30), [first, second]) == SHIPPED
    assert terms_on(date(2026, 5, 1), [second, first]) == first
    assert terms_on(date(2026, 7, 1), [second, first]) == second


def test_the_own_level_collects_then_the_prefecture_then_the_region() -> None:
    levels = {"653100": "653100", "653101": "653101"}
    ask = lambda code: collecting_level(division_code=code, prefecture_code="653100", levels=levels)  # noqa: E731
    assert (ask("653101"), ask("653121")) == ("653101", "653100")
    assert collecting_level(division_code="650102", prefecture_code="650100", levels=levels) == ""


def test_a_licence_is_asked_of_everybody() -> None:
    assert missing_documents(held={"permit"}) == ("licence",)
    assert missing_documents(held={"licence"}) == ()


@given(holds=st.lists(st.integers(), max_size=3), standing=st.sampled_from(["under_review", "refused", "removed"]))
def test_holds_move_nobody_in_or_out_of_the_library(holds: list[int], standing: str) -> None:
    assert standing_with_holds(standing=standing, open_holds=holds) == standing
    for inside in ("admitted", "suspended"):
        assert standing_with_holds(standing=inside, open_holds=holds) == ("suspended" if holds else "admitted")


@pytest.mark.parametrize("text", ["0", "100.01", "1e1", "-1", "１", "1.234", "33,3", " 1", "1_0", "9999"])
def test_shares_that_cannot_be(text: str) -> None:
    with pytest.raises(ValidationError):
        ShareField().run_validation(text)


def test_shares_as_they_are_kept() -> None:
    assert [ShareField().run_validation(text) for text in ("51", "33.3", "100", "")] == ["51.00", "33.30", "100.00", ""]


def test_the_readme_draws_the_application_s_table() -> None:
    assert APPLICATION_LIFECYCLE.mermaid() in README.read_text(encoding="utf-8")


def test_who_may_do_what_in_which_state_of_an_application() -> None:
    S = ApplicationState
    allowed = {
        (state, move.action)
        for state in S
        for move in APPLICATION_LIFECYCLE.actions(state, [Post.CPB_OPERATOR])
    }  # fmt: skip
    assert allowed == {(S.SUBMITTED, "pass"), (S.SUBMITTED, "return"), (S.SUBMITTED, "refuse")}
    region = {
        (state, move.action)
        for state in S
        for move in APPLICATION_LIFECYCLE.actions(state, [Post.REGION_SUPERVISOR])
    }  # fmt: skip
    assert region - allowed == {(S.VETTED, "approve"), (S.VETTED, "return"), (S.VETTED, "refuse")}

"""Search tokens, delivery areas and the offers' table, without a database."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_apps.products.rules import (
    OFFER_LIFECYCLE,
    OPEN_STATES,
    area_ladder,
    area_price,
    as_tsquery,
    as_tsvector,
    full_division_code,
    haystack,
    index_tokens,
    normalised,
    query_runs,
    query_tokens,
    runs,
)

ALPHABET = "复印纸打克包张Ａ４a4B5tf-01 /·（）70500ئۇي"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A4复印纸 70克", ["a4", "复印纸", "70", "克"]),
        ("Ａ４　复印纸", ["a4", "复印纸"]),
        ("TF-01001", ["tf", "01001"]),
        ("_%'\\&|!", []),
        ("", []),
    ],
)
def test_runs_end_where_the_script_changes(text: str, found: list[str]) -> None:
    assert runs(text) == found


def test_one_letter_asks_for_itself_and_more_for_bigrams() -> None:
    assert query_tokens("纸") == ["纸"]
    assert query_tokens("复印纸") == ["复印", "印纸"]
    assert query_tokens("a4") == ["a4"]
    assert as_tsquery(query_tokens("复印纸 a")) == "'复印' & '印纸' & 'a'"
    assert index_tokens("复印 a45") == sorted(["复", "印", "复印", "a", "4", "5", "a4", "45", "a45"])
    assert as_tsvector(["a", "b"]) == "'a' 'b'"


@given(st.text(alphabet=ALPHABET, max_size=30), st.data())
def test_every_part_of_a_text_finds_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    part = text[start : start + data.draw(st.integers(1, 6))]
    assert set(query_tokens(part)) <= set(index_tokens(text))
    assert all(run in haystack([text]) for run in query_runs(part))


@given(st.text(max_size=200))
def test_tokens_are_letters_and_digits_whatever_is_typed(text: str) -> None:
    for token in [*index_tokens(text), *query_tokens(text)]:
        assert token
        assert not set(token) & set("'\\ %_&|!():*<>\0")
    assert normalised(normalised(text)) == normalised(text)


@pytest.mark.parametrize(
    ("code", "ladder"),
    [
        ("653101", ("653101", "653100", "650000")),
        ("653100", ("653100", "650000")),
        ("650000", ("650000",)),
        ("659001", ("659001", "659000", "650000")),
    ],
)
def test_areas_are_looked_up_nearest_first(code: str, ladder: tuple[str, ...]) -> None:
    assert area_ladder(code) == ladder


def test_the_nearest_area_decides() -> None:
    one, two = (Decimal(1), Decimal(0)), (Decimal(2), Decimal(0))
    assert area_price({"650000": one, "653100": two}, area_ladder("653101")) == two
    assert area_price({"650000": one, "653100": two}, area_ladder("650102")) == one
    assert area_price({"653100": two}, area_ladder("650102")) is None


def test_prefixes_become_codes() -> None:
    assert [full_division_code(p) for p in ("65", "6531", "653101")] == ["650000", "653100", "653101"]
    for wrong in ("6", "653", "65310", "6531011", "6５", ""):
        with pytest.raises(ValueError, match="prefix"):
            full_division_code(wrong)


def test_every_state_and_action_of_an_offer() -> None:
    allowed = {(state, action) for state, action, can in OFFER_LIFECYCLE.product() if can}
    assert ("frozen", "unfreeze") in allowed
    assert ("listed", "ask_price") in allowed
    assert ("delisted", "approve") not in allowed
    assert len(allowed) == 21
    # A rejected offer may come back by an appeal; until then its supplier may offer the product anew.
    assert set(OPEN_STATES) == set(OFFER_LIFECYCLE.states) - set(OFFER_LIFECYCLE.terminal) - {"rejected"}

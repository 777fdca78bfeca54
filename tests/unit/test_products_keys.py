"""What makes two products one: the key forgives what a reader overlooks and keeps what makes another product."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_apps.products.rules import identity_key, looks_like, part_key

WORDS = st.text(alphabet="abcXYZ复印纸硒鼓019.,-+/ ×", max_size=20)


def _full_width(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


@given(st.text(max_size=40))
def test_a_key_is_its_own_key(text: str) -> None:
    assert part_key(part_key(text)) == part_key(text)
    assert "|" not in part_key(text)


@given(WORDS)
def test_case_width_and_outer_blanks_do_not_count(text: str) -> None:
    assert part_key(text) == part_key(text.upper()) == part_key(_full_width(text)) == part_key(f"　{text} ")


@given(WORDS, st.sampled_from([" ", "-", "—", "、", "/", "\u200b", "_", "（"]), st.integers(0, 20))
def test_a_sign_counts_only_between_digits(text: str, sign: str, at: int) -> None:
    left, right = text[:at], text[at:]
    near = (part_key(left)[-1:], part_key(right)[:1])
    if not (near[0].isdigit() and near[1].isdigit()) and not {*left[-1:], *right[:1]} & set(".,-/ ×"):
        assert part_key(left + sign + right) == part_key(text)


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_another_number_is_another_product(one: int, other: int) -> None:
    keys = [identity_key(brand="天峰", model=f"TF-{number}", spec="500张") for number in (one, other)]
    assert (keys[0] == keys[1]) == (one == other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ＴＦ－０１００１", "tf 01001"),
        ("Т14 Рro", "T14 Pro"),  # Cyrillic T and P
        ("1,000张", "1000张"),
        ("1200*600*750mm", "1200×600×750 MM"),
        ("80㎡", "80m2"),
        ("A4（70克）", "a4 70克"),
        ("X\u200b100", "X100"),
    ],
)
def test_written_otherwise_and_the_same(one: str, other: str) -> None:
    assert part_key(one) == part_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("1.5kg", "15kg"), ("A4 70克", "A470克"), ("Pro", "Pro+"), ("10-20", "1020"), ("TF-O1", "TF-01")],
)
def test_written_alike_and_another(one: str, other: str) -> None:
    assert part_key(one) != part_key(other)


@pytest.mark.parametrize(("one", "other"), [("TF-O1", "TF-01"), ("XL1S", "XLl5"), ("TF1.5", "TF15")])
def test_what_is_worth_a_second_look(one: str, other: str) -> None:
    assert looks_like(part_key(one)) == looks_like(part_key(other))


def test_parts_do_not_run_into_each_other() -> None:
    assert identity_key(brand="天峰", model="A1", spec="2") != identity_key(brand="天峰", model="A", spec="12")

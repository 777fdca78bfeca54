from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.money import MAX_AMOUNT, line_amount, parse_amount, round_half_up, split_in_proportion, yuan

amounts = st.decimals(min_value=0, max_value=MAX_AMOUNT, places=2)


@pytest.mark.parametrize(
    ("text", "amount"),
    [("0", "0.00"), ("12", "12.00"), ("12.3", "12.30"), ("12.30", "12.30"), ("9999999999999999.99", str(MAX_AMOUNT))],
)
def test_amounts_are_read(text: str, amount: str) -> None:
    assert str(parse_amount(text)) == amount


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " 1",
            "1 ",
            "1\n",
            "+1",
            "-1",
            "-0",
            ".5",
            "5.",
            "1.234",
            "0.001",
            "1_000",
            "1,000",
            "1e3",
            "1e999",
            "NaN",
        ),
        *("Infinity", "１２", "١٢", "12345678901234567", "9" * 5000, "0x10", "\0", "1\u200b", "¥1"),
    ],
)
def test_other_spellings_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="an amount is"):
        parse_amount(text)


@pytest.mark.parametrize("value", [1.5, True, None, Decimal("NaN"), Decimal("Infinity"), Decimal("0.001"), 10**16])
def test_yuan_never_rounds_nor_guesses(value: object) -> None:
    with pytest.raises(ValueError, match="amount"):
        yuan(value)  # type: ignore[arg-type]


def test_yuan_takes_exact_values_of_either_sign() -> None:
    assert [str(yuan(value)) for value in ("-3", 7, Decimal("1E+2"), "0.10")] == ["-3.00", "7.00", "100.00", "0.10"]
    assert str(yuan(Decimal("-0"))) == "0.00"
    assert str(yuan("-0.00")) == "0.00"


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [("0.005", "0.01"), ("0.0049", "0.00"), ("-0.005", "-0.01"), ("-0.001", "0.00"), ("2.675", "2.68")],
)
def test_halves_are_rounded_away_from_zero(exact: str, rounded: str) -> None:
    assert str(round_half_up(Decimal(exact))) == rounded


def test_a_line_is_rounded_once() -> None:
    assert line_amount(price=Decimal("0.335"), quantity=3) == Decimal("1.01")
    assert line_amount(price=MAX_AMOUNT, quantity=1) == MAX_AMOUNT
    with pytest.raises(ValueError, match="too large"):
        line_amount(price=MAX_AMOUNT, quantity=2)


def test_missing_cents_go_to_the_largest_remainders_then_to_the_earlier() -> None:
    assert split_in_proportion(Decimal("100.00"), [1, 1, 1]) == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]
    assert split_in_proportion(Decimal("0.01"), [1, 2]) == [Decimal("0.00"), Decimal("0.01")]
    assert split_in_proportion(Decimal("0.00"), [0, 5]) == [Decimal("0.00"), Decimal("0.00")]


@pytest.mark.parametrize(("total", "weights"), [("1.00", []), ("1.00", [0]), ("1.00", [2, -1]), ("-1.00", [1])])
def test_senseless_splits_are_refused(total: str, weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weight"):
        split_in_proportion(Decimal(total), weights)


@settings(max_examples=150)
@given(amounts, st.lists(st.integers(min_value=0, max_value=10**9), min_size=1, max_size=12).filter(any))
def test_parts_add_up_and_stay_within_a_cent_of_their_share(total: Decimal, weights: list[int]) -> None:
    parts = split_in_proportion(total, weights)
    assert sum(parts) == total
    cents = int(total * 100)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(int(part * 100) * sum(weights) - cents * weight) < sum(weights)


@settings(max_examples=100)
@given(amounts)
def test_what_is_written_is_read_back(amount: Decimal) -> None:
    assert parse_amount(str(amount)) == amount

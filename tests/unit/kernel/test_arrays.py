"""One parameter for many values: PostgreSQL's text of an array."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kernel.arrays import array_text


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ([], "{}"),
        ([""], '{""}'),
        ([1, -2], '{"1","-2"}'),
        ([Decimal("0.50"), date(2026, 11, 1)], '{"0.50","2026-11-01"}'),
        (["a,b", "{}", "NULL", 'say "x"', "c:\\"], r'{"a,b","{}","NULL","say \"x\"","c:\\"}'),
    ],
)
def test_values_stand_quoted_and_in_order(values: list[object], text: str) -> None:
    assert array_text(values) == text


def test_a_nul_never_makes_two_values_of_one() -> None:
    with pytest.raises(ValueError, match="NUL"):
        array_text(["a\0b"])

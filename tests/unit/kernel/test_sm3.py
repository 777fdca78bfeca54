from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.sm3 import canonical_json, sm3, sm3_hex


def test_the_standards_two_examples() -> None:
    """GB/T 32905-2016, appendix A."""
    assert sm3_hex(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert sm3_hex(b"abcd" * 16) == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
    assert len(sm3(b"")) == 32


def test_the_canonical_form_is_sorted_bare_and_composed() -> None:
    assert canonical_json({"b": [1, True, None], "a": "e\u0301喀什"}) == '{"a":"é喀什","b":[1,true,null]}'.encode()


@pytest.mark.parametrize("value", [1.5, Decimal("1.50"), {1: 2}, b"x", {"a": {"b"}}])
def test_values_without_one_spelling_are_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical_json(value)


def test_keys_that_become_one_are_refused() -> None:
    with pytest.raises(ValueError, match="same text"):
        canonical_json({"é": 1, "e\u0301": 2})


@settings(max_examples=60)
@given(st.dictionaries(st.text(st.characters(codec="ascii"), max_size=5), st.integers(), max_size=6))
def test_order_of_keys_does_not_matter(value: dict[str, int]) -> None:
    assert canonical_json(value) == canonical_json(dict(reversed(value.items())))

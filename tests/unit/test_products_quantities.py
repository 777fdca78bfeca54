"""Whole packs: what can be ordered, and what lies next to what cannot."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shared_apps.products.rules import QUANTITY_MAX, is_orderable, least_orderable, nearest_orderable

some = st.integers(1, 40) | st.integers(1, QUANTITY_MAX)


@given(quantity=some, least=some, pack=some)
def test_the_nearest_are_orderable_and_nothing_lies_between(quantity: int, least: int, pack: int) -> None:
    lower, higher = nearest_orderable(quantity, least=least, pack=pack)
    for near in (lower, higher):
        assert near is None or is_orderable(near, least=least, pack=pack)
    assert (lower == higher == quantity) == is_orderable(quantity, least=least, pack=pack)
    assert lower is None or 0 <= quantity - lower < pack or lower == QUANTITY_MAX // pack * pack
    assert higher is None or 0 <= higher - quantity < pack or higher == least_orderable(least=least, pack=pack)
    if least_orderable(least=least, pack=pack) <= QUANTITY_MAX:
        assert lower is not None or higher is not None


def test_by_the_piece_and_by_the_dozen() -> None:
    assert nearest_orderable(4, least=5, pack=1) == (None, 5)
    assert nearest_orderable(25, least=20, pack=12) == (24, 36)
    assert nearest_orderable(13, least=20, pack=12) == (None, 24)
    assert nearest_orderable(999_999, least=1, pack=2) == (999_998, None)
    assert nearest_orderable(5, least=999_999, pack=2) == (None, None)

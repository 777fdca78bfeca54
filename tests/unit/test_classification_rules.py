"""Item codes: level, kind and kinship follow from the code."""

from __future__ import annotations

import pytest

from shared_apps.classification.rules import Kind, is_item_code, is_within, kind_of, level_of


@pytest.mark.parametrize(
    ("code", "level", "kind"),
    [
        ("A", 0, Kind.GOODS),
        ("A02000000", 1, Kind.GOODS),
        ("A02010105", 4, Kind.GOODS),
        ("B01000000", 1, Kind.WORKS),
        ("C23120300", 3, Kind.SERVICES),
        ("C1804010201", 5, Kind.SERVICES),
    ],
)
def test_level_and_kind(code: str, level: int, kind: Kind) -> None:
    assert (level_of(code), kind_of(code)) == (level, kind)


@pytest.mark.parametrize("code", ["", "D01000000", "A0201", "A0201010", "a02010105", "A０2010105", "A02010105\n"])
def test_what_is_no_code(code: str) -> None:
    assert not is_item_code(code)
    with pytest.raises(ValueError, match="item code"):
        level_of(code)


def test_kinship_follows_the_digits() -> None:
    assert is_within("A02010105", "A02010000")
    assert is_within("A02010105", "A")
    assert is_within("A02010105", "A02010105")
    assert not is_within("A02020105", "A02010000")

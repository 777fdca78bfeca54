"""Pinyin, initials and slips: what was meant by a word that nothing holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_apps.products.rules.words import by_initials, by_sound, closest, distance, initials, meant, syllables

WORDS = ("A4 复印纸", "重型订书机", "行车记录仪", "长尾夹", "商用台式计算机", "激光打印机", "天峰", "银行专用袋")


@pytest.mark.parametrize(
    ("word", "letters"),
    [
        # One character, two readings: the phrase decides.
        ("行车记录仪", "xcjly"),
        ("银行专用袋", "yhzyd"),
        ("长尾夹", "cwj"),
        ("重型订书机", "zxdsj"),
        ("音乐播放器", "yybfq"),
        ("快乐农家", "klnj"),
        ("Ａ4 复印纸", "a4 fyz"),
    ],
)
def test_initials_are_those_of_the_phrase(word: str, letters: str) -> None:
    assert initials(word) == letters


@pytest.mark.parametrize(
    ("written", "first"),
    [
        ("fyz", "复印纸"),
        ("fuyinzhi", "复印纸"),
        ("jsj", "计算机"),
        ("tf", "天峰"),
        ("富印纸", "复印纸"),
        ("复印只", "复印纸"),
        ("订书基", "订书机"),
        ("打印及", "打印机"),
        ("复卬纸", "复印纸"),
        ("复纸印", "复印纸"),
    ],
)
def test_what_was_meant(written: str, first: str) -> None:
    assert meant(written, WORDS)[0] == first


def test_nothing_is_meant_by_what_is_far_from_everything() -> None:
    assert meant("没有这个", WORDS) == []
    assert meant("qqqq", WORDS) == []
    assert meant("纸", WORDS) == []
    assert closest("复印纸", "A4 复印纸") is None


@given(st.text(alphabet="复印纸打机天峰A4 -", max_size=20))
def test_every_part_of_a_word_is_found_by_its_initials_and_its_sound(word: str) -> None:
    spoken = syllables(word)
    assert len(spoken) == len(initials(word))
    if any(not one.isascii() for one in word):
        at = next(place for place, one in enumerate(" ".join(word.split())) if not one.isascii())
        end = min(len(spoken), at + 3)
        part = "".join(" ".join(word.split()).lower()[at:end])
        assert part in by_initials(initials(word)[at:end], word)
        assert part in by_sound("".join(spoken[at:end]), word)


@given(st.text(max_size=6), st.text(max_size=6))
def test_distance_is_a_distance(one: str, other: str) -> None:
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) == (one == other)
    assert distance(one, other) <= max(len(one), len(other))

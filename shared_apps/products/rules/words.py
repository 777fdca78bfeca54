"""How words are spoken and what was meant by one: pinyin, initials, and words that are one slip away. Pure.

A word's syllables stand one to a character, so that a part of the sound is a part of the word: of 商用台式计算机 the
letters `jsj` are 计算机. Readings are the phrase's (行 is hang in 银行, xing in 行车记录仪).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from pypinyin import lazy_pinyin, load_phrases_dict

from shared_apps.products.rules.texts import normalised

WORD_LENGTH_MAX = 40
# What the dictionary of phrases does not know and gets wrong character by character.
load_phrases_dict({"长尾夹": [["cháng"], ["wěi"], ["jiā"]], "长尾票夹": [["cháng"], ["wěi"], ["piào"], ["jiā"]]})


@lru_cache(maxsize=4096)
def syllables(word: str) -> tuple[str, ...]:
    """One for each character of the normalised word; what is not Chinese stands for itself."""
    return tuple(lazy_pinyin(normalised(word), errors=list))  # type: ignore[arg-type]  # a list is taken too


def initials(word: str) -> str:
    """复印纸 -> fyz, one letter to a character."""
    return "".join(syllable[:1] or " " for syllable in syllables(word))


def by_initials(letters: str, word: str) -> Iterator[str]:
    """The parts of the word whose characters begin with these letters."""
    text, first = normalised(word), initials(word)
    at = first.find(letters)
    while at >= 0:
        part = text[at : at + len(letters)]
        if not part.isascii():
            yield part
        at = first.find(letters, at + 1)


def by_sound(sounds: str, word: str) -> Iterator[str]:
    """The parts of the word that are spoken like this, the syllables written together."""
    text, spoken = normalised(word), syllables(word)
    for start in range(len(spoken)):
        said = ""
        for end in range(start, len(spoken)):
            said += spoken[end]
            if len(said) >= len(sounds):
                if said == sounds and not text[start : end + 1].isascii():
                    yield text[start : end + 1]
                break


def slips_allowed(run: str) -> int:
    """How many letters of a run may be wrong, missing or too many."""
    return 0 if len(run) < 2 else 1 if len(run) < 5 else 2


def closest(run: str, word: str) -> tuple[int, str] | None:
    """(slips, part) for the part of the word nearest to the run; None when none is near enough, or it is in there."""
    most, best = slips_allowed(run), None
    if run in normalised(word):
        return None
    for piece in normalised(word).split():
        for length in range(max(2, len(run) - most), len(run) + most + 1):
            for start in range(len(piece) - length + 1):
                part = piece[start : start + length]
                slips = distance(run, part)
                if slips <= most and (best is None or (slips, abs(length - len(run))) < best[0]):
                    best = ((slips, abs(length - len(run))), part)
    return (best[0][0], best[1]) if best else None


def distance(one: str, other: str) -> int:
    """Letters to put in, take out, replace or swap with a neighbour (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, start=1):
        older, before, row = before, row, [i]
        for j, right in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]


def meant(run: str, words: Iterable[str]) -> list[str]:
    """What a run that finds nothing may have meant, most likely first: same sound, initials, fewest slips."""
    ranked: dict[str, tuple[int, int]] = {}

    def take(part: str, rank: int) -> None:
        if part != run:
            key = (rank, len(part))
            ranked[part] = min(ranked.get(part, key), key)

    latin = run.isascii() and run.isalpha()
    said = run if latin else "".join(syllables(run))
    for word in words:
        for part in by_sound(said, word):
            take(part, 0)
        if latin and len(run) > 1:
            for part in by_initials(run, word):
                take(part, 1)
        near = closest(run, word)
        if near:
            take(near[1], 1 + near[0])
    return sorted(ranked, key=lambda part: (*ranked[part], part))

"""A version's and a signature's process, amounts in words, the tenth of art. 49; documents that come out the same."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from kernel.lifecycle import Lifecycle, WrongState
from tenant_apps.contracts.rules import (
    BINDING,
    PUBLIC,
    SIGNABLE,
    SIGNATURE_LIFECYCLE,
    UNSIGNED,
    VERSION_LIFECYCLE,
    VersionState,
    in_words,
    number_stem,
    retry_at,
    supplement_room,
    version_number,
)
from webkit.documents import CharactersMissing, missing_characters, render

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
OF_VERSIONS = {
    ("draft", "rework"): "draft",
    ("draft", "offer"): "offered",
    ("draft", "withdraw"): "withdrawn",
    ("offered", "supersede"): "superseded",
    ("offered", "withdraw"): "withdrawn",
    ("offered", "ask_to_sign"): "offered",
    ("offered", "sign_first"): "part_signed",
    ("part_signed", "supersede"): "superseded",
    ("part_signed", "withdraw"): "withdrawn",
    ("part_signed", "ask_to_sign"): "part_signed",
    ("part_signed", "sign_last"): "signed",
    ("signed", "publish"): "published",
    ("published", "file"): "filed",
}
OF_SIGNATURES = {
    ("requested", "send"): "sent",
    ("requested", "refuse"): "refused",
    ("requested", "lapse"): "lapsed",
    ("sent", "confirm"): "signed",
    ("sent", "refuse"): "refused",
    ("sent", "lapse"): "lapsed",
}


@pytest.mark.parametrize(
    ("table", "expected"), [(VERSION_LIFECYCLE, OF_VERSIONS), (SIGNATURE_LIFECYCLE, OF_SIGNATURES)]
)
def test_every_state_with_every_action(table: Lifecycle, expected: dict[tuple[str, str], str]) -> None:
    for state, action, allowed in table.product():
        assert allowed is ((state, action) in expected)
        if allowed:
            assert table.next(state, action).target == expected[state, action]
        else:
            with pytest.raises(WrongState):
                table.next(state, action)


def test_the_diagrams_of_the_readme_are_the_tables() -> None:
    readme = (Path(__file__).resolve().parents[2] / "tenant_apps/contracts/README.md").read_text(encoding="utf-8")
    for table in (VERSION_LIFECYCLE, SIGNATURE_LIFECYCLE):
        assert f"```mermaid\n{table.mermaid()}```" in readme


def test_a_version_is_unsigned_binding_or_given_up() -> None:
    assert set(VersionState) == UNSIGNED | BINDING | {"withdrawn", "superseded"}
    assert SIGNABLE < UNSIGNED
    assert PUBLIC < BINDING


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0.05", "人民币伍分"), ("10.00", "人民币壹拾元整"), ("10300.50", "人民币壹万零叁佰元伍角整"),
        ("100000.01", "人民币壹拾万元零壹分"), ("1050.00", "人民币壹仟零伍拾元整"), ("100000000.00", "人民币壹亿元整"),
        ("10010010.10", "人民币壹仟零壹万零壹拾元壹角整"), ("0.00", "人民币零元整"),
        ("46764.32", "人民币肆万陆仟柒佰陆拾肆元叁角贰分"),
        ("1234567890123.45", "人民币壹万亿贰仟叁佰肆拾伍亿陆仟柒佰捌拾玖万零壹佰贰拾叁元肆角伍分"),
    ],
)  # fmt: skip
def test_amounts_in_words(amount: str, words: str) -> None:
    assert in_words(Decimal(amount)) == words


def test_all_supplements_together_are_a_tenth_to_the_cent() -> None:
    room = supplement_room(main=Decimal("999.99"), supplements=[Decimal("40.00"), Decimal("20.00")])
    assert (room.most, room.left) == (Decimal("99.99"), Decimal("39.99"))


def test_numbers_and_retries() -> None:
    assert number_stem(tenant_code="653101", on=date(2026, 3, 2)) == "HT65310120260302"
    assert version_number(number="HT1", ordinal=1) == "HT1"
    assert version_number(number="HT1", ordinal=3) == "HT1-3"
    assert [retry_at(attempts=n, now=NOW) - NOW for n in (0, 1, 2, 5, 99)] == [
        timedelta(seconds=seconds) for seconds in (10, 10, 30, 600, 600)
    ]


def test_a_document_is_the_same_bytes_and_takes_text_for_text(tmp_path: Path) -> None:
    template = tmp_path / "paper.typ"
    template.write_text(
        "#set text(font: sys.inputs.font)\n#let d = json(bytes(sys.inputs.data))\n#d.said", encoding="utf-8"
    )
    data = {"said": '#panic("run") $x$ 〔2019〕7号 *不是标记*'}
    first = render(template=template, data=data, at=NOW)
    assert first == render(template=template, data=data, at=NOW)
    assert first.startswith(b"%PDF-")
    assert first != render(template=template, data=data, at=NOW + timedelta(seconds=1))
    assert missing_characters([{"a": "喆堃祎 ABC"}, ("😀", "ئۇيغۇر")]) == "😀ئۇيغر"
    with pytest.raises(CharactersMissing):
        render(template=template, data={"said": "😀"}, at=NOW)

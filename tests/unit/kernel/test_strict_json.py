from __future__ import annotations

import contextlib
import json
import time
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.problems import MalformedInput
from kernel.strict_json import BODY_BYTES_MAX, INTEGER_MAX, parse_json
from kernel.texts import forbidden_character

MANY_KEYS = "{" + ",".join(f'"k{n}":1' for n in range(10_001)) + "}"
TWO_OBJECTS_OF_MANY_KEYS = "[" + ",".join("{" + ",".join(f'"{n}":1' for n in range(5_001)) + "}" for _ in "ab") + "]"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"{} {}", "not JSON"),
        (b"{'a':1}", "not JSON"),
        (b'{"a":1,}', "not JSON"),
        (b'{"a":01}', "not JSON"),
        (b'{"a":+1}', "not JSON"),
        (b'{"a":1_000}', "not JSON"),
        (b'{"a":"\x01"}', "not JSON"),
        (b'{"a":"\\x"}', "not JSON"),
        (b'"\\', "not JSON"),
        ('{"a":１２}'.encode(), "not JSON"),
        ('{"a":١٢}'.encode(), "not JSON"),
        (b"\x00", "not JSON"),
        (b"\xef\xbb\xbf{}", "not JSON"),
        (b'{"a":"\xff"}', "not UTF-8"),
        (b'{"a":"\xc0\xaf"}', "not UTF-8"),  # overlong
        (b'{"a":"\xed\xa0\x80"}', "not UTF-8"),  # a surrogate in UTF-8
        ('{"a":1}'.encode("utf-16"), "not UTF-8"),
        (b'{"a":1,"a":2}', "a key occurs twice"),
        (b'{"a":1,"\\u0061":2}', "a key occurs twice"),
        (b'{"b":{"a":1,"a":1}}', "a key occurs twice"),
        (b'{"a":NaN}', "NaN and Infinity are not numbers here"),
        (b'{"a":Infinity}', "NaN and Infinity are not numbers here"),
        (b'{"a":-Infinity}', "NaN and Infinity are not numbers here"),
        (b'{"a":1e999}', "numbers are written without an exponent"),
        (b'{"a":1E2}', "numbers are written without an exponent"),
        (b'{"a":1e99999999}', "numbers are written without an exponent"),
        (b'{"a":-0}', "minus zero is not a number here"),
        (b'{"a":-0.00}', "minus zero is not a number here"),
        (f'{{"a":{2**63}}}'.encode(), "an integer is out of range"),
        (f'{{"a":{-(2**63)}}}'.encode(), "an integer is out of range"),
        (f'{{"a":{10**30}}}'.encode(), "an integer is out of range"),
        (f'{{"a":{"9" * 5000}}}'.encode(), "an integer is out of range"),
        (f'{{"a":0.{"9" * 5000}}}'.encode(), "a number is too long"),
        (b'{"a":"\\u0000"}', "forbidden character U+0000 in a text"),
        (b'{"\\u0000":1}', "forbidden character U+0000 in a key"),
        (b'["\\ud800"]', "forbidden character U+D800 in a text"),
        (b'{"\\udfff":1}', "forbidden character U+DFFF in a key"),
        (b'{"a":[{"b":"x\\u202ey"}]}', "forbidden character U+202E in a text"),
        ('{"a":"x\u200by"}'.encode(), "forbidden character U+200B in a text"),
        (b"[" * 33 + b"]" * 33, "nested deeper than 32"),
        (b"[" * 100, "nested deeper than 32"),
        (b'{"a":' * 1_000, "nested deeper than 32"),
        (b"[" * 100_000 + b"]" * 100_000, "nested deeper than 32"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "nested deeper than 32"),
        (MANY_KEYS.encode(), "more than 10,000 keys"),
        (TWO_OBJECTS_OF_MANY_KEYS.encode(), "more than 10,000 keys"),
        (b'{"' + b"k" * 201 + b'":1}', "a key is too long"),
        (b'"' + b"x" * 10_000_000 + b'"', "larger than 1 MiB"),
    ],
)
def test_bad_input_is_refused_with_its_reason(body: bytes, reason: str) -> None:
    with pytest.raises(MalformedInput) as refused:
        parse_json(body)
    assert refused.value.facts["reason"] == reason
    assert refused.value.status == 400


def test_good_input_is_read_exactly() -> None:
    body = (
        '{"a":[1,-2,0,true,null,12.30,0.1],"名":"喀什 ئۇيغۇرچە 😀","s":"\\ud83d\\ude00[{\\"","n":9223372036854775807}'
    )
    value = parse_json(body.encode())
    assert value == {
        "a": [1, -2, 0, True, None, Decimal("12.30"), Decimal("0.1")],
        "名": "喀什 ئۇيغۇرچە 😀",
        "s": '😀[{"',
        "n": INTEGER_MAX,
    }
    assert str(value["a"][5]) == "12.30"


def test_brackets_in_texts_are_no_depth_and_32_levels_are_read() -> None:
    assert parse_json(json.dumps("[{" * 1000).encode()) == "[{" * 1000
    assert parse_json(b"[" * 32 + b"]" * 32)
    assert len(parse_json(b'"' + b"x" * (BODY_BYTES_MAX - 2) + b'"')) == BODY_BYTES_MAX - 2


@pytest.mark.parametrize(
    "body",
    [b'"' + b'\\"' * 500_000, b'"' + b'\\"' * 500_000 + b"\\", b'"' * 1_000_000, b"\\" * 1_000_000, b'"\\' * 500_000],
)
def test_unterminated_texts_take_linear_time(body: bytes) -> None:
    started = time.process_time()
    with pytest.raises(MalformedInput):
        parse_json(body)
    assert time.process_time() - started < 2


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-INTEGER_MAX, INTEGER_MAX)
    | st.text().filter(lambda text: forbidden_character(text) is None),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abc喀", min_size=1, max_size=5), inner, max_size=4)
    ),
    max_leaves=20,
)


@settings(max_examples=100)
@given(json_values, st.booleans())
def test_whatever_is_clean_is_read_back(value: object, ascii_only: bool) -> None:
    assert parse_json(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


@settings(max_examples=200)
@given(st.binary(max_size=200) | st.text('[]{}",:\\u0d81e-+. ', max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with contextlib.suppress(MalformedInput):
        json.dumps(parse_json(body), default=str)


def test_the_forbidden_characters_agree_with_the_unicode_tables() -> None:
    for number in range(0x110000):
        char = chr(number)
        category = unicodedata.category(char)
        if (category in {"Cc", "Cf", "Cs"} and char not in "\t\n\r\u180e") or category in {"Zl", "Zp"}:
            assert forbidden_character(char) == f"U+{number:04X}"
        elif category in {"Lu", "Ll", "Nd", "Zs", "Po", "So"} and char not in "\u2800\ufffd":
            assert forbidden_character(char) is None, f"U+{number:04X}"


def test_scripts_of_the_region_pass() -> None:
    mongolian = ("ᠮᠣᠩᠭᠣᠯ", "ᠬᠠᠷ\u180eᠠ", "ᠣᠷᠳᠣ\u180b")
    for text in (*mongolian, "乌鲁木齐市", "ئۈرۈمچى شەھىرى", "Үрімжі қаласы", "Үрүмчү", "བོད་ཡིག", "龘𠮷㐂"):
        assert forbidden_character(text) is None

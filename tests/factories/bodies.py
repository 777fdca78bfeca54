"""Bodies made from the input serializers: right in every field, and wrong in exactly one; and what cannot be read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rest_framework import serializers
from stdnum.cn import uscc

from kernel.inputs import (
    AmountField,
    CodeField,
    DayField,
    QuantityField,
    StrictSerializer,
    TextField,
    UsccField,
    WholeField,
)
from shared_apps.accounts.serializers import EmailField, NextField, PasswordField
from shared_apps.classification.serializers import BoundField
from shared_apps.exchange.serializers import RowsField
from shared_apps.fees.serializers import MonthField, PercentField, PriceField
from shared_apps.fleet.serializers import DivisionCodeField
from shared_apps.messaging.serializers import ClockField, MobileField, VerificationCodeField
from shared_apps.suppliers.serializers import ShareField
from tenant_apps.budgets.serializers import UnitCodeField
from tenant_apps.payments.inputs import AccountField
from tenant_apps.supermarket.serializers import PhoneField

_MARK = "<the wrong value>"
_SPACES = "\u3000 \u3000"


@dataclass(frozen=True, slots=True)
class Bad:
    """One wrong body. `field` is what the answer has to name; "" where the body cannot be read at all."""

    label: str
    body: bytes
    field: str = ""


@dataclass(frozen=True, slots=True)
class Wrong:
    """One wrong value as JSON text. `unread`: the reader refuses it before any field is looked at."""

    raw: str
    unread: bool = False


# -- values that no field takes --------------------------------------------------------------------------------------
# Numbers that the JSON reader itself refuses.
UNREAD_NUMBERS = (
    "NaN", "Infinity", "-Infinity", "1e999", "1e99999999", "1E5", "-0", "-0.0", "1_000", "01", "+1", "0x10",
    "１２", "٣", str(2**63), str(10**30), "9" * 5000, "0." + "1" * 5000,
)  # fmt: skip
UNREAD_TEXTS = (
    '"a\\u0000b"', '"\\ud800"', '"\\udfff\\ud800"', '"\\u202e123"', '"\\u200b"', '"\\u2060a"', '"\\ufeffa"',
    '"\\u001b[0m"',
)  # fmt: skip
_WRONG_TYPES = ("true", "[]", "{}", '["1"]', '{"a": 1}')
_NO_WHOLE = (
    "", " ", "abc", "1e999", "NaN", "Infinity", "1_000", "1,000", "１２", "٣", "1.0", "0.001", "+1", " 1", "1 ", "0x10",
    "--1", str(10**30), "9" * 5000,
)  # fmt: skip
_NO_AMOUNT = (
    "", " ", "abc", "-1", "-0.01", "1_000", "1,000.00", "1.234", "0.001", "1e3", "1e999", "NaN", "-NaN", "sNaN",
    "Infinity", "１２.00", "٣", "+1", " 1", ".5", "5.", "¥12.00", str(10**30), "9" * 5000,
)  # fmt: skip
_NO_DAY = (
    "", "0000-01-01", "9999-12-31", "2025-02-29", "2025-06-31", "2025-13-01", "2025-00-10", "２０２５-06-30",
    "2025-6-1",
    "20250630", "2025-06-30T00:00:00", "2025-W01-1", "-2025-06-30", "30/06/2025", "today", " 2025-06-30",
)  # fmt: skip
_NO_CODE = (" ", "a b", "../x", "a/b", "ａｂ", "码", "-a", "a\nb", "a'b", "%00", "x" * 300)


def _texts(*texts: str) -> Iterator[Wrong]:
    for text in texts:
        yield Wrong(json.dumps(text, ensure_ascii=False))


def _numbers(*numbers: str) -> Iterator[Wrong]:
    for number in numbers:
        yield Wrong(number)


def wrong_values(field: Any) -> Iterator[Wrong]:
    """What this field must refuse."""
    for raw in _WRONG_TYPES:
        if not _takes(field, raw):
            yield Wrong(raw)
    if not field.allow_null:
        yield Wrong("null")
    for raw in UNREAD_TEXTS:
        yield Wrong(raw, unread=True)
    yield from _wrong_by_class(field)


def _takes(field: Any, raw: str) -> bool:
    if isinstance(field, serializers.BooleanField):
        return raw == "true"
    if isinstance(field, serializers.ListField) and raw == "[]":
        return not field.min_length
    if isinstance(field, serializers.ListField) and raw == '["1"]':
        return isinstance(field.child, WholeField | TextField | CodeField)
    return False


def _wrong_by_class(field: Any) -> Iterator[Wrong]:
    if isinstance(field, WholeField | AmountField):
        for raw in UNREAD_NUMBERS:
            yield Wrong(raw, unread=True)
    if isinstance(field, AmountField):
        yield from _texts(*_NO_AMOUNT, *(() if field.allow_zero else ("0", "0.00")))
        yield from _numbers("-1", "0.001", "1.234", "-0.01", *(() if field.allow_zero else ("0", "0.00")))
    elif isinstance(field, PriceField):
        yield from _texts(*(text for text in _NO_AMOUNT if text not in {"1.234", "0.001"}), "1.23456")
        yield from _numbers("1", "0.5", "-1")
    elif isinstance(field, WholeField):
        yield from _texts(*_NO_WHOLE, str(field.min_value - 1), "-1", str(2**63))
        yield from _numbers("-1", str(field.min_value - 1), "0.001", "1.5", "1.0")
        if field.max_value < 2**63 - 1:
            yield from _numbers(str(field.max_value + 1), str(2**63 - 1))
        if isinstance(field, QuantityField):
            yield from _numbers("0", str(2**31), str(2**31 - 1), "1000000")
    elif isinstance(field, DayField):
        yield from _texts(*_NO_DAY)
        yield from _numbers("20250630", "0")
    elif isinstance(field, UsccField):
        yield from _texts("", "91650100TEST000010", "0" * 18, wrong_check_digit(), f" {right_uscc()}", "9" * 19)
        yield from _numbers("1")
    elif isinstance(field, ShareField | PercentField):
        yield from _texts("0", "0.00", "100.01", "1e1", "-1", "１", "1.234", "33,3", " 1", "1_0", "9999", "abc")
        yield from _numbers("1", "33.3")
    elif isinstance(field, MonthField):
        yield from _texts(
            "", "2026-13", "2026-00", "0000-01", "9999-12", "2026-1", "２０２６-01", "202601", "2026-01-01", "x"
        )
        yield from _numbers("202601")
    elif isinstance(field, ClockField):
        yield from _texts("24:00", "7:00", "22:60", "２２:00", "22:00:00", " 22:00", "22.00", "x")
        yield from _numbers("22", "0.5")
    elif isinstance(field, AccountField):
        yield from _texts(
            "", " ", "abc", "１２３４５６７８", "12_345_678", "1234567", "1" * 33, "12345678 ", "12345678\n"
        )
        yield from _numbers("12345678", "-12345678")
    elif isinstance(field, RowsField):
        yield from _texts("", "x", "[]")
        yield from _numbers("[1]", "[null]", "[[]]", '["x"]', "1")
    elif isinstance(field, serializers.BooleanField):
        yield from _texts("", "maybe", "是", "2")
        yield from _numbers("2", "-1")
    elif isinstance(field, serializers.ChoiceField):
        yield from _texts("none-such", "不存在", " ", "NaN", *(() if field.allow_blank else ("",)))
        yield from _numbers("0", "-1", str(2**31))
    elif isinstance(field, serializers.ListField):
        yield from _wrong_lists(field)
    elif isinstance(field, serializers.CharField):
        yield from _wrong_texts(field)
    else:
        raise TypeError(f"no wrong values are known for {type(field).__name__}")


def _wrong_lists(field: Any) -> Iterator[Wrong]:
    yield from _texts("", "x", "[]")
    yield from _numbers("1")
    if field.max_length is not None:
        value = json.dumps(valid_value("", field.child, {}), ensure_ascii=False)
        yield Wrong("[" + ", ".join([value] * (field.max_length + 1)) + "]")
    for wrong in wrong_values(field.child):
        yield Wrong(f"[{wrong.raw}]", wrong.unread)


def _wrong_texts(field: Any) -> Iterator[Wrong]:
    if field.max_length is not None:
        yield from _texts("长" * (field.max_length + 1), "x" * 100_000)
    if not field.allow_blank:
        yield from _texts("")
    if isinstance(field, CodeField):
        yield from _texts(*_NO_CODE)
        yield from _numbers("5")
        if isinstance(field, UnitCodeField):
            yield from _texts("01", "0010", "abc", "００１")
        if isinstance(field, DivisionCodeField):
            yield from _texts("99010", "9901010", "99010a", "９９０１０１")
    elif isinstance(field, TextField):
        yield from _numbers("5", "1.5")
        if not field.allow_blank:
            yield from _texts(" ", _SPACES, "\n")
        if not field.multiline:
            yield from _texts("a\nb", "a\tb", "a\r\nb")
        if isinstance(field, MobileField):
            yield from _texts(
                "abc", "12800000000", "1390000000", "139000000000", "１３９００００００００", "+8613900000000"
            )
        if isinstance(field, PhoneField):
            yield from _texts("abc", "12", "１３９００００００００", "1" * 30, "139\u00a00000")
    elif isinstance(field, VerificationCodeField):
        yield from _texts("12345", "1234567", "１２３４５６", "12345a", "12 456", "-12345")
        yield from _numbers("123456", "1.5")
    elif isinstance(field, EmailField):
        yield from _texts("x", "x@", "@x.cn", "a b@x.cn", "王@x.cn", "a@x.cn\nBcc: b@x.cn", "a" * 300 + "@x.cn")
        yield from _numbers("5")
    elif isinstance(field, serializers.URLField):
        yield from _texts(
            "x", "javascript:alert(1)", "ftp://x.cn/", "file:///etc/passwd", "http://", "//x.cn", "data:,x"
        )
        yield from _numbers("5")
    elif isinstance(field, NextField):
        yield from _texts("//x.cn", "https://x.cn/", "javascript:alert(1)", "/\\x.cn", "x")
    elif isinstance(field, BoundField):
        yield from _texts("abc", "1e3", "NaN", "Infinity", "1.23456", "１２", "1_000", "1,000", "+1", " 1", ".5", "5.")
        yield from _numbers("1", "0.5", "-1")
    elif not isinstance(field, PasswordField):
        raise TypeError(f"no wrong texts are known for {type(field).__name__}")


def right_uscc() -> str:
    """A credit code with a right check digit, plainly made up."""
    body = "91650100TEXT00001"
    return body + str(uscc.calc_check_digit(body))


def wrong_check_digit() -> str:
    code = right_uscc()
    return code[:17] + ("0" if code[17] != "0" else "1")


# -- right values ----------------------------------------------------------------------------------------------------
def valid_body(serializer: Any, hints: Mapping[str, Any]) -> dict[str, Any]:
    """A value for every field, the optional ones too. `hints` gives real ids and whatever has to fit together."""
    return {name: valid_value(name, field, hints) for name, field in serializer.fields.items()}


def valid_value(name: str, field: Any, hints: Mapping[str, Any]) -> Any:
    if name in hints:
        return hints[name]
    if isinstance(field, serializers.ListSerializer):
        return [valid_body(field.child, hints)]
    if isinstance(field, serializers.ListField):
        return [valid_value("", field.child, hints)]
    if isinstance(field, serializers.ChoiceField):
        return next(iter(field.choices))
    for kind, value in _RIGHT:
        if isinstance(field, kind):
            return max(value, field.min_value) if isinstance(field, WholeField) else value
    raise TypeError(f"no right value is known for {name}: {type(field).__name__}")


_RIGHT: tuple[tuple[type, Any], ...] = (
    (AmountField, "12.30"),
    (PriceField, "0.5000"),
    (PercentField, "12.50"),
    (WholeField, 1),
    (DayField, "2026-06-30"),
    (UsccField, right_uscc()),
    (RowsField, [{"sku": "A-1"}]),
    (serializers.BooleanField, True),
    (UnitCodeField, "009009"),
    (DivisionCodeField, "990199"),
    (BoundField, "1"),
    (ShareField, "33.30"),
    (CodeField, "C-01"),
    (PhoneField, "13900000000"),
    (MobileField, "13900000000"),
    (VerificationCodeField, "000000"),
    (ClockField, "22:00"),
    (AccountField, "6222000011112222"),
    (TextField, "测试内容"),
    (EmailField, "bad.input@example.com"),
    (serializers.URLField, "https://example.com/file"),
    (PasswordField, "Kashi-2026!people"),
    (NextField, "/"),
)


# -- one wrong field -------------------------------------------------------------------------------------------------
def wrong_fields(serializer_class: type[StrictSerializer], hints: Mapping[str, Any]) -> Iterator[Bad]:
    """Bodies that are right but for one field; the last ones lack a field or have one too many."""
    serializer = serializer_class()
    body = valid_body(serializer, hints)
    yield from _wrong_in(serializer, body, "", lambda inner: inner)
    yield Bad("one field too many", _dump({**body, "stranger": 1}), "stranger")
    yield Bad("a field in capitals", _dump({**body, "ID": 1}), "ID")
    yield Bad("prototype", _dump({**body, "__proto__": {"x": 1}}), "__proto__")


def _wrong_in(serializer: Any, body: dict[str, Any], prefix: str, wrap: Any) -> Iterator[Bad]:
    for name, field in serializer.fields.items():
        path = prefix + name
        if field.required:
            yield Bad(f"{path} missing", _dump(wrap({key: value for key, value in body.items() if key != name})), path)
        if isinstance(field, serializers.ListSerializer):
            for raw in ("null", "1", '"x"', "{}", '["x"]', "[null]", "[[]]", *(() if field.allow_empty else ("[]",))):
                yield Bad(f"{path} = {raw}", _marked(wrap({**body, name: _MARK}), raw), path)
            numbers = range(1, (field.max_length or 0) + 2)
            keys = {"budget_line_id"} & set(field.child.fields)
            rows = [valid_body(field.child, {}) | dict.fromkeys(keys, n) for n in numbers]
            yield Bad(f"{path} too long", _dump(wrap({**body, name: rows})), path)
            if body[name]:
                yield Bad(f"{path} twice the same", _dump(wrap({**body, name: body[name] * 2})), path)
            # Where the right body has no row, one that is right by itself.
            inner = body[name][0] if body[name] else valid_body(field.child, {})
            yield from _wrong_in(field.child, inner, f"{path}.0.", lambda row, name=name: wrap({**body, name: [row]}))
            extra = wrap({**body, name: [{**inner, "stranger": 1}]})
            yield Bad(f"{path}: one field too many", _dump(extra), f"{path}.0.stranger")
            continue
        for wrong in wrong_values(field):
            label = f"{path} = {wrong.raw[:60]}"
            yield Bad(label, _marked(wrap({**body, name: _MARK}), wrong.raw), "" if wrong.unread else path)


def _dump(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


def _marked(body: Any, raw: str) -> bytes:
    return json.dumps(body, ensure_ascii=False).replace(json.dumps(_MARK), raw).encode()


# -- bodies that cannot be read --------------------------------------------------------------------------------------
def unreadable(body: Mapping[str, Any]) -> list[Bad]:
    """Not JSON, not UTF-8, too deep, too large, ambiguous: whatever stands in the fields."""
    text = json.dumps(dict(body), ensure_ascii=False)
    comma = ", " if body else ""

    def added(pair: str) -> bytes:
        return f"{text[:-1]}{comma}{pair}}}".encode()

    first = json.dumps(next(iter(body), "a"))
    found = {
        "NUL byte": text.encode() + b"\x00",
        "NUL byte in a value": added('"note": "a\x00b"'),
        "\\u0000 in a value": added('"note": "a\\u0000b"'),
        "\\u0000 in a key": added('"a\\u0000b": 1'),
        "lone surrogate in a value": added('"note": "\\ud800"'),
        "lone surrogate in a key": added('"\\udc00": 1'),
        "U+202E in a key": added('"a\\u202eb": 1'),
        "invalid UTF-8": added('"note": "@"').replace(b"@", b"\xff\xfe"),
        "overlong UTF-8": added('"note": "@"').replace(b"@", b"\xc0\xaf"),
        "encoded surrogate": added('"note": "@"').replace(b"@", b"\xed\xa0\x80"),
        "UTF-16": text.encode("utf-16"),
        "UTF-8 with a mark": b"\xef\xbb\xbf" + text.encode(),
        "GB 18030": added('"note": "@"').replace(b"@", "测试".encode("gb18030")),
        "a key twice": f"{{{first}: 1, {first}: 2}}".encode(),
        "a key twice, escaped": b'{"ab": 1, "\\u0061b": 2}',
        "a text of 1 MiB": added('"note": "' + "x" * 1024 * 1024 + '"'),
        "20,001 keys": b"{" + b", ".join(b'"k%d": 1' % n for n in range(20_001)) + b"}",
        "a key of 100,000": added('"' + "k" * 100_000 + '": 1'),
        "NaN": added('"n": NaN'),
        "Infinity": added('"n": -Infinity'),
        "1e999": added('"n": 1e999'),
        "1e99999999": added('"n": 1e99999999'),
        "5,000 digits": added('"n": ' + "9" * 5000),
        "list": b"[]",
        "list of the body": f"[{text}]".encode(),
        "text": b'"text"',
        "number": b"1",
        "null": b"null",
        "true": b"true",
        "cut off": text.encode()[:-1] or b"{",
        "two values": text.encode() * 2,
        "comment": b"/* */" + text.encode(),
        "single quotes": b"{'a': 1}",
        "form": b"a=1&b=2",
        "blank": b"   ",
    }
    for depth in (100, 1_000, 100_000):
        found[f"{depth} lists deep"] = added('"n": ' + "[" * depth + "]" * depth)
        found[f"{depth} objects deep"] = added('"n": ' + '{"a":' * depth + "1" + "}" * depth)
        found[f"{depth} brackets open"] = b"[" * depth
    return [Bad(label, raw) for label, raw in found.items()]


# Content types that an API of JSON refuses, whatever the body.
FOREIGN_TYPES = (
    "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data", "text/plain",
    "text/xml", "application/xml", "text/html", "application/jsonx", "application/octet-stream", "x", "/",
)  # fmt: skip
BAD_CHARSETS = ("utf-16", "gb18030", "latin-1", "none-such", "")


# -- forms -----------------------------------------------------------------------------------------------------------
FORM = "application/x-www-form-urlencoded"


def wrong_form_texts(name: str, field: Any) -> Iterator[str]:
    """Texts that a form field must refuse. An empty optional one, or an unticked box, counts as left out."""
    for wrong in _wrong_by_class(field):
        value = None if wrong.unread else json.loads(wrong.raw, parse_float=str, parse_int=str)
        typed = isinstance(field, AccountField | TextField | CodeField | EmailField | PriceField | PercentField)
        if typed and not wrong.raw.startswith('"'):
            continue  # a number and its digits are one in a form
        if isinstance(value, str) and len(value) <= 20_000 and (value.strip() or field.required):
            yield value


def unreadable_forms(form: bytes) -> list[tuple[str, str, bytes]]:
    """(label, content type, body): forms that no page reads."""
    glue = b"&" if form else b""
    multi = "multipart/form-data; boundary=xx"
    part = b'--xx\r\nContent-Disposition: form-data; name="note"\r\n\r\n%s\r\n--xx--\r\n'
    long_name = b"n" * 300
    found = [(f"{bad} in a value", FORM, form + glue + b"note=a" + bad.encode()) for bad in BAD_ESCAPES]
    found += [(f"{bad} in a name", FORM, form + glue + b"a" + bad.encode() + b"=1") for bad in BAD_ESCAPES]
    found += [
        ("raw NUL", FORM, form + glue + b"note=a\x00b"),
        ("raw bytes", FORM, form + glue + b"note=\xff\xfe"),
        ("raw bytes in a name", FORM, form + glue + b"\xc0\xaf=1"),
        ("10,001 parameters", FORM, form + glue + b"&".join(b"p%d=1" % n for n in range(10_001))),
        ("10,001 times one", FORM, form + glue + b"&".join([b"posts=x"] * 10_001)),
        ("a long name", FORM, form + glue + long_name + b"=1"),
        ("2 MiB", FORM, form + glue + b"note=" + b"x" * 2 * 1024 * 1024),
        ("no boundary", "multipart/form-data", part % b"x"),
        ("empty boundary", "multipart/form-data; boundary=", part % b"x"),
        ("boundary of 300", "multipart/form-data; boundary=" + "b" * 300, part % b"x"),
        ("boundary outside ASCII", "multipart/form-data; boundary=\u952e", part % b"x"),
        ("NUL in a part", multi, part % b"a\x00b"),
        ("U+202E in a part", multi, part % "a\u202eb".encode()),
        ("bytes in a part", multi, part % b"\xff\xfe"),
        ("NUL in a part's name", multi, (part % b"x").replace(b"note", b"no\x00te")),
        ("2 MiB in a part", multi, part % (b"x" * 2 * 1024 * 1024)),
        ("2,000 parts", multi, b"".join((part % b"x").replace(b"--xx--\r\n", b"") for _ in range(2000)) + b"--xx--"),
    ]
    found += [(f"charset {charset}", f"{FORM}; charset={charset}", form or b"a=1") for charset in BAD_CHARSETS]
    found += [(f"type {kind}", kind, form or b"a=1") for kind in FOREIGN_TYPES if "form" not in kind or "html" in kind]
    found += [("type JSON", "application/json", b"{}"), ("no type", "", form or b"a=1")]
    return found


BAD_ESCAPES = (
    "%00", "%01", "%1b", "%7f", "%ff", "%c0%af", "%ed%a0%80", "%ed%b0%80", "%f4%90%80%80", "%e2%80%ae", "%e2%80%8b",
    "%ef%bb%bf", "%ef%bf%bf",
)  # fmt: skip

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from rest_framework import serializers

from kernel.inputs import (
    AmountField,
    CodeField,
    DayField,
    KeyField,
    QuantityField,
    StrictJSONParser,
    StrictSerializer,
    TextField,
    UsccField,
    read_input,
)
from kernel.problems import InvalidInput, MalformedInput


class Line(StrictSerializer):
    product_id = KeyField()
    quantity = QuantityField()


class Order(StrictSerializer):
    title = TextField(max_length=10)
    lines = Line(many=True, required=False)
    tags = serializers.ListField(child=TextField(max_length=5), required=False)


def accepts(field: serializers.Field[Any, Any, Any, Any], value: Any) -> Any:
    return field.run_validation(value)


def refuses(field: serializers.Field[Any, Any, Any, Any], value: Any) -> None:
    with pytest.raises(serializers.ValidationError):
        field.run_validation(value)


@pytest.mark.parametrize(
    ("value", "amount"),
    [("12.30", "12.30"), ("12", "12.00"), (12, "12.00"), (Decimal("12.3"), "12.30"), ("0.01", "0.01")],
)
def test_amounts(value: Any, amount: str) -> None:
    assert str(accepts(AmountField(), value)) == amount


NOT_DIGITS = [
    *("", " ", "1 ", " 1", "1\n", "+1", "-1", "-0", "1_000", "1,000", "１２", "١٢", "1e3", "1e999", "NaN", "Infinity"),
    *("\0", "1\0", "\ud800", "1\u200b", "\u202e1", "abc", "9" * 5000),
    *(None, True, False, [], {}, [1], {"a": 1}, b"1"),
    *(1.5, float("nan"), float("inf"), -1, 10**30, Decimal("NaN"), Decimal("-0"), Decimal("1E+2")),
]


@pytest.mark.parametrize(
    "value", [*NOT_DIGITS, "0.001", Decimal("0.001"), Decimal("1e-9"), Decimal("1e99999"), ".5", "5."]
)
def test_other_amounts_are_refused(value: Any) -> None:
    refuses(AmountField(allow_zero=True), value)


@pytest.mark.parametrize("zero", ["0", "0.00", 0, Decimal("0.0")])
def test_zero_is_an_amount_only_where_it_is_said(zero: Any) -> None:
    refuses(AmountField(), zero)
    assert str(accepts(AmountField(allow_zero=True), zero)) == "0.00"


def test_amounts_are_shown_with_two_places() -> None:
    assert AmountField().to_representation(Decimal("12.3")) == "12.30"


@pytest.mark.parametrize("value", [*NOT_DIGITS, 0, "0", 1_000_000, "1000000", "1.0", Decimal("2.0"), 2**31, 2**63])
def test_other_quantities_are_refused(value: Any) -> None:
    refuses(QuantityField(), value)


def test_quantities_and_keys() -> None:
    assert [accepts(QuantityField(), value) for value in (1, "1", 999_999, "999999", "007")] == [
        1,
        1,
        999_999,
        999_999,
        7,
    ]
    assert accepts(KeyField(), str(2**63 - 1)) == 2**63 - 1
    for value in (0, -1, 2**63, str(2**63), "9" * 19):
        refuses(KeyField(), value)


def test_texts_are_composed_trimmed_and_visible() -> None:
    assert accepts(TextField(max_length=1), "  e\u0301 ") == "é"
    assert accepts(TextField(max_length=10, multiline=True), "a\r\nb") == "a\nb"
    assert accepts(TextField(max_length=10, allow_blank=True), "  ") == ""
    for value in (
        "",
        "  ",
        "a\nb",
        "a\tb",
        "x" * 11,
        1,
        True,
        None,
        [],
        "a\0",
        "a\u202eb",
        "a\u200b",
        "\ud800",
        "\ufeffa",
    ):
        refuses(TextField(max_length=10), value)


def test_codes() -> None:
    assert accepts(CodeField(), "A02010104") == "A02010104"
    for value in ("", " A", "A\n", "Ａ", "А", "-a", "a/b", "../a", 1, None, "x" * 65):
        refuses(CodeField(), value)


def test_days() -> None:
    assert accepts(DayField(), "2024-02-29") == date(2024, 2, 29)
    bad = (
        "2025-02-29",
        "0000-01-01",
        "9999-12-31",
        "2025-1-1",
        "２０２５-01-01",
        "٢٠٢٥-01-01",
        "20250101",
        "2025-01-01\n",
        1,
    )
    for value in (*bad, "2025-13-01", "2025-W01-1", None, []):
        refuses(DayField(), value)


@pytest.mark.parametrize("code", ["91110000600037341L", "91650100MA7752J27H", "12650000457601005Y"])
def test_credit_codes_have_the_right_check_digit(code: str) -> None:
    from stdnum.cn import uscc

    right = code[:17] + uscc.calc_check_digit(code[:17])
    assert accepts(UsccField(), right) == right
    assert accepts(UsccField(), right.lower()) == right
    for wrong in "0123456789ABCDEFGHJKLMNPQRTUWXY".replace(right[17], ""):
        refuses(UsccField(), right[:17] + wrong)


@pytest.mark.parametrize("first", "NYA")
def test_codes_of_farmers_and_others_are_lawful(first: str) -> None:
    from stdnum.cn import uscc

    body = f"{first}1650100MA775XJ27"
    assert accepts(UsccField(), body + uscc.calc_check_digit(body)).startswith(first)


@pytest.mark.parametrize(
    "value",
    [
        "0" * 18,
        "9111000060003734１L",
        "９1110000600037341L",
        " 91110000600037341L",
        "91110000600037341L\n",
        "91110000 600037341L",
        "9111000060003734",
        "91110000600037341LL",
        "91110000600O37341L",
        "",
        None,
        911100006000373412,
        [],
        "ﬀ1110000600037341L",
    ],
)
def test_other_credit_codes_are_refused(value: Any) -> None:
    refuses(UsccField(), value)


def problems_of(data: Any, serializer: type[StrictSerializer] = Order) -> dict[str, list[str]]:
    with pytest.raises(InvalidInput) as refused:
        read_input(serializer, data)
    return refused.value.errors


def test_unknown_fields_are_refused_at_every_depth() -> None:
    assert set(problems_of({"title": "a", "price": 1})) == {"price"}
    assert set(problems_of({"title": "a", "lines": [{"product_id": 1, "quantity": 1, "price": "1"}]})) == {
        "lines.0.price"
    }
    assert set(problems_of({})) == {"title"}


@pytest.mark.parametrize("data", [None, [], "text", 1, True])
def test_the_body_is_an_object(data: Any) -> None:
    problems_of(data)


def test_errors_have_dotted_names() -> None:
    errors = problems_of({"title": "a", "lines": [{"product_id": 1, "quantity": 1}, {"product_id": 0, "quantity": -1}]})
    assert set(errors) == {"lines.1.product_id", "lines.1.quantity"}
    assert set(problems_of({"title": "a", "lines": 1})) == {"lines"}
    assert set(problems_of({"title": "a", "tags": ["x", "too long"]})) == {"tags.1"}


def test_forms_are_read_by_the_same_serializer() -> None:
    form = QueryDict("csrfmiddlewaretoken=x&title=a&tags=b&tags=c&lines[0]product_id=3&lines[0]quantity=2")
    assert read_input(Order, form) == {
        "title": "a",
        "tags": ["b", "c"],
        "lines": [{"product_id": 3, "quantity": 2}],
    }
    assert set(problems_of(QueryDict("title=a&price=1"))) == {"price"}
    assert set(problems_of(QueryDict("title=a&title=b"))) == {"title"}
    assert set(problems_of(QueryDict("title=a&lines[0]product_id=3&lines[0]quantity=2&lines[0]x=1"))) == {"lines.0.x"}


def test_the_parser_takes_objects_only() -> None:
    assert StrictJSONParser().parse(io.BytesIO(b'{"a":1}')) == {"a": 1}
    for body in (b"[]", b"1", b'"a"', b"null"):
        with pytest.raises(MalformedInput) as refused:
            StrictJSONParser().parse(io.BytesIO(body))
        assert refused.value.facts == {"reason": "not an object"}

from __future__ import annotations

import json
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings

from kernel.clean_request import check_request
from kernel.inputs import CleanRequestMiddleware

FORM = "application/x-www-form-urlencoded"


def send(method: str = "GET", url: str = "/x", body: bytes = b"", content_type: str = "", **extra: Any) -> Any:
    request = RequestFactory().generic(method, url, body, content_type, headers={"Accept": "application/json"}, **extra)
    reached: list[HttpRequest] = []
    response = CleanRequestMiddleware(lambda request: reached.append(request) or HttpResponse("ok"))(request)
    assert bool(reached) is (response.status_code == 200)
    if response.status_code != 200:
        assert json.loads(response.content)["code"] == "malformed-input"
    return response.status_code


def multipart(*parts: bytes, boundary: bytes = b"xx") -> bytes:
    return b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts) + b"--" + boundary + b"--\r\n"


def field(name: bytes, value: bytes, file_name: bytes | None = None) -> bytes:
    tail = b"" if file_name is None else b'; filename="' + file_name + b'"'
    return b'Content-Disposition: form-data; name="' + name + b'"' + tail + b"\r\n\r\n" + value


BAD_VALUES = [
    "%00",
    "%ff",
    "%c0%af",
    "%ed%a0%80",
    "%E2%80%AE",
    "%E2%80%8B",
    "%01",
    "%EF%BB%BF",
    "%EF%BF%BD",
    "a%00b",
]


@pytest.mark.parametrize("value", BAD_VALUES)
def test_bad_characters_are_refused_in_query_form_and_path(value: str) -> None:
    assert send(QUERY_STRING=f"a={value}") == 400
    assert send(QUERY_STRING=f"{value}=a") == 400
    assert send("POST", body=f"a={value}".encode(), content_type=FORM) == 400
    assert send("POST", body=f"{value}=a".encode(), content_type=FORM) == 400
    assert send(url=f"/x/{value}") == 400


def test_good_requests_pass() -> None:
    assert send(url="/x/喀什", QUERY_STRING="q=%E5%96%80%E4%BB%80+a&n=%D9%A1") == 200
    assert send("POST", body="a=喀什&b=%0D%0A%09".encode(), content_type=FORM) == 200
    body = multipart(field(b"a", "喀什".encode()), field(b"f", b"\x00\xff", "图.png".encode()))
    assert send("POST", body=body, content_type="multipart/form-data; boundary=xx") == 200
    assert send("POST", body=b"a=1", content_type=f"{FORM}; charset=UTF-8") == 200


def test_raw_bytes_are_not_taken_for_latin() -> None:
    assert send(QUERY_STRING="a=\xff") == 400
    assert send("POST", body=b"a=\xff", content_type=FORM) == 400


@pytest.mark.parametrize(
    "part",
    [
        *(field(b"a", b"\x00"), field(b"a", b"\xff"), field(b"a\x00", b"1"), field(b"a", "\u202e".encode())),
        *(field(b"a" * 201, b"1"), field(b"f\x00", b"x", b"a.png"), field(b"f" * 201, b"x", b"a.png")),
    ],
)
def test_bad_parts_are_refused(part: bytes) -> None:
    assert send("POST", body=multipart(part), content_type="multipart/form-data; boundary=xx") == 400


def test_file_names_arrive_visible_and_short() -> None:
    for name, seen in (("a\u202egpj.exe", "agpj.exe"), ("a\0.png", "a.png"), ("../../x.png", "x.png")):
        body = multipart(field(b"f", b"x", name.encode()))
        assert files_of(body) == [seen]
    assert len(files_of(multipart(field(b"f", b"x", b"a" * 300)))[0]) == 255


def files_of(body: bytes) -> list[str]:
    request = RequestFactory().generic("POST", "/x", body, "multipart/form-data; boundary=xx")
    check_request(request)
    return [str(file.name) for file in request.FILES.values()]


@pytest.mark.parametrize(
    "content_type",
    [
        *("multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\xe9"),
        *(f"{FORM}; charset=utf-16", f"{FORM}; charset=latin-1", f"{FORM}; charset=nonsense", f"{FORM}; charset="),
        *("multipart/form-data; boundary=xx; charset=gbk", "multipart/form-data; boundary=" + "x" * 300),
    ],
)
def test_bad_charsets_and_boundaries_are_refused(content_type: str) -> None:
    assert send("POST", body=multipart(field(b"a", b"1")), content_type=content_type) == 400


def test_too_many_or_too_large_is_refused() -> None:
    many = "&".join(f"a{n}=1" for n in range(10_001))
    assert send(QUERY_STRING=many) == 400
    assert send("POST", body=many.encode(), content_type=FORM) == 400
    assert send("POST", body=b"&".join([b"a=1"] * 1001), content_type=FORM) == 400
    parts = multipart(*[field(b"a", b"1")] * 1001)
    assert send("POST", body=parts, content_type="multipart/form-data; boundary=xx") == 400
    assert send("POST", body=b"a=" + b"x" * 10_000_000, content_type=FORM) == 400
    assert send(QUERY_STRING="a=" + "x" * 9000) == 400
    assert send(QUERY_STRING="a" * 201 + "=1") == 400


@override_settings(DATA_UPLOAD_MAX_NUMBER_FIELDS=None)
def test_the_limit_is_our_own() -> None:
    assert send("POST", body=b"&".join([b"a=1"] * 1001), content_type=FORM) == 400


def test_bodies_of_the_api_are_left_to_its_parser() -> None:
    assert send("POST", url="/api/v1/x", body=b"a=%00", content_type=FORM) == 200
    assert send("POST", url="/api/v1/x", body=b"{", content_type="application/json; charset=gbk") == 400

"""Headers that cannot be read, through the WSGI application as the web process runs it: never a server fault."""

from __future__ import annotations

import io
from typing import Any

import pytest

from config.wsgi import application

BAD_TYPES = (
    "application/json; charset*=utf-8''%00", "application/json; charset*=none''x", "application/json; charset*=%00''x",
    "application/x-www-form-urlencoded; charset=\x00", "multipart/form-data; boundary*=none''x",
    "text/html; a*=none''b",
)  # fmt: skip
BAD_VALUES = (
    "text/html; q*=none''x", "\x00", "x" * 20_000, "\xff\xfe", ";;;=", "é", ",".join(["a"] * 5000), "q=NaN", "http://[x",
)  # fmt: skip
HEADERS = (
    "HTTP_ACCEPT", "HTTP_ACCEPT_LANGUAGE", "HTTP_COOKIE", "HTTP_REFERER", "HTTP_ORIGIN", "HTTP_X_FORWARDED_FOR",
    "HTTP_USER_AGENT", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_HX_REQUEST", "HTTP_HX_CURRENT_URL",
    "HTTP_X_CSRFTOKEN", "HTTP_IDEMPOTENCY_KEY", "HTTP_ACCEPT_ENCODING", "HTTP_RANGE",
)  # fmt: skip
HOSTS = ("localhost", "990001.localhost")
ADDRESSES = ("/", "/none/", "/sign-in/", "/api/v1/none/")


def status_of(method: str, path: str, host: str, body: bytes = b"", **environ: str) -> int:
    found: list[int] = []

    def start_response(status: str, headers: Any, error: Any = None) -> None:
        found.append(int(status.split()[0]))

    answer = application(
        {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": "",
            "HTTP_HOST": host,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.url_scheme": "http",
            "wsgi.version": (1, 0),
            **environ,
        },
        start_response,
    )
    b"".join(answer)
    answer.close()
    return found[0]


@pytest.mark.parametrize("kind", BAD_TYPES)
@pytest.mark.parametrize("host", HOSTS)
def test_a_content_type_that_cannot_be_read_is_refused(kind: str, host: str) -> None:
    for path in ("/sign-in/", "/api/v1/cart/add"):
        assert 400 <= status_of("POST", path, host, b"a=1", CONTENT_TYPE=kind) < 500


@pytest.mark.parametrize("header", HEADERS)
def test_bad_headers_are_no_fault(header: str) -> None:
    for host, path in (
        ("localhost", "/sign-in/"),
        ("localhost", "/none/"),
        (HOSTS[1], "/"),
        (HOSTS[1], "/api/v1/none/"),
    ):
        for value in BAD_VALUES:
            assert status_of("GET", path, host, **{header: value}) < 500, (host, path, value[:30])


@pytest.mark.parametrize("host", ["", "\x00", "a b", "none.localhost", "[::1", "é.localhost", "x" * 300])
def test_unknown_hosts_are_refused(host: str) -> None:
    for path in ADDRESSES:
        assert 400 <= status_of("GET", path, host) < 500

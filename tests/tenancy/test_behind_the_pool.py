"""The processes as in the image, behind PgBouncer in transaction mode and nginx: nobody gets another mall's answer."""

from __future__ import annotations

import http.client
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path

import pytest
from django.conf import settings

from runtime.layout import HERE
from tenants.database.auditing import deviations
from tests.database import admin
from tests.factories.two_malls import LOCAL_POSTS, Mall
from tests.ops.front import Front, free_port, pool, prepare_logins, program, started, web_front
from tests.tenancy.crossing import calls, paths, permits, spellings

CLIENTS = 8
SHORT, WHOLE = 480, 20_000
# Of the environment: what would let a serving process in as the owner.
OWNERS = {"DATABASE_URL", "YZ_TEST_DATABASE_ADMIN"}


def pytest_needs() -> bool:
    return all(program(name) for name in ("nginx", "pgbouncer", "openssl"))


@contextmanager
def behind(folder: Path, files: Path) -> Iterator[Front]:
    """PgBouncer, a web process in production's settings, and nginx."""
    if not pytest_needs() and os.environ.get("CI") != "true":
        pytest.skip("needs Debian's nginx-light and pgbouncer")
    with pool(folder) as database:
        port = free_port()
        environment = {
            **{name: value for name, value in os.environ.items() if name not in OWNERS},
            "YZ_ENV": "production",
            "YZ_DATABASE": database,
            "YZ_BASE_HOST": "localhost",
            "YZ_PROXIES": "1",
            "YZ_BROKER_URL": "memory://localhost//",
            "YZ_BIND": f"127.0.0.1:{port}",
            "YZ_WEB_WORKERS": "3",
            "YZ_FILES_DIR": str(files),
            "YZ_STATIC_ROOT": str(folder / "static"),
            "YZ_KEPT_CONNECTIONS": "8",
        }  # fmt: skip
        manage = [sys.executable, "-m", "config.manage", "collectstatic", "--noinput", "-v", "0"]
        subprocess.run(manage, env=environment, cwd=HERE.root, check=True, timeout=120)
        web = [sys.executable, "-m", "config.start", "web"]
        with started(web, port=port, log=folder / "web.log", environment=environment), \
                web_front(folder, web=port, live=port) as front:  # fmt: skip
            yield front


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="yz-front-") as name:
        yield Path(name)


def trusting(front: Front) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(front.certificate))


class Connection(http.client.HTTPSConnection):
    """To nginx on the loopback, greeting it by the host's name: no name server knows our hosts."""

    def __init__(self, front: Front, host: str) -> None:
        super().__init__(host, front.https, timeout=60)
        self.trusted = trusting(front)

    def connect(self) -> None:
        raw = socket.create_connection(("127.0.0.1", self.port), timeout=self.timeout)
        self.sock = self.trusted.wrap_socket(raw, server_hostname=self.host)


def asked(mall: Mall) -> list[tuple[str, str, str]]:
    """Path, cookies and the name of who asks: every page and API read of the mall that each of its people may call."""
    found = []
    for post in sorted(LOCAL_POSTS & set(mall.people)):
        jar = mall.client(post, mall.code).cookies
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in jar.items())
        for route, _ in calls("tenant", "GET"):
            if permits(route, post) and not route.name.endswith("sign_out"):
                found += [(path, cookies, f"{post}") for path in paths(route, mall, most=2)]
    return found


def storm(front: Front, malls: tuple[Mall, Mall], *, most: int) -> tuple[Counter[str], list[str]]:
    """`most` requests by several clients at once, each going to and fro between the malls."""
    counts: Counter[str] = Counter()
    faults: list[str] = []
    lock = threading.Lock()
    everything = [[(mall.code, *one) for one in asked(mall)] for mall in malls]
    # To and fro: each pair takes the same server connections' pool from one mall to the other.
    turns = [one for pair in zip(cycle(everything[0]), everything[1], strict=False) for one in pair]
    own = {mall.code: spellings(mall.marker) for mall in malls}
    work = iter(islice(cycle(turns), most))

    def client() -> None:
        connections = {mall.code: Connection(front, f"{mall.code}.localhost") for mall in malls}
        while True:
            with lock:
                code, path, cookies, who = next(work, ("", "", "", ""))
            if not code:
                return
            connection = connections[code]
            connection.request("GET", path, headers={"Cookie": cookies})
            answer = connection.getresponse()
            body = answer.read() + repr(answer.getheaders()).encode()
            other = next(other for other in own if other != code)
            with lock:
                counts["requests"] += 1
                counts[f"status {answer.status // 100}xx"] += 1
                counts["with the own word"] += any(word in body for word in own[code])
                if any(word in body for word in own[other]):
                    faults.append(f"{who} of {code} {path}: the other mall's word")
                if answer.status >= 500:
                    faults.append(f"{who} of {code} {path}: {answer.status}")

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(3600)
    return counts, faults


def pooled_connections() -> dict[str, int]:
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT usename, count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename ~ '^t9' "
            "GROUP BY 1"
        )
        return dict(cursor.fetchall())


def test_no_answer_is_another_mall_s(malls: tuple[Mall, Mall], folder: Path) -> None:
    with behind(folder, Path(settings.YZ_FILES_DIR)) as front:
        counts, faults = storm(front, malls, most=SHORT)
        assert faults == []
        assert counts["requests"] == SHORT
        assert counts["with the own word"] > SHORT // 8, counts
        the_edge(front)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_no_answer_of_twenty_thousand_is_another_mall_s(malls: tuple[Mall, Mall], folder: Path) -> None:
    with behind(folder, Path(settings.YZ_FILES_DIR)) as front:
        began = time.monotonic()
        counts, faults = storm(front, malls, most=WHOLE)
        held = pooled_connections()
    assert faults == []
    assert counts["requests"] == WHOLE
    assert counts["with the own word"] > WHOLE // 8
    print(f"{dict(counts)} in {time.monotonic() - began:.0f} s; connections of the malls' logins: {held}")


def the_edge(front: Front) -> None:
    """What nginx itself answers."""
    # A name that is none of ours: no certificate is shown.
    with pytest.raises(ssl.SSLError, match=r"(?i)unrecognized"):
        Connection(front, "elsewhere.example").connect()
    # The right name at the greeting and another in the request: the application is not reached as that other.
    inside = Connection(front, "localhost")
    inside.request("GET", "/", headers={"Host": "elsewhere.example"})
    with pytest.raises((http.client.RemoteDisconnected, http.client.BadStatusLine)):
        inside.getresponse()
    clear = http.client.HTTPConnection("127.0.0.1", front.http, timeout=10)
    clear.request("GET", "/orders/?page=2", headers={"Host": "990001.localhost"})
    moved = clear.getresponse()
    assert (moved.status, moved.headers["Location"]) == (301, "https://990001.localhost/orders/?page=2")
    page = Connection(front, "990001.localhost")
    # A caller's word about himself is not believed.
    page.request("GET", "/", headers={"X-Forwarded-For": "1.2.3.4", "X-Forwarded-Host": "990002.localhost"})
    shown = page.getresponse()
    shown.read()
    assert shown.status == 200
    assert "max-age=31536000" in shown.headers["Strict-Transport-Security"]
    assert "default-src 'self'" in shown.headers["Content-Security-Policy"]
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert "1.22" not in shown.headers["Server"]
    for hidden in ("/metrics", "/readyz"):
        page.request("GET", hidden)
        answer = page.getresponse()
        answer.read()
        assert answer.status == 404, hidden


def test_the_pool_knows_those_that_serve_and_nobody_else(malls: tuple[Mall, Mall], folder: Path) -> None:
    """The owner and the superuser cannot come in by it, whatever password they bring."""
    if not pytest_needs() and os.environ.get("CI") != "true":
        pytest.skip("needs Debian's nginx-light and pgbouncer")
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT to_regproc('pooler.login') IS NOT NULL")
        assert cursor.fetchone()[0], "made by the shipped script in the test before"
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolcanlogin")
        logins = [name for (name,) in cursor.fetchall()]
        known = []
        for login in logins:
            cursor.execute("SELECT count(*) FROM pooler.login(%s)", [login])
            known += [login] * cursor.fetchone()[0]
    assert {"yz_region", "yz_mall", "yz_relay", "yz_sweeper", "t990001", "t990002"} <= set(known)
    assert not {"postgres", "yz_owner", "yz_pooler", "yz_backup"} & set(known)


def test_the_pool_s_rights_are_known_to_the_audit(malls: tuple[Mall, Mall], folder: Path) -> None:
    """`config.start setup` compares rights before anything serves: what the shipped script grants is no deviation."""
    prepare_logins(folder / "secrets")
    pooled = [str(one) for one in deviations() if "pooler" in str(one)]
    assert pooled == []
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute("GRANT EXECUTE ON FUNCTION pooler.login(text) TO yz_mall")
        try:
            assert [one.grantee for one in deviations() if "pooler" in str(one)] == ["yz_mall"]
        finally:
            cursor.execute("REVOKE EXECUTE ON FUNCTION pooler.login(text) FROM yz_mall")

"""Who looked at a mall, the security log, and what is taken away when its time is over."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import ProgrammingError, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kernel.clock import local_date, utc_now
from kernel.posts import Post
from shared_apps.accounts import tasks
from shared_apps.accounts.models import HandOff, MallSession, SecurityEvent
from shared_apps.accounts.rules import ENDED_SESSION_DAYS, SECURITY_LOG_DAYS, USED_HAND_OFF_DAYS
from shared_apps.accounts.services import hand_off
from shared_apps.accounts.services.keeping import purge_records
from shared_apps.accounts.web import visits as visits_page
from shared_apps.region_journal.models import RegionJournalEntry
from tenants.database.context import region_as
from tenants.registry.models import Tenant
from tests.factories.cast import GRANTED_POSTS, Cast, build_cast
from tests.factories.people import actor_of, sign_in
from tests.factories.units import make_bureau_person
from webkit.latin import latin_words

A, B = "990001", "990002"
OVERSEERS = (Post.REGION_SUPERVISOR, Post.PLATFORM_OPERATOR, Post.AUDITOR)


@pytest.fixture
def cast(room: None) -> Cast:
    return build_cast(A)


def visited() -> list[tuple[str, str]]:
    rows = RegionJournalEntry.objects.filter(event="accounts.mall_visited").order_by("id")
    return list(rows.values_list("object_id", "actor_name"))


def shown(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    page = str(answer.content.decode())
    assert latin_words(page) == [], path
    return page


def table(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


# -- visits -----------------------------------------------------------------------------------------------------------


def test_an_overseer_s_visit_is_one_row_however_much_is_read(cast: Cast) -> None:
    mall = sign_in(Client(), cast.people[Post.AUDITOR], A)
    for path in ("/", "/orders/", "/bureau/units/", "/budgets/"):
        mall.get(path)
    assert visited() == [(A, cast.people[Post.AUDITOR].name)]
    row = RegionJournalEntry.objects.get(event="accounts.mall_visited")
    assert row.facts == {"tenant_code": A, "posts": ["auditor"]}
    sign_in(Client(), cast.people[Post.AUDITOR], A)
    assert len(visited()) == 2, "another session is another visit"


def test_every_overseer_is_noted_and_nobody_else(cast: Cast) -> None:
    for post in GRANTED_POSTS:
        sign_in(Client(), cast.people[post], A)
    assert visited() == [(A, cast.people[post].name) for post in GRANTED_POSTS if post in OVERSEERS]


def test_a_visit_to_a_practice_mall_is_none(cast: Cast) -> None:
    Tenant.objects.filter(code=B).update(kind="practice")
    actor = actor_of(cast.people[Post.REGION_SUPERVISOR])
    with region_as("yz_region"):
        hand_off(actor=actor, tenant_code=B, now=utc_now())
    assert visited() == []


def test_nobody_crosses_without_a_row(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The row and the ticket are one transaction."""
    from shared_apps.accounts import visits

    def broken(**_: object) -> int:
        raise RuntimeError("the journal is full")

    monkeypatch.setattr(visits, "record", broken)
    actor = actor_of(cast.people[Post.REGION_SUPERVISOR])
    with region_as("yz_region"), pytest.raises(RuntimeError):
        hand_off(actor=actor, tenant_code=A, now=utc_now())
    assert HandOff.objects.count() == 0


def test_the_bureau_reads_who_looked_at_its_mall_alone(cast: Cast) -> None:
    for post in OVERSEERS:
        for code in (A, B):
            sign_in(Client(), cast.people[post], code)
    bureau, other = sign_in(Client(), cast.people[Post.TIER_SUPERVISOR]), sign_in(Client(), make_bureau_person(B))
    page = shown(bureau, "/account/visits/")
    assert "共 3 次" in page
    assert all(cast.people[post].name in page for post in OVERSEERS)
    assert 'name="tenant"' not in page
    name = cast.people[Post.AUDITOR].name
    assert "共 1 次" in shown(bureau, f"/account/visits/?q={name}")
    today = local_date(utc_now())
    assert "共 3 次" in shown(bureau, f"/account/visits/?since={today}&until={today}")
    assert "没有符合条件" in shown(bureau, f"/account/visits/?since={today + timedelta(days=1)}")
    assert bureau.get(f"/account/visits/?tenant={B}").status_code == 404
    assert bureau.get("/account/visits/?since=tomorrow").status_code == 400
    rows = table(bureau.get("/account/visits.csv"))
    assert [row[2] for row in rows[1:]] == [cast.people[post].name for post in reversed(OVERSEERS)]
    assert "共 3 次" in shown(other, "/account/visits/")
    region = sign_in(Client(), cast.people[Post.REGION_SUPERVISOR])
    assert "共 6 次" in shown(region, "/account/visits/")
    assert "共 3 次" in shown(region, f"/account/visits/?tenant={B}")
    clerk = sign_in(Client(), cast.people[Post.BUYER_CLERK])
    assert (clerk.get("/account/visits/").status_code, clerk.get("/account/visits.csv").status_code) == (403, 403)


def test_visits_come_in_pages(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    actor = actor_of(cast.people[Post.AUDITOR])
    with region_as("yz_region"):
        for _number in range(105):
            hand_off(actor=actor, tenant_code=A, now=utc_now())
    auditor = sign_in(Client(), cast.people[Post.AUDITOR])
    assert f"/account/visits/?tenant={A}&amp;page=2" in shown(auditor, f"/account/visits/?tenant={A}")
    assert shown(auditor, f"/account/visits/?tenant={A}&page=2").count('<tr><th scope="row">') == 5
    monkeypatch.setattr(visits_page, "TABLE_ROWS_MAX", 7)
    assert len(table(auditor.get("/account/visits.csv"))) == 8


# -- the security log -------------------------------------------------------------------------------------------------


def test_the_log_is_filtered_paged_and_exported(cast: Cast) -> None:
    clerk = cast.people[Post.BUYER_CLERK]
    Client().post("/sign-in/", {"username": clerk.username, "password": "wrong"}, HTTP_HOST="localhost")
    sign_in(Client(), clerk, A).get("/bureau/")
    auditor = sign_in(Client(), cast.people[Post.AUDITOR])
    everything = shown(auditor, "/console/security/")
    assert all(word in everything for word in ("登录失败", "进入卖场", "拒绝访问", clerk.name))
    denied = shown(auditor, f"/console/security/?kind=access_denied&q={clerk.username}")
    assert denied.count('<tr><th scope="row">') == 1
    assert f"{A}.localhost" in denied
    assert shown(auditor, f"/console/security/?host={A}").count('<tr><th scope="row">') == 2
    assert "没有符合条件" in shown(auditor, "/console/security/?until=2020-01-01")
    for bad in ("kind=odd", "since=x", "before=0", "page=2", "host=a%00b"):
        assert auditor.get(f"/console/security/?{bad}").status_code == 400, bad
    SecurityEvent.objects.bulk_create(
        SecurityEvent(at=utc_now(), kind="signed_in", host="=cmd|x", username="u") for _ in range(205)
    )
    first = shown(auditor, "/console/security/?host=cmd")
    assert first.count('<tr><th scope="row">') == 100
    last = SecurityEvent.objects.filter(host="=cmd|x").order_by("-id")[99].pk
    assert f"/console/security/?host=cmd&amp;before={last}" in first
    with CaptureQueriesContext(connections["default"]) as asked:
        shown(auditor, f"/console/security/?host=cmd&before={last}")
    assert len(asked) <= 8
    rows = table(auditor.get("/console/security.csv?host=cmd"))
    assert len(rows) == 206
    assert {row[5] for row in rows[1:]} == {"'=cmd|x"}
    for post in (Post.REGION_SUPERVISOR, Post.TIER_SUPERVISOR, Post.BUYER_CLERK):
        client = sign_in(Client(), cast.people[post])
        assert client.get("/console/security/").status_code == 403
        assert client.get("/console/security.csv").status_code == 403


# -- retention --------------------------------------------------------------------------------------------------------


def test_what_has_been_kept_long_enough_goes_and_leaves_one_row(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared_apps.accounts.services.keeping.CHUNK_ROWS", 2)
    now, person = utc_now(), cast.people[Post.BUYER_CLERK]
    second = timedelta(seconds=1)

    def old(days: int, *, more: bool) -> Any:
        return now - timedelta(days=days) - (second if more else -second)

    for more in (True, False):
        SecurityEvent.objects.bulk_create(
            SecurityEvent(at=old(SECURITY_LOG_DAYS, more=more), kind="signed_in") for _ in range(3)
        )
        MallSession.objects.create(
            secret_hash=f"s{more}",
            user=person,
            tenant_code=A,
            created_at=now,
            expires_at=old(ENDED_SESSION_DAYS, more=more),
        )
        HandOff.objects.create(
            secret_hash=f"h{more}",
            user=person,
            tenant_code=A,
            created_at=now,
            expires_at=old(USED_HAND_OFF_DAYS, more=more),
        )
        Session.objects.create(
            session_key=f"k{more}", session_data="", expire_date=now - second if more else now + second
        )
    gone = {"security_events": 3, "mall_sessions": 1, "hand_offs": 1, "web_sessions": 1}
    assert purge_records(now=now) == gone
    row = RegionJournalEntry.objects.get(event="accounts.records_purged")
    assert {key: row.facts[key] for key in gone} == gone
    assert purge_records(now=now) == dict.fromkeys(gone, 0)
    assert RegionJournalEntry.objects.filter(event="accounts.records_purged").count() == 1
    kept = (SecurityEvent.objects.count(), MallSession.objects.get().secret_hash, HandOff.objects.get().secret_hash)
    assert kept == (3, "sFalse", "hFalse")
    assert Session.objects.get().session_key == "kFalse"


def test_only_the_owner_takes_rows_from_the_log(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    SecurityEvent.objects.create(at=utc_now(), kind="signed_in")
    for login in ("yz_region", "yz_mall", "yz_relay"):
        with region_as(login), pytest.raises(ProgrammingError, match="permission denied"):
            SecurityEvent.objects.all().delete()
    woken: list[dict[str, Any]] = []
    monkeypatch.setattr(tasks.purge, "enqueue", lambda **arguments: woken.append(arguments))
    tasks.order_purge()
    assert woken == [{}]
    tasks.purge.run()
    assert SecurityEvent.objects.count() == 1

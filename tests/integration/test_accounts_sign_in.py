"""Signing in, holding after failures, resetting and inviting."""

from __future__ import annotations

import re
import threading
import time
from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connections
from django.test import Client

from kernel.actor import SYSTEM
from kernel.clock import utc_now
from kernel.posts import Post
from kernel.problems import InvalidInput, NotFound, NotPermitted, TooManyRequests
from shared_apps.accounts import rules, services
from shared_apps.accounts.models import Invitation, Membership, Organisation, SecurityEvent, User
from shared_apps.accounts.rules import OrganisationKind, SecurityKind, is_safe_path, username_of
from shared_apps.accounts.services.organisations import AlreadyMember
from shared_apps.region_journal.models import RegionJournalEntry
from tenants.database.context import region_atomic
from tests.factories.people import PASSWORD, actor_of, join, letters, make_organisation, make_user, sign_in

WRONG = "not the password"


def _post(client: Client, username: str, password: str, address: str = "10.0.0.1", **data: str):  # type: ignore[no-untyped-def]
    body = {"username": username, "password": password, **data}
    return client.post("/sign-in/", body, HTTP_HOST="localhost", REMOTE_ADDR=address)


def _kinds() -> list[str]:
    return list(SecurityEvent.objects.order_by("id").values_list("kind", flat=True))


def test_signing_in_opens_a_new_session_and_is_logged() -> None:
    user, client = make_user("zhang.san", "张三"), Client()
    answer = _post(client, "ＺＨＡＮＧ.san ", PASSWORD)
    assert (answer.status_code, answer["Location"]) == (303, "/account/")
    assert client.get("/account/", HTTP_HOST="localhost").status_code == 200
    event = SecurityEvent.objects.get()
    assert (event.kind, event.user_id, event.username, event.host) == ("signed_in", user.pk, "zhang.san", "localhost")
    assert re.fullmatch("[0-9a-f]{64}", event.address_hash)
    assert "10.0.0.1" not in str(event.__dict__)


def test_a_planted_session_does_not_become_the_persons() -> None:
    make_user("zhang.san")
    client = Client()
    _post(client, "zhang.san", PASSWORD)
    before = client.cookies["yz_region"].value
    _post(client, "zhang.san", PASSWORD)
    assert client.cookies["yz_region"].value != before


def test_name_and_password_are_refused_alike() -> None:
    make_user("zhang.san")
    closed = make_user("li.si")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    answers = [
        _post(Client(), name, password)
        for name, password in (("zhang.san", WRONG), ("nobody", PASSWORD), ("li.si", PASSWORD))
    ]
    assert [answer.status_code for answer in answers] == [400, 400, 400]
    bodies = {re.sub(r'value="[^"]*"', "", answer.content.decode()) for answer in answers}
    assert len(bodies) == 1
    assert _kinds() == ["sign_in_failed"] * 3
    assert list(SecurityEvent.objects.order_by("id").values_list("username", flat=True)) == ["zhang.san", "", "li.si"]


@pytest.mark.parametrize("name", ["zhang.san", "nobody"])
def test_five_failures_hold_the_name_at_that_address(name: str) -> None:
    make_user("zhang.san")
    for _ in range(rules.SIGN_IN_FAILURES_PER_NAME_AND_ADDRESS):
        assert _post(Client(), name, WRONG).status_code == 400
    held = _post(Client(), name, PASSWORD)
    assert held.status_code == 429
    assert 0 < int(held["Retry-After"]) <= rules.SIGN_IN_WINDOW_MINUTES * 60 + 1
    elsewhere = _post(Client(), name, PASSWORD, "10.0.0.2")
    assert elsewhere.status_code == (303 if name == "zhang.san" else 400)


def test_the_hold_ends_with_the_window() -> None:
    make_user("zhang.san")
    now = utc_now()
    where = {"address": "10.0.0.1", "host": "localhost"}
    for _ in range(rules.SIGN_IN_FAILURES_PER_NAME_AND_ADDRESS):
        with pytest.raises(services.SignInRefused):
            services.check_sign_in(username="zhang.san", password=WRONG, now=now, **where)
    window = timedelta(minutes=rules.SIGN_IN_WINDOW_MINUTES)
    late = now + window - timedelta(seconds=1)
    with pytest.raises(services.SignInHeld) as held:
        services.check_sign_in(username="zhang.san", password=PASSWORD, now=late, **where)
    assert held.value.facts == {"retry_after_seconds": 2}
    services.check_sign_in(username="zhang.san", password=PASSWORD, now=now + window, **where)


def test_a_success_clears_the_count() -> None:
    make_user("zhang.san")
    for password in [WRONG] * 4 + [PASSWORD] + [WRONG] * 4:
        _post(Client(), "zhang.san", password)
    assert _post(Client(), "zhang.san", PASSWORD).status_code == 303


def test_many_addresses_guessing_one_name_are_held() -> None:
    make_user("zhang.san")
    now, where = utc_now(), {"host": "localhost"}
    for number in range(rules.SIGN_IN_FAILURES_PER_NAME):
        with pytest.raises(services.SignInRefused):
            services.check_sign_in(username="zhang.san", password=WRONG, address=f"10.1.0.{number}", now=now, **where)
    with pytest.raises(services.SignInHeld):
        services.check_sign_in(username="zhang.san", password=PASSWORD, address="10.2.0.1", now=now, **where)


def test_parallel_guesses_are_counted() -> None:
    make_user("zhang.san")
    statuses: list[int] = []
    barrier = threading.Barrier(10)

    def guess() -> None:
        try:
            barrier.wait(timeout=10)
            statuses.append(_post(Client(), "zhang.san", WRONG).status_code)
        finally:
            for connection in connections.all():
                connection.close_kept()

    threads = [threading.Thread(target=guess) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(statuses) == [400] * 5 + [429] * 5


def test_the_security_log_is_append_only() -> None:
    _post(Client(), "nobody", WRONG)
    for statement in ("UPDATE accounts_securityevent SET kind = 'x'", "DELETE FROM accounts_securityevent"):
        with pytest.raises(ProgrammingError, match="permission denied"), connections["default"].cursor() as cursor:
            cursor.execute(statement)


def test_a_denied_person_is_logged() -> None:
    user = make_user()
    client = sign_in(Client(), user)
    assert client.get("/account/organisations/").status_code == 403
    event = SecurityEvent.objects.get(kind=SecurityKind.ACCESS_DENIED)
    assert (event.user_id, event.facts) == (user.pk, {"method": "GET", "path": "/account/organisations/"})
    assert sign_in(Client(), user, "990001").get("/bureau/people/").status_code == 403
    assert SecurityEvent.objects.filter(kind=SecurityKind.ACCESS_DENIED, host="990001.localhost").count() == 1


def test_writes_are_throttled(settings) -> None:  # type: ignore[no-untyped-def]
    settings.YZ_WRITES_PER_MINUTE = 3
    if time.time() % 60 > 55:
        time.sleep(6)  # the minute must not turn inside the test
    client = sign_in(Client(), make_user())
    statuses = [client.post("/account/password/", {}).status_code for _ in range(4)]
    assert statuses == [400, 400, 400, 429]
    answer = client.post("/account/password/", {})
    assert 0 < int(answer["Retry-After"]) <= 60
    assert client.get("/account/").status_code == 200


def test_changing_the_password_ends_the_other_sessions() -> None:
    user = make_user()
    here, there, mall = sign_in(Client(), user), sign_in(Client(), user), sign_in(Client(), user, "990001")
    new = "Another-2026!pass"
    form = {"old_password": PASSWORD, "new_password": new, "again": new}
    assert here.post("/account/password/", form).status_code == 303
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302
    assert mall.get("/account/").status_code == 302
    assert _post(Client(), user.username, PASSWORD).status_code == 400
    assert _post(Client(), user.username, new).status_code == 303


@pytest.mark.parametrize(
    ("old", "new", "again", "field"),
    [
        (WRONG, "Another-2026!pass", "Another-2026!pass", "old_password"),
        (PASSWORD, "short", "short", "new_password"),
        (PASSWORD, "1234567890123", "1234567890123", "new_password"),
        (PASSWORD, "Another-2026!pass", "different", "again"),
        (PASSWORD, "a" * 129, "a" * 129, "new_password"),
        (PASSWORD, "", "", "new_password"),
    ],
)
def test_a_bad_new_password_changes_nothing(old: str, new: str, again: str, field: str) -> None:
    user = make_user()
    client = sign_in(Client(), user)
    before = User.objects.get(pk=user.pk).password
    answer = client.post("/account/password/", {"old_password": old, "new_password": new, "again": again})
    assert answer.status_code == 400
    assert f'name="{field}"' in answer.content.decode()
    assert User.objects.get(pk=user.pk).password == before


def test_ending_all_sessions_keeps_this_one() -> None:
    user = make_user()
    here, there, mall = sign_in(Client(), user), sign_in(Client(), user), sign_in(Client(), user, "990001")
    assert here.post("/account/sessions/end/").status_code == 303
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302
    assert mall.get("/account/").status_code == 302


def _link(kind: str) -> str:
    found = re.search(rf"/{kind}/\S+", letters()[-1].body)
    assert found
    return found.group()


def test_the_reset_is_neutral_and_works_once() -> None:
    user, client = make_user(email="zhang@example.cn"), Client(HTTP_HOST="localhost")
    open_session = sign_in(Client(), user)
    unknown = client.post("/password-reset/", {"email": "nobody@example.cn"})
    known = client.post("/password-reset/", {"email": "Zhang@example.cn"})
    assert (unknown.status_code, unknown["Location"]) == (known.status_code, known["Location"]) == (303, "/sign-in/")
    assert len(letters()) == 1
    assert letters()[0].to == ["zhang@example.cn"]
    link = _link("password-reset")
    assert client.get(link).status_code == 200
    new = {"password": "Another-2026!pass", "again": "Another-2026!pass"}
    assert client.post(link, new).status_code == 303
    assert client.post(link, new).status_code == 404
    assert client.get(link).status_code == 404
    assert open_session.get("/account/").status_code == 302
    assert _post(Client(), user.username, "Another-2026!pass").status_code == 303
    assert [kind for kind in _kinds() if "reset" in kind] == ["reset_asked", "reset_asked", "password_reset"]


@pytest.mark.parametrize("link", ["MQ/abc", "!!/x-y", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5/x-y", "4pi6/x-y"])
def test_a_bad_reset_link_is_a_clear_problem(link: str) -> None:
    assert Client().get(f"/password-reset/{link}/", HTTP_HOST="localhost").status_code == 404


def test_resets_are_throttled_whoever_the_mailbox_belongs_to() -> None:
    for _ in range(rules.RESETS_PER_MAILBOX):
        services.ask_reset(email="nobody@example.cn", address="10.0.0.1", host="localhost", now=utc_now())
    with pytest.raises(TooManyRequests):
        services.ask_reset(email="NOBODY@example.cn", address="10.0.0.2", host="localhost", now=utc_now())


# -- organisations and invitations --------------------------------------------------------------------------------
def test_a_supplier_invites_its_sales_people() -> None:
    boss, firm = make_user(name="老板"), make_organisation(OrganisationKind.SUPPLIER, name="昆仑公司")
    join(boss, firm, [Post.SUPPLIER_ADMIN])
    invitation = services.invite(
        actor=actor_of(boss), organisation_id=firm.pk, name="小王", email="w@example.cn",
        posts=[Post.SUPPLIER_SALES], now=utc_now(),
    )  # fmt: skip
    link, client = _link("invitations"), Client(HTTP_HOST="localhost")
    assert "昆仑公司" in client.get(link).content.decode()
    form = {"username": "xiao.wang", "password": PASSWORD, "again": PASSWORD}
    assert client.post(link, form).status_code == 303
    assert client.get("/api/v1/me/").json()["held"] == [
        {"post": "supplier_sales", "organisation_id": firm.pk, "unit_id": None}
    ]
    assert client.post(link, {**form, "username": "second"}).status_code == 404
    invitation.refresh_from_db()
    assert invitation.accepted_by == User.objects.get(username="xiao.wang").pk
    events = RegionJournalEntry.objects.order_by("id").values_list("event", flat=True)
    assert list(events)[-3:] == ["accounts.person_invited", "accounts.user_created", "accounts.invitation_accepted"]


def test_an_invitation_ends_with_time_withdrawal_and_resending() -> None:
    firm = make_organisation(OrganisationKind.SUPPLIER)
    what = {"actor": SYSTEM, "organisation_id": firm.pk, "name": "小王", "email": "w@example.cn", "posts": []}
    old = utc_now() - timedelta(days=7)
    client = Client(HTTP_HOST="localhost")
    services.invite(**what, now=old)
    assert client.get(_link("invitations")).status_code == 404
    invitation = services.invite(**what, now=utc_now())
    first = _link("invitations")
    services.resend_invitation(actor=SYSTEM, key=invitation.key, now=utc_now())
    assert client.get(first).status_code == 404
    second = _link("invitations")
    assert client.get(second).status_code == 200
    services.withdraw_invitation(actor=SYSTEM, key=invitation.key, now=utc_now())
    assert client.get(second).status_code == 404
    with pytest.raises(NotFound):
        services.withdraw_invitation(actor=SYSTEM, key=invitation.key, now=utc_now())


def test_a_person_with_an_account_joins_with_it() -> None:
    firm, user = make_organisation(OrganisationKind.SUPPLIER), make_user()
    services.invite(
        actor=SYSTEM, organisation_id=firm.pk, name="小王", email="w@example.cn", posts=[Post.SUPPLIER_SALES],
        now=utc_now(),
    )  # fmt: skip
    client = sign_in(Client(), user)
    assert client.post(_link("invitations") + "join/").status_code == 303
    assert actor_of(user).posts == {Post.SUPPLIER_SALES}


@pytest.mark.parametrize("username", ["ab", "1abc", "a" * 41, "王小明", "a b c", "taken", "<script>"])
def test_a_bad_name_makes_no_account(username: str) -> None:
    make_user("taken")
    firm = make_organisation(OrganisationKind.SUPPLIER)
    services.invite(actor=SYSTEM, organisation_id=firm.pk, name="王", email="w@example.cn", posts=[], now=utc_now())
    form = {"username": username, "password": PASSWORD, "again": PASSWORD}
    answer = Client().post(_link("invitations"), form, HTTP_HOST="localhost")
    assert answer.status_code in {400, 409}
    assert User.objects.count() == 1
    assert Invitation.objects.get().accepted_at is None


def test_an_organisation_holds_posts_of_its_kind_only() -> None:
    firm, user = make_organisation(OrganisationKind.SUPPLIER), make_user()
    for post in set(Post) - {Post.SUPPLIER_ADMIN, Post.SUPPLIER_SALES}:
        with pytest.raises(InvalidInput):
            join(user, firm, [post])
    assert Membership.objects.count() == 0


def test_strangers_manage_nobody() -> None:
    stranger, other = make_user(), make_organisation(OrganisationKind.SUPPLIER)
    own = make_organisation(OrganisationKind.SUPPLIER)
    join(stranger, own, [Post.SUPPLIER_ADMIN])
    actor, now = actor_of(stranger), utc_now()
    member = join(make_user(), other, [Post.SUPPLIER_SALES])
    with pytest.raises(NotFound):
        services.invite(actor=actor, organisation_id=other.pk, name="a", email="a@b.cn", posts=[], now=now)
    with pytest.raises(NotFound):
        services.end_membership(actor=actor, membership_id=member.pk, now=now)
    with pytest.raises(NotFound):
        services.change_posts(actor=actor, membership_id=member.pk, posts=[], now=now)
    with pytest.raises(NotPermitted):
        services.create_organisation(
            actor=actor, kind=OrganisationKind.SUPPLIER, code="X", name="X", tenant_code=None, now=now
        )
    with pytest.raises(NotPermitted):
        services.create_user(actor=actor, username="abcd", name="a", email="", password=PASSWORD, now=now)


def test_a_bureau_sets_up_units_of_its_own_level() -> None:
    user = make_user()
    join(user, make_organisation(OrganisationKind.FINANCE_BUREAU, tenant_code="990001"), [Post.TIER_SUPERVISOR])
    what = {
        "actor": actor_of(user),
        "kind": OrganisationKind.BUDGET_UNIT,
        "code": "001",
        "name": "中学",
        "now": utc_now(),
    }
    assert services.create_organisation(**what, tenant_code="990001").tenant_code == "990001"
    with pytest.raises(services.OrganisationExists):
        services.create_organisation(**what, tenant_code="990001")
    with pytest.raises(NotPermitted):
        services.create_organisation(**what, tenant_code="990002")


def test_nobody_belongs_twice() -> None:
    firm, user = make_organisation(OrganisationKind.SUPPLIER), make_user()
    join(user, firm)
    with pytest.raises(AlreadyMember):
        join(user, firm)


def test_the_database_knows_that_units_belong_to_a_level() -> None:
    for kind, tenant in (("budget_unit", None), ("supplier", "990001")):
        with pytest.raises(IntegrityError, match="organisation_of_a_tenant_names_it"), region_atomic():
            Organisation.objects.create(kind=kind, code="1", name="1", tenant_code=tenant, created_at=utc_now())


def test_the_relay_makes_an_invitation_of_a_malls_own_units_only() -> None:
    from shared_apps.accounts.consumers import make_invitation
    from tenants.database.context import region_as
    from tenants.journaling.consumers import RelayedEntry

    unit = make_organisation(OrganisationKind.BUDGET_UNIT, tenant_code="990001")
    bureau = make_organisation(OrganisationKind.FINANCE_BUREAU, tenant_code="990001")

    def entry(tenant: str, organisation: Organisation, key: str) -> RelayedEntry:
        facts = {
            "invitation_key": key, "name": "小王", "email": "w@example.cn", "organisation_id": organisation.pk,
            "unit_id": 1, "posts": ["buyer_clerk"],
        }  # fmt: skip
        return RelayedEntry(
            tenant, 1, 1, utc_now(), "access.person_invited", 1, 5, "", unit.pk, "invitation", key, facts
        )

    first = "00000000-0000-4000-8000-000000000001"
    with region_as("yz_relay"):
        for row in (
            entry("990001", unit, first),
            entry("990001", unit, first),
            entry("990002", unit, first[:-1] + "2"),
            entry("990001", bureau, first[:-1] + "3"),
        ):
            with region_atomic():
                make_invitation(row)
    invitation = Invitation.objects.get()
    assert (str(invitation.key), invitation.posts, invitation.invited_by) == (first, [], 5)
    assert len(letters()) == 1


@pytest.mark.parametrize(
    ("path", "safe"),
    [("/", True), ("/a?b=/c", True), ("", False), ("//a", False), ("a", False), ("/\\a", False), ("/a\nb", False)],
)
def test_safe_paths(path: str, safe: bool) -> None:
    assert is_safe_path(path) is safe


def test_usernames_have_one_spelling() -> None:
    assert username_of(" Ｚhang.SAN") == "zhang.san"

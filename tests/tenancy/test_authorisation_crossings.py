"""Routes x methods x posts x {own, other mall, region, foreign session, same id in both malls, id of nothing}.

tests/api/test_authorisation_matrix.py asks who may call a route at all. Here everybody of mall A knocks on everything
of mall B, whose rows have the same ids, and on everything of the region that is B's: nothing of it answers with 2xx,
no word of B's is in any answer, and B's schema stays as it is to the byte.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from django.test import Client

from kernel.access import Route
from kernel.posts import Post
from shared_apps.accounts.middleware import MALL_COOKIE
from tests.checksums import schema_checksum
from tests.factories.cast import GRANTED_POSTS
from tests.factories.two_malls import LOCAL_POSTS, OVERSEERS, Mall
from tests.matrix import rooms
from tests.tenancy.crossing import (
    Askers,
    ask,
    body_of,
    calls,
    found_in,
    id_name,
    parameters_of,
    paths,
    permits,
    random_path,
    summary,
)

# Answered to everybody who is signed in, wherever their posts are: says who they are, or sends them on.
OF_ANYBODY = frozenset({"access:account", "access_api:me"})
# Ends the session it is called with, or gives a person's own away: they have tests of their own.
ENDS_THE_SESSION = frozenset({"accounts:sign_out", "access:sign_out", "accounts:end_sessions"})
# Any signed-in person may go to any mall and hold nothing there.
OPEN_TO_STRANGERS = frozenset({"accounts:enter_mall"})
# Parameters that name nothing of one mall: the libraries', the rules', somebody's secret link, a public drawing.
NOBODYS = frozenset(
    {
        "version_id",
        "product_code",
        "month",
        "module",
        "secret",
        "uid",
        "token",
        "number",
        "division_code",
        "place",
        "channel",
        "year",
        "position",
    }
)
# Applications, tariffs, bulk jobs, sendings, rules of shares and comparisons of fees are the region's own papers, for
# its staff only: the other matrix tries that.
OF_THE_REGION = frozenset({"application_id", "version", "job_id", "delivery_id", "rule_id", "run_id"})
# The region's libraries are one for all malls: who vets, sells or registers there reaches them by organisation and
# level, not by mall. The tests of each library try strangers.
LIBRARIES = frozenset(
    {"agencies", "classification", "exchange", "listings", "products", "sanctions", "scores", "suppliers"}
)
# What a unit of one mall keeps in a library: its agreements with agencies and what it said of them.
OF_A_UNIT = frozenset({"agreement_id", "evaluation_id"})
# Who must not see the other mall at all.
ASKING = tuple(post for post in GRANTED_POSTS if post not in OVERSEERS)
COOKIES = (MALL_COOKIE, "yz_region")
SIGN_IN = frozenset({301, 302, 303, 401})


def _wrong(route: Route, who: object, method: str, path: str, answer: Any) -> str:
    return f"{method} {path} ({route.name}) as {who}: {answer.status_code}"


def _of_a_library(route: Route) -> bool:
    is_library = route.name.partition(":")[0].removesuffix("_api") in LIBRARIES
    return is_library and OF_A_UNIT.isdisjoint(parameters_of(route))


def _of_a_mall(route: Route) -> bool:
    if _of_a_library(route):
        return False
    names = {id_name(route, name) for name in parameters_of(route)}
    return bool(names - NOBODYS - OF_THE_REGION)


def test_every_parameter_of_a_route_is_somebody_s(malls: tuple[Mall, Mall]) -> None:
    """A new parameter needs an id of each mall, or a line that says why it is no mall's."""
    mall, other = malls
    unknown = {
        f"{route.name}: {name}"
        for host in ("region", "tenant")
        for route in rooms()[host]
        if not _of_a_library(route)
        for name in (id_name(route, parameter) for parameter in parameters_of(route))
        if not (mall.ids.get(name) and other.ids.get(name)) and name not in NOBODYS | OF_THE_REGION
    }
    assert unknown == set()
    for name in ("order_id", "instruction_id", "holding_id", "line_id", "certificate_id", "unit_id"):
        assert mall.ids[name] == other.ids[name], f"{name} is not the same in both malls"
    assert len(mall.ids["order_id"]) == 11


def test_nobody_of_one_mall_gets_anything_of_the_other(malls: tuple[Mall, Mall], whole: bool) -> None:
    mine, theirs = malls
    before = [schema_checksum(f"t{mall.code}") for mall in malls]
    counts: Counter[str] = Counter()
    faults: list[str] = []
    # Those who hold their posts in every mall, and those who hold theirs in the other one.
    wide = Askers([post for post in ASKING if post not in LOCAL_POSTS], whole=whole)
    local = Askers([post for post in ASKING if post in LOCAL_POSTS], whole=whole, admitted=1)
    for route, method in calls("tenant"):
        assert route.access is not None
        if route.name in ENDS_THE_SESSION:
            continue
        for post in (*wide.of(route), *local.of(route)):
            client = mine.client(post, theirs.code)
            for path in paths(route, theirs):
                answer = ask(client, method, path, body_of(route, theirs) if method != "GET" else "")
                counts["other mall"] += 1
                if answer.status_code >= 500:
                    faults.append(_wrong(route, post, method, path, answer))
                if route.access.public:
                    continue
                if found_in(answer, theirs.marker):
                    faults.append("marker: " + _wrong(route, post, method, path, answer))
                if route.name in OF_ANYBODY:
                    continue
                if not permits(route, post) or post in LOCAL_POSTS:
                    right = answer.status_code in {403, 404}
                elif parameters_of(route):
                    # A supplier, an agency: the post holds in every mall, the object is not theirs.
                    right = answer.status_code == 404 if method == "GET" else answer.status_code in {400, 404}
                else:
                    right = True
                if not right:
                    faults.append(_wrong(route, post, method, path, answer))
    assert faults == []
    assert [schema_checksum(f"t{mall.code}") for mall in malls] == before
    print(summary(counts))


@pytest.mark.parametrize(
    ("host", "cookie"), [("region", MALL_COOKIE), ("tenant", MALL_COOKIE), ("tenant", "yz_region")]
)
def test_a_session_of_elsewhere_is_nobody(malls: tuple[Mall, Mall], host: str, cookie: str, whole: bool) -> None:
    """The cookie of mall A and that of the region, on mall B's host; the cookie of mall A on the region's."""
    mine, theirs = malls
    before = [schema_checksum(f"t{mall.code}") for mall in malls]
    counts: Counter[str] = Counter()
    faults: list[str] = []
    askers = Askers(GRANTED_POSTS, whole=whole, admitted=1)
    clients: dict[Post, Client] = {}
    for route, method in calls(host):
        assert route.access is not None
        for post in askers.of(route):
            source = mine.client(post, mine.code if cookie == MALL_COOKIE else None)
            client = clients.setdefault(
                post, Client(HTTP_HOST="localhost" if host == "region" else f"{theirs.code}.localhost")
            )
            # Under its own name and under the one that this host reads.
            for name in COOKIES:
                client.cookies[name] = source.cookies[cookie].value
            for path in paths(route, theirs):
                answer = ask(client, method, path)
                counts["foreign session"] += 1
                if route.access.public:
                    continue
                if found_in(answer, theirs.marker) or answer.status_code not in SIGN_IN:
                    faults.append(_wrong(route, post, method, path, answer))
    assert faults == []
    assert [schema_checksum(f"t{mall.code}") for mall in malls] == before
    print(summary(counts))


def test_the_region_gives_one_mall_s_people_nothing_of_the_other(malls: tuple[Mall, Mall], whole: bool) -> None:
    mine, theirs = malls
    before = [schema_checksum(f"t{mall.code}") for mall in malls]
    counts: Counter[str] = Counter()
    faults: list[str] = []
    askers = Askers(ASKING, whole=whole)
    for route, method in calls("region"):
        assert route.access is not None
        if route.name in ENDS_THE_SESSION or (method != "GET" and not parameters_of(route)):
            continue
        for post in askers.of(route):
            client = mine.client(post, None)
            for path in paths(route, theirs):
                answer = ask(client, method, path, body_of(route, theirs) if method != "GET" else "")
                counts["region"] += 1
                if answer.status_code >= 500:
                    faults.append(_wrong(route, post, method, path, answer))
                if not route.access.public and found_in(answer, theirs.marker):
                    faults.append("marker: " + _wrong(route, post, method, path, answer))
                if not _of_a_mall(route) or route.name in OPEN_TO_STRANGERS or route.access.public:
                    continue
                right = answer.status_code == 403 if not permits(route, post) else answer.status_code in {400, 403, 404}
                if not right or (method == "GET" and answer.status_code == 400):
                    faults.append(_wrong(route, post, method, path, answer))
    assert faults == []
    assert [schema_checksum(f"t{mall.code}") for mall in malls] == before
    print(summary(counts))


def test_the_same_ids_in_the_own_mall_touch_the_own_rows_only(malls: tuple[Mall, Mall], whole: bool) -> None:
    """Everybody of A does all they may with ids that B has too: A changes, B does not."""
    mine, theirs = malls
    mine_before, theirs_before = (schema_checksum(f"t{mall.code}") for mall in malls)
    counts: Counter[str] = Counter()
    faults: list[str] = []
    askers = Askers(GRANTED_POSTS, whole=whole)
    for route, method in calls("tenant"):
        if route.name in ENDS_THE_SESSION:
            continue
        for post in askers.of(route):
            client = mine.client(post, mine.code)
            for path in paths(route, mine):
                answer = ask(client, method, path, body_of(route, mine) if method != "GET" else "")
                counts["own"] += 1
                counts["own 2xx"] += 200 <= answer.status_code < 300
                if answer.status_code >= 500 or found_in(answer, theirs.marker):
                    faults.append(_wrong(route, post, method, path, answer))
                if not permits(route, post) and answer.status_code not in {403, 404}:
                    faults.append(_wrong(route, post, method, path, answer))
    assert faults == []
    assert schema_checksum(f"t{theirs.code}") == theirs_before
    assert schema_checksum(f"t{mine.code}") != mine_before
    print(summary(counts))


def test_ids_of_nothing_are_not_found(malls: tuple[Mall, Mall], whole: bool) -> None:
    mine, _theirs = malls
    before = [schema_checksum(f"t{mall.code}") for mall in malls]
    counts: Counter[str] = Counter()
    faults: list[str] = []
    for host in ("region", "tenant"):
        askers = Askers(GRANTED_POSTS, whole=whole)
        for route, method in calls(host):
            names = {id_name(route, name) for name in parameters_of(route)}
            if not names - {"tenant", "month", "module"} or ("supplier_id" in names and method != "GET"):
                continue
            for post in askers.of(route):
                client = mine.client(post, mine.code if host == "tenant" else None)
                path = random_path(route)
                answer = ask(client, method, path, body_of(route, mine) if method != "GET" else "")
                counts["id of nothing"] += 1
                if not permits(route, post):
                    right = answer.status_code == 403
                elif method == "GET":
                    right = (
                        answer.status_code in {400, 403, 404, 410}
                        if route.access and route.access.public
                        else answer.status_code == 404
                    )
                else:
                    right = 400 <= answer.status_code < 500
                if not right:
                    faults.append(_wrong(route, post, method, path, answer))
    assert faults == []
    assert [schema_checksum(f"t{mall.code}") for mall in malls] == before
    print(summary(counts))


def test_with_the_rooms_mixed_up_the_other_mall_s_words_are_seen(
    malls: tuple[Mall, Mall], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: a request of A that is handed B's connection shows B's words, here to an auditor on A's host."""
    from tenants.database import context, middleware

    mine, theirs = malls
    entered = context.tenant_ref(theirs.code)
    client = mine.client(Post.AUDITOR, mine.code)
    right = middleware.enter_tenant

    def confused(ref: Any) -> None:
        right(ref)
        context._wrapper("tenant").select_login(context.tenant_login(entered.schema_name))

    order = f"/orders/{mine.ids['order_id'][0]}/"
    assert not found_in(ask(client, "GET", order), theirs.marker)
    monkeypatch.setattr(middleware, "enter_tenant", confused)
    assert found_in(ask(client, "GET", order), theirs.marker)

"""Every route of both hosts, by every role: nobody gets through who may not, and nothing changes on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from django.test import Client

from kernel.access import Access, Route
from kernel.posts import Post
from tests.checksums import schema_checksum
from tests.factories.cast import Cast, build_cast
from tests.factories.people import make_user, sign_in
from tests.matrix import rooms, sample_path
from tests.sampling import Turns

A, B = "990001", "990002"
# Ends the session it is called with: tried in the tests of accounts.
ENDS_THE_SESSION = frozenset({"accounts:sign_out", "access:sign_out"})


@pytest.fixture(scope="module")
def people(kept_world: Callable[[], None]) -> Cast:
    cast = build_cast(A)
    kept_world()
    return cast


@pytest.fixture
def cast(people: Cast, room: None) -> Cast:
    return people


class Doors:
    """The clients of a host by post, signed in when they are first needed."""

    def __init__(self, cast: Cast, host: str) -> None:
        self.cast, self.host = cast, host
        self.clients: dict[Post, Client] = {}

    def client(self, post: Post) -> Client:
        if post not in self.clients:
            self.clients[post] = sign_in(Client(), self.cast.people[post], None if self.host == "region" else A)
        return self.clients[post]


def _permits(access: Access, post: Post | None) -> bool:
    return access.public or (post is not None and (access.posts is None or post in access.posts))


def _calls(room: str) -> list[tuple[Route, str, str]]:
    return [
        (route, method, sample_path(route.pattern))
        for route in rooms()[room]
        if route.name not in ENDS_THE_SESSION
        for method in route.methods
    ]


def _ask(client: Client, route: Route, method: str, path: str) -> int:
    if path.startswith("/api/"):
        answer = client.generic(method, path, "{}" if method != "GET" else "", "application/json")
    else:
        answer = client.generic(method, path, "", "application/x-www-form-urlencoded")
    assert answer.status_code < 500, (method, path, answer.content[:2000])
    return answer.status_code


def _checksums() -> list[str]:
    return [schema_checksum(schema) for schema in ("t990001", "t990002")]


@pytest.mark.parametrize("host", ["region", "tenant"])
def test_who_may_not_is_refused_and_changes_nothing(cast: Cast, host: str, whole: bool) -> None:
    before = _checksums()
    tried: Counter[Post] = Counter()
    doors, turns = Doors(cast, host), Turns(2, whole=whole)
    for route, method, path in _calls(host):
        assert route.access is not None
        for post in turns.of(post for post in cast.people if not _permits(route.access, post)):
            assert _ask(doors.client(post), route, method, path) == 403, (post, method, path)
            tried[post] += 1
    assert set(tried) == set(cast.people)
    assert _checksums() == before


@pytest.mark.parametrize("host", ["region", "tenant"])
def test_strangers_are_asked_to_sign_in(host: str) -> None:
    client = Client(HTTP_HOST="localhost" if host == "region" else "990001.localhost")
    before = _checksums()
    for route, method, path in _calls(host):
        assert route.access is not None
        if not route.access.public:
            status = _ask(client, route, method, path)
            assert status == 401 if path.startswith("/api/") else status in {302, 303}, (method, path, status)
    assert _checksums() == before


@pytest.mark.parametrize("host", ["region", "tenant"])
def test_who_may_gets_past_the_door(cast: Cast, host: str, whole: bool) -> None:
    """Past the route's door there are still objects: a stranger's is answered like one that does not exist."""
    doors, turns = Doors(cast, host), Turns(2, whole=whole)
    for route, method, path in _calls(host):
        assert route.access is not None
        if method == "GET":
            for post in turns.of(post for post in cast.people if _permits(route.access, post)):
                assert _ask(doors.client(post), route, method, path) not in {401, 403, 405}, (post, method, path)


def test_a_session_of_one_mall_opens_no_other(cast: Cast) -> None:
    client = sign_in(Client(), cast.people[Post.BUYER_CLERK], A)
    client.defaults["HTTP_HOST"] = "990002.localhost"
    for route, method, path in _calls("tenant"):
        assert route.access is not None
        if not route.access.public:
            status = _ask(client, route, method, path)
            assert status == 401 if path.startswith("/api/") else status in {302, 303}, (method, path, status)


def test_posts_of_one_mall_count_for_nothing_in_another(cast: Cast) -> None:
    """The clerk of A crosses to B: B's pages for clerks refuse."""
    client = sign_in(Client(), cast.people[Post.BUYER_CLERK], B)
    for route, method, path in _calls("tenant"):
        assert route.access is not None
        if route.access.posts is not None:
            assert _ask(client, route, method, path) == 403, (method, path)


def test_a_person_without_posts_sees_only_what_all_may(cast: Cast) -> None:
    client = sign_in(Client(), make_user())
    for route, method, path in _calls("region"):
        assert route.access is not None
        if route.access.posts is not None:
            assert _ask(client, route, method, path) == 403, (method, path)

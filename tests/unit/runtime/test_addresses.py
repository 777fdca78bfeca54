"""DATABASE_URL and REDIS_URL, taken apart and put together."""

import pytest

from runtime.addresses import DatabaseAddress, check_redis
from runtime.problems import Problem


def test_all_parts() -> None:
    address = DatabaseAddress.parse("postgresql://yz%40region:p%20w%3A%2F@db.example:6432/yz?sslmode=require")

    assert (address.host, address.port, address.database) == ("db.example", 6432, "yz")
    assert (address.user, address.password) == ("yz@region", "p w:/")
    assert address.as_libpq() == {
        "PGHOST": "db.example",
        "PGPORT": "6432",
        "PGDATABASE": "yz",
        "PGUSER": "yz@region",
        "PGPASSWORD": "p w:/",
        "PGSSLMODE": "require",
    }


def test_the_bare_address_holds_no_credentials() -> None:
    address = DatabaseAddress.parse("postgres://owner:secret@127.0.0.1:6432/yz?sslmode=require")

    assert address.bare == "postgres://127.0.0.1:6432/yz?sslmode=require"


def test_an_address_survives_the_way_round() -> None:
    given = DatabaseAddress("::1", 5433, "yz", "yz@region", "p w:/?#%")

    assert DatabaseAddress.parse(given.with_login(given.user, given.password)) == given


def test_defaults() -> None:
    address = DatabaseAddress.parse("postgres:///yz")

    assert (address.host, address.port, address.user, address.password) == ("127.0.0.1", 5432, "", "")


@pytest.mark.parametrize(
    "url",
    [
        "mysql://owner:secret@127.0.0.1/yz",
        "postgres://owner:secret@127.0.0.1",
        "postgres://owner:secret@127.0.0.1/",
        "postgres://owner:secret@127.0.0.1/yz/more",
        "postgres://owner:secret@127.0.0.1:port/yz",
        "postgres://owner:secret@127.0.0.1:99999/yz",
        "postgres://owner:secret@[::1/yz",
        "secret",
    ],
)
def test_a_bad_address_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(Problem) as caught:
        DatabaseAddress.parse(url)

    assert caught.value.code == 2
    assert "secret" not in str(caught.value)


def test_redis() -> None:
    assert check_redis("rediss://:pw@cache.example:6380/1") == "rediss://:pw@cache.example:6380/1"
    with pytest.raises(Problem):
        check_redis("http://cache.example")

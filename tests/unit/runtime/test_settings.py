"""Who gets which secret."""

import hashlib
import hmac
from pathlib import Path

import pytest

from runtime.files import SharedUse, is_used, kept_secret, write_whole
from runtime.layout import Layout
from runtime.postgres import hide_passwords
from runtime.servers import Servers
from runtime.settings import Settings, login_password
from runtime.settings import test_environment as environment_of_tests


@pytest.fixture
def layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    for name in ("DATABASE_URL", "REDIS_URL", "YZ_SECRET", "YZ_DATABASE", "YZ_ENV"):
        monkeypatch.delenv(name, raising=False)
    layout = Layout(tmp_path)
    layout.prepare()
    return layout


@pytest.fixture
def servers(layout: Layout) -> Servers:
    servers = Servers.local(layout)
    servers.postgres.record.facts["port"] = 25432
    servers.valkey.record.facts["port"] = 26379
    return servers


def test_processes_hold_no_owner(layout: Layout, servers: Servers) -> None:
    environment = Settings.of(layout, servers).for_processes()

    assert environment["YZ_DATABASE"] == "postgres://127.0.0.1:25432/yz"
    assert environment["YZ_ENV"] == "local"
    assert "DATABASE_URL" not in environment
    owner = hmac.new(kept_secret(layout.local / "owner_secret").encode(), b"login:yz_owner", hashlib.sha256).hexdigest()
    assert not any(owner in value for value in environment.values())


def test_commands_act_as_the_owner(layout: Layout, servers: Servers) -> None:
    settings = Settings.of(layout, servers)

    password = login_password(kept_secret(layout.local / "owner_secret"), "yz_owner")
    assert settings.for_commands()["DATABASE_URL"] == f"postgres://yz_owner:{password}@127.0.0.1:25432/yz"
    assert settings.for_commands()["YZ_SECRET"] == kept_secret(layout.local / "secret")


def test_addresses_of_the_user_replace_the_embedded(
    layout: Layout, servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://me:pw@db.example/shop")
    monkeypatch.setenv("REDIS_URL", "redis://cache.example/1")

    settings = Settings.of(layout, servers)

    assert settings.for_commands()["DATABASE_URL"] == "postgres://me:pw@db.example/shop"
    assert settings.for_processes()["YZ_DATABASE"] == "postgres://db.example:5432/shop"
    assert settings.for_processes()["REDIS_URL"] == "redis://cache.example/1"
    assert "DATABASE_URL" not in settings.for_processes()
    assert "yz_bench" in Settings.embedded(layout, servers, database="yz_bench").owner_url


def test_tests_never_see_the_users_database(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://me:pw@db.example/shop")
    monkeypatch.setenv("REDIS_URL", "redis://cache.example/1")
    servers = Servers.test(layout)
    servers.postgres.record.facts["port"] = 25433
    servers.valkey.record.facts["port"] = 26380

    environment = environment_of_tests(layout, servers, chromium=None)

    assert "DATABASE_URL" not in environment
    assert "YZ_CHROMIUM" not in environment
    assert environment["REDIS_URL"] == servers.valkey.url
    assert environment["YZ_TEST_DATABASE_ADMIN"].endswith("@127.0.0.1:25433/postgres")


def test_a_secret_is_made_once_and_closed_to_others(tmp_path: Path) -> None:
    secret = kept_secret(tmp_path / "secret")

    assert len(bytes.fromhex(secret)) == 32
    assert kept_secret(tmp_path / "secret") == secret
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    write_whole(tmp_path / "a", "long text\n")
    write_whole(tmp_path / "a", "x")

    assert (tmp_path / "a").read_text() == "x"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_only_the_last_user_leaves_alone(tmp_path: Path) -> None:
    first, second = SharedUse(tmp_path / "use"), SharedUse(tmp_path / "use")

    assert is_used(tmp_path / "use")
    assert first.leave() is False
    assert second.leave() is True
    assert not is_used(tmp_path / "use")


def test_passwords_are_hidden_in_what_psql_says() -> None:
    said = "LINE 1: ALTER ROLE yz_owner WITH LOGIN PASSWORD 'abc' VALID\nSTATEMENT: create role r password 'd e'"

    assert hide_passwords(said) == (
        "LINE 1: ALTER ROLE yz_owner WITH LOGIN PASSWORD '…' VALID\nSTATEMENT: create role r password '…'"
    )

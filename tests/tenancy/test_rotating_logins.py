"""New passwords for logins: the old one is refused, the new one let in, other malls not touched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from django.core.management import CommandError, call_command

from kernel.clock import utc_now
from shared_apps.region_journal.models import RegionJournalEntry
from tenants.database.context import owner_of, region_as
from tenants.database.logins import password_of
from tenants.provisioning.services import create_tenant
from tests.environment import admin_url, database_name
from tests.tenancy.catalogues import throw_away

CODE = "990003"
OTHER = "another-secret-0123456789abcdef0123456789"


@pytest.fixture
def third(room: None) -> Iterator[str]:
    from tenants.divisions.models import Division

    with region_as("yz_region"):
        Division.objects.create(code=CODE, name="测试丙县", level="county", parent_id="650000")
    throw_away(CODE)
    with owner_of("public"):
        create_tenant(code=CODE, now=utc_now())
    yield f"t{CODE}"
    throw_away(CODE)


def lets_in(role: str, password: str) -> bool:
    parts = psycopg2.extensions.parse_dsn(admin_url(database_name()))
    try:
        psycopg2.connect(**{**parts, "user": role, "password": password}).close()
    except psycopg2.OperationalError as error:
        assert "password authentication failed" in str(error)  # noqa: PT017
        return False
    return True


def test_one_mall_s_login_gets_a_new_password(third: str, settings: Any) -> None:
    before = password_of(third)
    assert lets_in(third, before)
    settings.YZ_LOGIN_SECRET = OTHER
    after = password_of(third)
    with pytest.raises(CommandError, match="say --yes"):
        call_command("rotate_logins", CODE)
    assert lets_in(third, before), "nothing without a yes"
    call_command("rotate_logins", CODE, yes=True, quiet=True)
    assert (lets_in(third, before), lets_in(third, after)) == (False, True)
    settings.YZ_LOGIN_SECRET = settings.YZ_SECRET
    assert lets_in("t990001", password_of("t990001")), "the others have theirs"
    with region_as("yz_region"):
        entry = RegionJournalEntry.objects.filter(event="upkeep.logins_rotated").get()
    assert entry.facts == {"logins": 1}

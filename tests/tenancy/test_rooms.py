"""Two rooms: what selecting does, and what it refuses."""

from __future__ import annotations

import pytest
from django.db import connections

from kernel import events
from kernel.actor import SYSTEM
from kernel.clock import utc_now
from tenant_apps.journal.models import JournalEntry
from tenant_apps.journal.services import record
from tenants.database.base import NoRoomSelected, RoomSwitchInTransaction
from tenants.database.context import tenant_atomic, tenant_selected
from tenants.database.models import WrongTenant
from tenants.journaling.writing import NotInTransaction

A, B = "990001", "990002"

if "tests.rooms_tried" not in events._declared:
    events.declare(events.EventType("tests.rooms_tried", 1, {"note": str}))


def _record(note: str) -> int:
    with tenant_atomic():
        return record(
            actor=SYSTEM,
            event="tests.rooms_tried",
            object_type="room",
            object_id=1,
            facts={"note": note},
            now=utc_now(),
        )


def _who() -> tuple[str, str]:
    with connections["tenant"].cursor() as cursor:
        cursor.execute("SELECT current_user, current_setting('search_path')")
        return cursor.fetchone()


def test_each_tenant_is_a_login_with_a_path_of_its_own() -> None:
    with tenant_selected(A):
        assert _who() == ("t990001", "t990001")
        with tenant_selected(B):
            assert _who() == ("t990002", "t990002")
        assert _who() == ("t990001", "t990001")


def test_no_tenant_selected_raises() -> None:
    with pytest.raises(NoRoomSelected):
        JournalEntry.objects.count()


def test_another_tenant_inside_a_transaction_raises() -> None:
    with (
        tenant_selected(A),
        tenant_atomic(),
        pytest.raises(RoomSwitchInTransaction),
        tenant_selected(B),
    ):
        pass


def test_rows_stay_in_their_tenant() -> None:
    with tenant_selected(A):
        _record("a")
        assert list(JournalEntry.objects.values_list("facts", flat=True)) == [{"note": "a"}]
    with tenant_selected(B):
        assert JournalEntry.objects.count() == 0


def test_a_row_of_one_tenant_is_not_saved_into_another() -> None:
    with tenant_selected(A):
        key = _record("a")
        row = JournalEntry.objects.get(pk=key)
    with tenant_selected(B), pytest.raises(WrongTenant):
        row.save()
    with tenant_selected(B), pytest.raises(WrongTenant):
        row.delete()


def test_the_journal_is_append_only_for_its_login() -> None:
    from django.db import ProgrammingError

    with tenant_selected(A):
        _record("a")
        for statement in (
            "UPDATE journal_journalentry SET event = 'x'",
            "DELETE FROM journal_journalentry",
            "TRUNCATE journal_journalentry",
        ):
            with connections["tenant"].cursor() as cursor, pytest.raises(ProgrammingError):
                cursor.execute(statement)


def test_a_journal_row_outside_a_transaction_is_refused() -> None:
    with tenant_selected(A), pytest.raises(NotInTransaction):
        record(
            actor=SYSTEM, event="tests.rooms_tried", object_type="room", object_id=1, facts={"note": ""}, now=utc_now()
        )

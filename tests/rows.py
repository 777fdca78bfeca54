"""How many rows every table has, in one statement: to prove that a refused request left nothing behind."""

from __future__ import annotations

import psycopg2

from tests.database import SCHEMAS

# May grow without a change of anything: sign-ins come and go, and a denied access is written down on purpose.
EXEMPT = frozenset({"public.django_session", "public.accounts_securityevent"})

_TABLES = """
SELECT string_agg(format('SELECT %%L, count(*) FROM %%I.%%I', schemaname || '.' || tablename, schemaname, tablename),
                  ' UNION ALL ')
FROM pg_tables WHERE schemaname = ANY (%s) AND schemaname || '.' || tablename <> ALL (%s)
"""


class RowCounter:
    """Counts all tables of all rooms; the statement is put together once."""

    def __init__(self, connection: psycopg2.extensions.connection) -> None:
        self.cursor = connection.cursor()
        self.cursor.execute(_TABLES, [list(SCHEMAS), sorted(EXEMPT)])
        (self.statement,) = self.cursor.fetchone()

    def __call__(self) -> dict[str, int]:
        self.cursor.execute(self.statement)
        return dict(self.cursor.fetchall())


def changed(before: dict[str, int], after: dict[str, int]) -> str:
    """The tables whose row counts differ, as text; empty when none does."""
    return ", ".join(f"{name} {before[name]} -> {after[name]}" for name in before if before[name] != after[name])

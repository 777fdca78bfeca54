"""How many rows every table has, in one statement: to prove that a refused request left nothing behind."""

from __future__ import annotations

from collections.abc import Callable, Iterable

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


def moved_by(count: RowCounter, tries: Iterable[tuple[str, Callable[[], None]]], *, each_alone: bool) -> list[str]:
    """Runs every named try; says which of them changed a row.

    All are counted together, unless `each_alone`; where that finds a difference each is run again for its name.
    """
    tried = list(tries)
    before = count()
    if not each_alone:
        for _name, run in tried:
            run()
        difference = changed(before, count())
        if not difference:
            return []
    found = []
    for name, run in tried:
        before = count()
        run()
        if again := changed(before, count()):
            found.append(f"{name}: {again}")
    return found if each_alone or found else [f"somebody, once: {difference}"]

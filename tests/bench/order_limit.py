"""The limit of `order`: one plpgsql function that writes the rows of one order, generated from a real order's rows.

A real order is placed through the product; its rows, read back from the real tables, become the literals of INSERT
statements into the same tables, with the same constraints and indexes, as the tenant's own login. No reads, no checks,
no parsing: only the writing and the commit are left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg2 import sql
from psycopg2.extensions import adapt

PLACE = "bench_place"
HOT = "bench_hot"

# Set by the database: identities, stored expressions and the writing transaction.
_COLUMNS = """
SELECT a.attname, format_type(a.atttypid, a.atttypmod)
  FROM pg_attribute a
 WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped
   AND a.attidentity = '' AND a.attgenerated = '' AND a.atttypid <> 'xid8'::regtype
 ORDER BY a.attnum
"""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one table as text, with the columns that a writer sets and their types."""

    table: str
    types: Mapping[str, str]
    rows: Sequence[Mapping[str, str | None]]

    @classmethod
    def read(cls, cursor: Any, table: str, where: str, values: Sequence[Any]) -> Rows:
        """The rows in the order of their ids. `where` is ours; the schema is the login's own."""
        cursor.execute(_COLUMNS, [table])
        types = dict(cursor.fetchall())
        columns = sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(name)) for name in types)
        query = sql.SQL("SELECT {} FROM {} WHERE {} ORDER BY id").format(columns, sql.Identifier(table), sql.SQL(where))
        cursor.execute(query, values)
        found = [dict(zip(types, row, strict=True)) for row in cursor.fetchall()]
        if not found:
            raise LookupError(f"{table}: the real order wrote no such row")
        return cls(table, types, found)

    def insert(self, expressions: Mapping[str, str] | None = None, *, only: int | None = None) -> str:
        """One INSERT of these rows (or of row `only`); `expressions` replace columns."""
        given = expressions or {}
        chosen = self.rows if only is None else [self.rows[only]]
        values = ",\n    ".join(
            "(" + ", ".join(given.get(name) or self.literal(row[name], name) for name in self.types) + ")"
            for row in chosen
        )
        return f"INSERT INTO {self.table} ({', '.join(self.types)}) VALUES\n    {values}"

    def literal(self, value: str | None, column: str) -> str:
        return "NULL" if value is None else f"{quoted(value)}::{self.types[column]}"


def quoted(text: str) -> str:
    """A literal in UTF-8, whatever the connection thinks."""
    adapted = adapt(text)
    adapted.encoding = "utf-8"
    return str(adapted.getquoted().decode())


def changed(before: Rows, after: Rows) -> dict[str, str]:
    """The columns of the one row that a step changed, with their new values as literals."""
    old, new = before.rows[0], after.rows[0]
    return {name: after.literal(new[name], name) for name in after.types if new[name] != old[name]}


@dataclass(frozen=True, slots=True)
class OrderRows:
    """What one order wrote: `submitted` is its row after the first step, `approved` after the second."""

    submitted: Rows
    approved: Rows
    lines: Rows
    fundings: Rows
    decisions_submit: Rows
    decisions_approve: Rows
    journal_submit: Rows
    journal_approve: Rows
    entries: Rows
    answers: Rows | None

    def counted(self) -> int:
        """Rows inserted by the function; the order's and the budget line's updates come on top."""
        parts = (
            *(self.submitted, self.lines, self.fundings, self.decisions_submit, self.decisions_approve),
            *(self.journal_submit, self.journal_approve, self.entries),
        )
        return sum(len(part.rows) for part in parts) + (len(self.answers.rows) if self.answers else 0)


def place_function(rows: OrderRows) -> str:
    """The function that writes a whole order, submitted and approved, on the budget line it is given."""
    body = [f"{rows.submitted.insert()} RETURNING id INTO new_order;"]
    # One funding a line: the order is paid from one budget line.
    for number in range(len(rows.lines.rows)):
        body.append(f"{rows.lines.insert({'order_id': 'new_order'}, only=number)} RETURNING id INTO new_line;")
        funding = {"order_line_id": "new_line", "budget_line_id": "line"}
        body.append(f"{rows.fundings.insert(funding, only=number)};")
    of_order = {"order_id": "new_order"}
    in_journal = {"object_id": "new_order::text"}
    body += [f"{rows.decisions_submit.insert(of_order)};", f"{rows.journal_submit.insert(in_journal)};"]
    if rows.answers is not None:
        keys = {"key": "gen_random_uuid()::text"}
        body += [f"{rows.answers.insert(keys, only=number)};" for number in range(len(rows.answers.rows))]
    changes = changed(rows.submitted, rows.approved)
    sets = ", ".join(f"{name} = {value}" for name, value in changes.items())
    body += [
        f"UPDATE {rows.approved.table} SET {sets} WHERE id = new_order;",
        f"{rows.decisions_approve.insert(of_order)};",
        f"{rows.journal_approve.insert(in_journal)};",
        f"{rows.entries.insert({**of_order, 'line_id': 'line'})};",
        _freeze(rows.entries),
        "RETURN new_order;",
    ]
    return _function(PLACE, "line bigint", "new_order bigint; new_line bigint;", body)


def hot_function(rows: OrderRows) -> str:
    """Only what the hot budget line sees: a journal row, an entry, and the conditional update last."""
    body = [
        f"{rows.journal_approve.insert({'object_id': 'new_order::text'})};",
        f"{rows.entries.insert({'order_id': 'new_order', 'line_id': 'line', 'amount': '0.01'})};",
        _freeze(rows.entries, amount="0.01"),
        "RETURN new_order;",
    ]
    return _function(HOT, "line bigint", "new_order bigint := nextval('bench_hot_orders');", body)


def _freeze(entries: Rows, *, amount: str = "") -> str:
    amount = amount or entries.literal(entries.rows[0]["amount"], "amount")
    return (
        f"UPDATE budgets_budgetline SET frozen = frozen + {amount} "
        f"WHERE id = line AND is_open AND total - frozen - spent >= {amount};\n"
        "IF NOT FOUND THEN RAISE EXCEPTION 'too little budget'; END IF;"
    )


def _function(name: str, parameters: str, declared: str, body: Sequence[str]) -> str:
    text = "\n".join(body)
    return (
        f"CREATE OR REPLACE FUNCTION {name}({parameters}) RETURNS bigint LANGUAGE plpgsql AS $bench$\n"
        f"DECLARE {declared}\nBEGIN\n{text}\nEND\n$bench$"
    )

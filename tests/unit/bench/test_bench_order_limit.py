"""The limit's function is generated from the rows of a real order."""

from __future__ import annotations

from tests.bench.databases import pgbench_count
from tests.bench.order_limit import OrderRows, Rows, changed, hot_function, place_function, quoted

ORDER = {"state": "varchar(24)", "note": "text", "total": "numeric(18,2)", "placed_at": "timestamptz"}


def one(table: str, **columns: str | None) -> Rows:
    return Rows(table, dict.fromkeys(columns, "text"), [columns])


def order(**changes: str | None) -> Rows:
    row = {"state": "pending_approval", "note": "O'Neil \\ 王", "total": "60.00", "placed_at": None, **changes}
    return Rows("orders_order", ORDER, [row])


def captured() -> OrderRows:
    lines = Rows("orders_orderline", {"order_id": "bigint", "title": "text"}, [
        {"order_id": "7", "title": "纸"},
        {"order_id": "7", "title": "笔"},
    ])  # fmt: skip
    fundings = Rows(
        "orders_orderfunding",
        {"order_line_id": "bigint", "budget_line_id": "bigint", "amount": "numeric"},
        [
            {"order_line_id": "1", "budget_line_id": "3", "amount": "20"},
            {"order_line_id": "2", "budget_line_id": "3", "amount": "40"},
        ],
    )
    return OrderRows(
        submitted=order(),
        approved=order(state="placed", placed_at="2026-11-23 00:00:00+00"),
        lines=lines,
        fundings=fundings,
        decisions_submit=one("orders_orderdecision", order_id="7", occasion="submit"),
        decisions_approve=one("orders_orderdecision", order_id="7", occasion="approve"),
        journal_submit=one("journal_journalentry", object_id="7", event="orders.submitted"),
        journal_approve=one("journal_journalentry", object_id="7", event="orders.approved"),
        entries=one("budgets_budgetentry", order_id="7", line_id="3", amount="60.00"),
        answers=one("idempotency_idempotencykey", key="k", answer="{}"),
    )


def test_literals_carry_their_type_and_survive_quotes() -> None:
    assert quoted("O'Neil") == "'O''Neil'"
    row = order()
    assert row.literal(None, "placed_at") == "NULL"
    assert row.literal("60.00", "total") == "'60.00'::numeric(18,2)"


def test_an_insert_names_every_column_and_replaces_the_asked_ones() -> None:
    lines = captured().lines
    assert lines.insert({"order_id": "new_order"}, only=1) == (
        "INSERT INTO orders_orderline (order_id, title) VALUES\n    (new_order, '笔'::text)"
    )
    assert lines.insert().count("'7'::bigint") == 2


def test_only_what_the_second_step_changed_is_updated() -> None:
    rows = captured()
    assert changed(rows.submitted, rows.approved) == {
        "state": "'placed'::varchar(24)",
        "placed_at": "'2026-11-23 00:00:00+00'::timestamptz",
    }


def test_the_function_writes_every_row_and_freezes_last() -> None:
    rows = captured()
    assert rows.counted() == 11
    text = place_function(rows)
    assert text.count("INSERT INTO") == 11
    assert text.count("RETURNING id INTO new_line") == 2
    assert "'3'::bigint" not in text  # the budget line is the function's argument
    assert "'7'" not in text  # nothing points at the captured order
    last = text.index("UPDATE budgets_budgetline SET frozen = frozen + '60.00'::text")
    assert last > text.rindex("INSERT INTO")
    assert text.index("UPDATE orders_order SET state") < last


def test_the_hot_function_is_a_journal_row_an_entry_and_the_balance() -> None:
    text = hot_function(captured())
    assert text.count("INSERT INTO") == 2
    assert text.index("UPDATE budgets_budgetline SET frozen = frozen + 0.01") > text.rindex("INSERT INTO")


def test_count_of_pgbench() -> None:
    assert pgbench_count("number of transactions actually processed: 2903\n") == 2903

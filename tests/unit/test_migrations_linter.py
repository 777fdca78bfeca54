"""Each rule of the migrations' linter: what it refuses, and what it lets pass."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    CreateExtension,
    RemoveIndexConcurrently,
    ValidateConstraint,
)
from django.db import models
from django.db.migrations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    AlterModelTable,
    CreateModel,
    Migration,
    RemoveField,
    RenameField,
    RenameModel,
    RunPython,
    RunSQL,
    SeparateDatabaseAndState,
)
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import F, Q
from django.db.models.functions import Now

from tenants.provisioning.big_tables import BIG_TABLES
from tenants.provisioning.linting import INSTEAD, judged, lint_migrations
from tenants.provisioning.linting_python import code_findings

NOOP = RunPython.noop
CHECK = models.CheckConstraint(condition=Q(id__gt=0), name="ids_are_positive")
INDEX = models.Index(fields=["state"], name="by_state")
NEW = CreateModel("novelty", [("id", models.BigAutoField(primary_key=True)), ("size", models.IntegerField())])


@cache
def state_of_the_tree() -> ProjectState:
    loader = MigrationLoader(None)
    return loader.project_state()


def found(*operations: Operation, app: str = "orders", atomic: bool = True, **more: Any) -> list[str]:
    """The rules that a migration of these operations breaks."""
    body = {"atomic": atomic, "operations": list(operations), **more}
    migration = type("Migration", (Migration,), body)("0900_tried", app)
    return [finding.rule for finding in judged(migration, state_of_the_tree().clone())]


def column(**more: Any) -> AddField:
    return AddField("order", "colour", models.CharField(max_length=10, **more))


def retyped(field: models.Field, model: str = "order", name: str = "note") -> AlterField:
    return AlterField(model, name, field)


def noop(apps: Any, editor: Any) -> None:
    """Code that breaks no rule."""


def draws(apps: Any, editor: Any) -> None:
    editor.execute("SELECT 1")


def wanders(apps: Any, editor: Any) -> None:
    apps.get_model("suppliers", "Supplier").objects.count()


def stays(apps: Any, editor: Any) -> None:
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    apps.get_model("orders", "Order").objects.count()


REFUSED: list[tuple[str, list[Operation], dict[str, Any]]] = [
    ("table-rewrite", [retyped(models.IntegerField())], {}),
    ("table-rewrite", [retyped(models.CharField(max_length=5))], {}),
    ("table-rewrite", [AlterField("order", "total_amount", models.DecimalField(max_digits=18, decimal_places=4))], {}),
    ("table-rewrite", [AddField("order", "mark", models.UUIDField(db_default=RandomUUID()))], {}),
    ("table-rewrite", [AddField("cart", "row", models.BigAutoField(primary_key=True))], {"app": "storefront"}),
    (
        "table-rewrite",
        [
            AddField(
                "order",
                "half",
                models.GeneratedField(expression=F("unit_id") / 2, output_field=models.IntegerField(), db_persist=True),
            )
        ],
        {},
    ),
    (
        "table-rewrite",
        [RunSQL("ALTER TABLE storefront_cart ALTER COLUMN unit_id TYPE text", "")],
        {"app": "storefront"},
    ),
    ("table-rewrite", [RunSQL("VACUUM FULL storefront_cart", "")], {"app": "storefront"}),
    ("add-not-null", [column()], {}),
    ("add-not-null", [column(default="red")], {}),
    ("not-null-scans", [AlterField("order", "approver_id", models.BigIntegerField())], {}),
    ("not-null-scans", [RunSQL("ALTER TABLE orders_order ALTER approver_id SET NOT NULL", "")], {}),
    ("index-locks", [AddIndex("order", INDEX)], {}),
    ("index-locks", [column(null=True, db_index=True)], {}),
    ("index-locks", [AlterField("order", "approver_id", models.BigIntegerField(null=True, unique=True))], {}),
    ("index-locks", [RunSQL("CREATE INDEX by_note ON orders_order (note)", "DROP INDEX by_note")], {}),
    ("constraint-scans", [AddConstraint("order", CHECK)], {}),
    ("constraint-scans", [AddConstraint("order", models.UniqueConstraint(fields=["number"], name="once"))], {}),
    ("constraint-scans", [RunSQL("ALTER TABLE orders_order ADD CONSTRAINT c CHECK (id > 0)", "")], {}),
    (
        "foreign-key-scans",
        [AddField("order", "twin", models.ForeignKey("orders.order", models.PROTECT, null=True, db_index=False))],
        {},
    ),
    ("validate-in-transaction", [ValidateConstraint("order", "ids_are_positive")], {}),
    ("concurrently-in-transaction", [AddIndexConcurrently("order", INDEX)], {}),
    ("concurrently-in-transaction", [RunSQL("CREATE INDEX CONCURRENTLY i ON orders_order (note)", "")], {}),
    ("not-repeatable", [column(null=True)], {"atomic": False}),
    ("not-repeatable", [RunSQL("UPDATE orders_order SET note = ''", "")], {"atomic": False}),
    ("rename", [RenameField("order", "note", "remark")], {}),
    ("rename", [RenameModel("Order", "Purchase")], {}),
    ("rename", [AlterModelTable("order", "purchases")], {}),
    ("rename", [AlterField("order", "note", models.CharField(max_length=300, blank=True, db_column="remark"))], {}),
    ("rename", [RunSQL("ALTER TABLE storefront_cart RENAME unit_id TO unit", "")], {"app": "storefront"}),
    ("no-way-back", [RunPython(noop)], {}),
    ("no-way-back", [RunSQL("UPDATE storefront_cart SET unit_id = 1")], {"app": "storefront"}),
    ("python-ddl", [RunPython(draws, NOOP)], {}),
    ("cross-room", [RunPython(wanders, NOOP)], {}),
    ("cross-room", [RunSQL("UPDATE orders_order SET note = (SELECT name FROM suppliers_supplier)", "")], {}),
    ("cross-room", [RunSQL("INSERT INTO fees_usageevent SELECT * FROM orders_order", "")], {"app": "fees"}),
    (
        "cross-room",
        [AddField("cart", "by", models.ForeignKey("accounts.User", models.PROTECT, null=True))],
        {"app": "storefront"},
    ),
    ("cross-room", [NEW], {"dependencies": [("suppliers", "0001_initial")]}),
    ("other-schema", [RunSQL("UPDATE public.things SET a = 1", "")], {}),
    ("other-schema", [RunSQL("UPDATE t653101.storefront_cart SET unit_id = 1", "")], {"app": "storefront"}),
    ("other-schema", [RunSQL('UPDATE "tenant_template".things SET a = 1', "")], {"app": "fees"}),
    ("search-path", [RunSQL("SET search_path = pg_catalog", "")], {}),
    ("search-path", [RunSQL("SELECT 1; SET LOCAL search_path TO pg_catalog", "")], {"app": "fees"}),
    ("search-path", [RunSQL("SELECT set_config('search_path', 'x', true)", "")], {}),
    ("trigger", [RunSQL("CREATE TRIGGER t AFTER INSERT ON things EXECUTE FUNCTION f()", "")], {}),
    ("function", [RunSQL("CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS $$SELECT 1$$", "")], {}),
    ("function", [RunSQL("DO $$ BEGIN END $$", "")], {}),
    ("unknown-operation", [CreateExtension("hstore")], {}),
    ("unknown-operation", [SeparateDatabaseAndState(database_operations=[RunPython(noop, NOOP)])], {}),
    ("exemption", [column(null=True)], {"lint_exempt": {"rename": "nothing is renamed here at all"}}),
    ("exemption", [column()], {"lint_exempt": {"add-not-null": "because"}}),
]

PASSES: list[tuple[list[Operation], dict[str, Any]]] = [
    # a column
    ([column(null=True)], {}),
    ([column(db_default="red")], {}),
    ([AddField("order", "seen_at", models.DateTimeField(db_default=Now()))], {}),
    ([RemoveField("order", "note")], {}),
    # types that only get wider
    ([retyped(models.CharField(max_length=4000, blank=True))], {}),
    ([retyped(models.TextField(blank=True))], {}),
    ([AlterField("order", "total_amount", models.DecimalField(max_digits=20, decimal_places=2))], {}),
    ([AlterField("shelf", "chosen_by_id", models.BigIntegerField())], {"app": "storefront"}),
    # beside the traffic
    ([AddIndexConcurrently("order", INDEX)], {"atomic": False}),
    ([RemoveIndexConcurrently("order", "any")], {"atomic": False}),
    ([RunSQL("CREATE UNIQUE INDEX CONCURRENTLY i ON orders_order (note)", "DROP INDEX i")], {"atomic": False}),
    ([AddConstraintNotValid("order", CHECK)], {}),
    ([RunPython(stays, NOOP)], {"atomic": False}),
    (
        [
            RunSQL(
                "ALTER TABLE orders_order ADD CONSTRAINT c FOREIGN KEY (clerk_id) REFERENCES storefront_cart NOT VALID",
                "",
            )
        ],
        {},
    ),
    ([RunSQL("ALTER TABLE orders_order ADD CONSTRAINT once UNIQUE USING INDEX i", "")], {}),
    # small tables may be scanned
    ([AddIndex("cart", models.Index(fields=["unit_id"], name="by_unit"))], {"app": "storefront"}),
    ([AddConstraint("cart", CHECK)], {"app": "storefront"}),
    # a table that the migration itself makes
    ([NEW, AddIndex("novelty", models.Index(fields=["size"], name="by_size")), AddConstraint("novelty", CHECK)], {}),
    ([NEW, AddField("novelty", "colour", models.CharField(max_length=10)), RenameField("novelty", "size", "bulk")], {}),
    # renamed in Python only
    (
        [AlterField("order", "note", models.CharField(max_length=300, blank=True, db_column="note"))],
        {},
    ),
    # the region's own functions fix their path
    (
        [
            RunSQL(
                "CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path = pg_catalog, public AS $$SELECT 1$$", ""
            )
        ],
        {"app": "fees"},
    ),
    ([RunSQL("UPDATE storefront_cart SET unit_id = 1", "")], {"app": "storefront"}),
    ([column()], {"lint_exempt": {"add-not-null": "older than the first release: nobody inserts rows"}}),
]


@pytest.mark.parametrize(
    ("rule", "operations", "more"), REFUSED, ids=lambda value: value if isinstance(value, str) else ""
)
def test_refused(rule: str, operations: list[Operation], more: dict[str, Any]) -> None:
    assert found(*operations, **more) == [rule]


@pytest.mark.parametrize(("operations", "more"), PASSES)
def test_passes(operations: list[Operation], more: dict[str, Any]) -> None:
    assert found(*operations, **more) == []


def test_two_steps_of_a_constraint_pass_where_one_does_not() -> None:
    state = state_of_the_tree().clone()
    for operation, atomic in (
        (AddConstraintNotValid("order", CHECK), True),
        (ValidateConstraint("order", CHECK.name), False),
    ):
        migration = type("Migration", (Migration,), {"operations": [operation], "atomic": atomic})("0900_x", "orders")
        assert list(judged(migration, state.clone())) == []
        state = migration.mutate_state(state)


@pytest.mark.parametrize(
    ("line", "rules"),
    [
        ("from tenant_apps.orders.models import Order", ["python-imports"]),
        ("from shared_apps.fees import services", ["python-imports"]),
        ("from tenant_apps.orders.selectors import orders_of", ["python-imports"]),
        ("from django.apps import apps", ["python-imports"]),
        ("import tenants.registry.models", ["python-imports"]),
        ("from tenant_apps.orders.rules import OrderState", []),
        ("from kernel.fields import MoneyField", []),
        ("from django.db import models", []),
    ],
)
def test_code_imports_nothing_of_today(line: str, rules: list[str]) -> None:
    for source in (f"{line}\n", f"def forwards(apps, editor):\n    {line}\n"):
        assert [rule for rule, _ in code_findings(source, room="tenant")] == rules


def test_every_rule_is_tried_and_names_the_way_to_do_it() -> None:
    assert {rule for rule, _, _ in REFUSED} | {"python-imports"} == set(INSTEAD)
    migration = type("Migration", (Migration,), {"operations": [AddIndex("order", INDEX)]})("0900_x", "orders")
    (finding,) = judged(migration, state_of_the_tree().clone())
    assert str(finding) == (
        "orders.0900_x: index-locks: Create index by_state on field(s) state of model order\n"
        f"    instead: {INSTEAD['index-locks']}"
    )


def test_the_migrations_of_the_tree_are_safe() -> None:
    assert [str(finding) for finding in lint_migrations()] == []


def test_big_tables_are_models_of_ours_with_a_reason() -> None:
    for name, reason in BIG_TABLES.items():
        assert apps.get_model(name)._meta.label == name
        assert reason

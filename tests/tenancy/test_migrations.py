"""The fleet migration: plans, ledger, code that runs for each tenant, and tenants made meanwhile."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.core.management import CommandError, call_command
from django.db import models
from django.db.migrations import AddField, AlterField, CreateModel, RunPython, RunSQL

from kernel.clock import utc_now
from tenants.database.context import region_as, tenant_selected
from tenants.provisioning.models import TenantMigration
from tenants.provisioning.plans import TEMPLATE_SCHEMA, NotReplayable, compile_plan
from tenants.provisioning.selectors import fleet_migrations, fleet_state
from tenants.provisioning.services import FleetBusy, ProcessTooOld, create_tenant, fleet, migrate_tenants
from tenants.provisioning.services.region import migrate_template
from tenants.registry.models import Tenant
from tests.database import admin
from tests.tenancy.catalogues import catalogue, throw_away
from tests.tenancy.extra_migrations import added, migration, template_with

CODES = ("990041", "990042")
COLUMN = AddField("cart", "colour", models.CharField(max_length=10, db_default="red"))


@pytest.fixture
def two(room: None) -> Iterator[tuple[str, ...]]:
    """Two tenants of this test's own, at the version of the tree."""
    from tenants.divisions.models import Division

    throw_away(*CODES)
    with region_as("yz_region"):
        Division.objects.bulk_create(
            Division(code=code, name=f"测试{code}", level="county", parent_id="650000") for code in CODES
        )
    for code in CODES:
        create_tenant(code=code, now=utc_now())
    yield CODES
    throw_away(*CODES)


def states() -> dict[str, str]:
    with region_as("yz_region"):
        return dict(TenantMigration.objects.values_list("tenant_code", "state"))


def rows(schema: str, question: str) -> list[tuple]:
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute(f"SET search_path = {schema}")
        cursor.execute(question)
        return cursor.fetchall()


def put_cart(code: str) -> None:
    from tenant_apps.storefront.models import Cart

    with tenant_selected(code):
        Cart.objects.create(user_id=1, unit_id=1, used_at=utc_now())


def stumble(apps: Any, editor: Any) -> None:
    """Raises where somebody has a cart."""
    if apps.get_model("storefront", "Cart").objects.exists():
        raise ValueError("a cart of nobody")


def paint(apps: Any, editor: Any) -> None:
    apps.get_model("storefront", "Cart").objects.update(colour="blue")


def seed(apps: Any, editor: Any) -> None:
    apps.get_model("storefront", "Cart").objects.create(user_id=7, unit_id=7, used_at=utc_now())


def die_once(apps: Any, editor: Any) -> None:
    """The process in which it first meets the first tenant is killed."""
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        (schema,) = cursor.fetchone()
    mark = Path(os.environ["YZ_TEST_MARK"])
    if schema == "t990041" and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)


def test_it_goes_on_past_a_failed_tenant_and_a_rerun_takes_it_up(two: tuple[str, ...]) -> None:
    put_cart(two[0])
    old = catalogue("t990041")
    with template_with(migration("0900_colour", [COLUMN, RunPython(stumble, RunPython.noop)])):
        seen: list[dict[str, str]] = []
        outcome = migrate_tenants(codes=two, now=utc_now, progress=lambda *_: seen.append(states()))
        assert outcome.done == ("990042",)
        assert outcome.failed == {"990041": "ValueError: a cart of nobody"}
        # The ledger was written before anything was done.
        assert seen[0] == {"990041": "failed", "990042": "pending"}
        assert states() == {"990041": "failed", "990042": "done"}
        assert catalogue("t990041") == old
        assert catalogue("t990042") == catalogue(TEMPLATE_SCHEMA)

        behind = {line.code: line for line in fleet_migrations() if line.code in two}
        assert behind["990041"].missing == ("storefront.0900_colour",)
        assert (behind["990041"].state, behind["990041"].error) == ("failed", "ValueError: a cart of nobody")
        assert behind["990042"].is_current
        assert fleet_state().behind == 3  # the two tenants of all tests were not asked for

        rows("t990041", "DELETE FROM storefront_cart RETURNING 1")
        assert migrate_tenants(codes=two, now=utc_now).done == ("990041",)
        assert states() == {"990041": "done", "990042": "done"}
        assert catalogue("t990041") == catalogue(TEMPLATE_SCHEMA)
        assert migrate_tenants(codes=two, now=utc_now).done == ()


def test_python_code_runs_between_the_statements_in_each_schema(two: tuple[str, ...]) -> None:
    put_cart(two[0])
    operations = [COLUMN, RunPython(paint, RunPython.noop), AlterField("cart", "colour", models.TextField(default=""))]
    with template_with(migration("0900_colour", operations)):
        assert migrate_tenants(codes=two, now=utc_now).failed == {}
        assert rows("t990041", "SELECT colour FROM storefront_cart") == [("blue",)]
        assert rows("t990042", "SELECT colour FROM storefront_cart") == []
        assert catalogue("t990041") == catalogue("t990042") == catalogue(TEMPLATE_SCHEMA)


def test_new_tenants_run_code_that_seeds_and_skip_code_that_only_moves_rows(two: tuple[str, ...]) -> None:
    seeds = migration("0900_seed", [COLUMN, RunPython(seed, RunPython.noop)])
    moves = migration("0901_paint", [RunPython(paint, RunPython.noop, elidable=True)], after="0900_seed")
    throw_away(two[0])
    with region_as("yz_region"):
        Tenant.objects.filter(code=two[0]).delete()
    with template_with(seeds, moves):
        migrate_template()
        assert len(compile_plan().functions) == 1
        create_tenant(code=two[0], now=utc_now())
        migrate_tenants(codes=two, now=utc_now)
        assert rows("t990041", "SELECT user_id, colour FROM storefront_cart") == [(7, "red")]
        assert rows("t990042", "SELECT user_id, colour FROM storefront_cart") == [(7, "blue")]
        assert catalogue("t990041") == catalogue("t990042") == catalogue(TEMPLATE_SCHEMA)


def test_a_constraint_without_a_name_is_dropped_though_the_template_has_lost_it(two: tuple[str, ...]) -> None:
    """Django's editor asks the catalogue for its name; the answer of a template that is further on would be: none."""
    once = migration("0900_once", [AlterField("cart", "user_id", models.BigIntegerField(unique=True))])
    often = migration("0901_often", [AlterField("cart", "user_id", models.BigIntegerField())], after="0900_once")
    old = catalogue("t990041")
    with template_with(once):
        assert migrate_tenants(codes=two[:1], now=utc_now).done == two[:1]
        assert catalogue("t990041") != old
        with template_with(often):
            assert migrate_tenants(codes=two, now=utc_now).failed == {}
            assert catalogue("t990041") == catalogue("t990042") == catalogue(TEMPLATE_SCHEMA)
            assert catalogue("t990041")[1] == old[1]


def test_an_index_is_made_beside_the_traffic_and_a_half_built_one_anew(two: tuple[str, ...]) -> None:
    index = AddIndexConcurrently("cart", models.Index(fields=["used_at"], name="cart_used"))
    throw_away(two[1])
    with region_as("yz_region"):
        Tenant.objects.filter(code=two[1]).delete()
    with template_with(
        migration("0900_colour", [COLUMN]), migration("0901_index", [index], after="0900_colour", atomic=False)
    ):
        rows(
            "t990041",
            "CREATE INDEX cart_used ON storefront_cart (used_at); SELECT 1",
        )
        rows(
            "pg_catalog",
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 't990041.cart_used'::regclass RETURNING 1",
        )
        assert migrate_tenants(codes=two, now=utc_now).done == two[:1]
        valid = "SELECT indisvalid FROM pg_catalog.pg_index WHERE indexrelid = 'cart_used'::regclass"
        assert rows("t990041", valid) == [(True,)]
        create_tenant(code=two[1], now=utc_now())
        assert rows("t990042", valid) == [(True,)]
        assert catalogue("t990041") == catalogue("t990042") == catalogue(TEMPLATE_SCHEMA)
        # Killed between the index and its row: the rerun finds it whole.
        rows("t990041", "DELETE FROM django_migrations WHERE name = '0901_index' RETURNING 1")
        assert migrate_tenants(codes=two, now=utc_now).done == two[:1]
        assert catalogue("t990041") == catalogue(TEMPLATE_SCHEMA)


def test_rows_written_by_a_migration_do_not_stop_the_ddl_behind_it(two: tuple[str, ...]) -> None:
    """PostgreSQL refuses to alter a table whose foreign-key checks are pending: they are settled first."""
    put_cart(two[0])
    line = (
        "INSERT INTO storefront_cartline (cart_id, offer_id, supplier_id, quantity, seen_price, added_at) "
        "SELECT id, 1, 1, 1, 1, now() FROM storefront_cart"
    )
    field = AddField("cartline", "note", models.TextField(db_default=""))
    with template_with(
        migration("0900_lines", [RunSQL(line, "")]), migration("0901_note", [field], after="0900_lines")
    ):
        assert migrate_tenants(codes=two, now=utc_now).failed == {}
        assert rows("t990041", "SELECT note FROM storefront_cartline") == [("",)]


def test_an_operation_that_is_neither_sql_nor_a_function_is_refused() -> None:
    from django.db.migrations import SeparateDatabaseAndState

    hidden = SeparateDatabaseAndState(database_operations=[RunPython(paint, RunPython.noop)])
    with added(migration("0900_hidden", [hidden])), pytest.raises(NotReplayable, match="0900_hidden"):
        compile_plan()


def test_rights_follow_the_declarations_both_ways(two: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    from django.apps import apps

    from tenants.provisioning.plans import forget_plans

    held = (
        "SELECT array_agg(privilege_type::text) FROM (SELECT privilege_type FROM "
        "information_schema.role_table_grants WHERE table_schema = 't990041' AND table_name = 'storefront_cart' "
        "AND grantee = 't990041' ORDER BY 1) held"
    )
    assert rows("t990041", held) == [(["DELETE", "INSERT", "SELECT", "UPDATE"],)]
    with monkeypatch.context() as patch:
        patch.setattr(type(apps.get_app_config("storefront")), "append_only", ("Cart",))
        forget_plans()
        assert migrate_tenants(codes=two[:1], now=utc_now).done == two[:1]
        assert rows("t990041", held) == [(["INSERT", "SELECT"],)]
        assert migrate_tenants(codes=two[:1], now=utc_now).done == ()
    forget_plans()
    assert migrate_tenants(codes=two[:1], now=utc_now).done == two[:1]
    assert rows("t990041", held) == [(["DELETE", "INSERT", "SELECT", "UPDATE"],)]


def test_the_rights_of_a_suspended_mall_stay_as_narrow_as_they_are(two: tuple[str, ...]) -> None:
    from tenants.database.auditing import deviations

    rows("public", "UPDATE registry_tenant SET state = 'live', live_at = now() WHERE code = '990041' RETURNING 1")
    rows(
        "public",
        "UPDATE registry_tenant SET state = 'suspended', state_reason = 'x' WHERE code = '990041'; "
        "SELECT registry_align_journal('t990041')",
    )
    may_write = "SELECT has_table_privilege('t990041', 't990041.journal_journalentry', 'INSERT')"
    assert rows("t990041", may_write) == [(False,)]
    rows("t990041", "DELETE FROM django_migrations WHERE app = 'yz_grants' RETURNING 1")
    assert migrate_tenants(codes=two, now=utc_now).done == two[:1]
    assert rows("t990041", may_write) == [(False,)]
    assert deviations() == []


def test_a_table_made_anew_under_its_old_name_has_its_rights(two: tuple[str, ...]) -> None:
    again = RunSQL(
        "ALTER TABLE storefront_cartline RENAME TO storefront_oldline; "
        "CREATE TABLE storefront_cartline (LIKE storefront_oldline)",
        "DROP TABLE storefront_cartline; ALTER TABLE storefront_oldline RENAME TO storefront_cartline",
    )
    held = (
        "SELECT count(*) FROM information_schema.role_table_grants "
        "WHERE table_schema = 't990041' AND table_name = 'storefront_cartline' AND grantee = 't990041'"
    )
    with template_with(migration("0900_again", [again])):
        assert migrate_tenants(codes=two[:1], now=utc_now).done == two[:1]
        assert rows("t990041", held) == [(4,)]


def test_two_runs_do_not_meet(two: tuple[str, ...]) -> None:
    rows("t990041", "DELETE FROM django_migrations WHERE app = 'yz_grants' RETURNING 1")
    with region_as("yz_owner"), fleet._only_run():
        with pytest.raises(FleetBusy, match=r"another run is at work: yizhang-migrate .*, since 20"):
            migrate_tenants(now=utc_now)
        with pytest.raises(CommandError) as refused:
            call_command("migrate_tenants")
    assert refused.value.returncode == 3


def test_a_schema_that_is_gone_is_told_and_does_not_stop_the_others(two: tuple[str, ...]) -> None:
    rows("public", "DROP SCHEMA t990041 CASCADE; SELECT 1")
    with template_with(migration("0900_colour", [COLUMN])):
        outcome = migrate_tenants(codes=two, now=utc_now)
        assert outcome.done == ("990042",)
        assert "schema t990041 is not there" in outcome.failed["990041"]
        assert states() == {"990041": "failed", "990042": "done"}


def test_processes_share_the_tenants_out(two: tuple[str, ...]) -> None:
    with template_with(
        migration("0900_colour", [COLUMN, CreateModel("extra", [("id", models.BigAutoField(primary_key=True))])])
    ):
        assert sorted(migrate_tenants(codes=two, jobs=2, now=utc_now).done) == list(two)
        assert states() == {"990041": "done", "990042": "done"}
        assert catalogue("t990041") == catalogue("t990042") == catalogue(TEMPLATE_SCHEMA)


def test_a_process_that_is_killed_takes_only_its_own_tenants_with_it(
    two: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YZ_TEST_MARK", str(tmp_path / "killed"))
    with template_with(migration("0900_colour", [COLUMN, RunPython(die_once, RunPython.noop)])):
        outcome = migrate_tenants(codes=two, jobs=2, now=utc_now)
        assert (outcome.done, outcome.failed) == (("990042",), {"990041": "its process ended with -9"})
        assert states() == {"990041": "failed", "990042": "done"}
        assert migrate_tenants(codes=two, jobs=2, now=utc_now).done == ("990041",)
        assert catalogue("t990041") == catalogue(TEMPLATE_SCHEMA)


def test_rows_that_a_killed_run_left_open_behind_its_tenants_are_settled(two: tuple[str, ...]) -> None:
    with template_with(migration("0900_colour", [COLUMN])):
        migrate_tenants(codes=two, now=utc_now)
        rows(
            "public",
            "UPDATE provisioning_tenantmigration SET state = 'running' WHERE tenant_code = '990041' RETURNING 1",
        )
        assert states() == {"990041": "running", "990042": "done"}
        assert migrate_tenants(codes=two, now=utc_now).done == ()
        assert states() == {"990041": "done", "990042": "done"}


def test_the_command_tells_by_its_exit_status(two: tuple[str, ...]) -> None:
    def command(*arguments: str) -> tuple[int, str]:
        said = StringIO()
        try:
            call_command("migrate_tenants", *arguments, stdout=said, stderr=said)
        except CommandError as error:
            return error.returncode, f"{said.getvalue()}{error}"
        return 0, said.getvalue()

    assert command(*two) == (0, "nothing to do\n")
    assert command("--check") == (0, "no tenant is behind\n")
    assert command("--plan") == (0, "nothing to do\n")
    assert command("999999")[0] == 2
    assert command("--jobs", "0")[0] == 2
    put_cart(two[0])
    with template_with(migration("0900_colour", [COLUMN, RunPython(stumble, RunPython.noop)])):
        assert command("--check", *two) == (1, "2 tenants are behind: 990041, 990042")
        status, said = command("--plan", "-v", "2", *two)
        assert status == 0
        assert said.startswith("2 tenants in 1 steps:\n  storefront.0900_colour\n")
        assert 'ALTER TABLE "storefront_cart" ADD COLUMN "colour"' in said
        assert "function storefront.0900_colour:stumble" in said
        status, said = command(*two)
        assert status == 1
        assert "tenant 990041 failed: ValueError: a cart of nobody" in said
        assert "1 tenants failed, 1 done" in said


def test_an_older_process_makes_no_tenant_once_the_fleet_is_past_it(two: tuple[str, ...]) -> None:
    throw_away(two[0])
    with region_as("yz_region"):
        Tenant.objects.filter(code=two[0]).delete()
    newer = migration("0900_colour", [COLUMN])
    with template_with(newer):
        migrate_template()
        from django.db.migrations.loader import MigrationLoader

        from tenants.provisioning.plans import forget_plans

        # As in a process whose code has not got the migration.
        newest, MigrationLoader.load_disk = MigrationLoader.load_disk, _without(newer)
        forget_plans()
        try:
            with pytest.raises(ProcessTooOld, match="0900_colour"):
                create_tenant(code=two[0], now=utc_now())
            with pytest.raises(ProcessTooOld, match="0900_colour"):
                migrate_tenants(codes=two, now=utc_now)
        finally:
            MigrationLoader.load_disk = newest
            forget_plans()
    with region_as("yz_region"):
        assert not Tenant.objects.filter(code=two[0]).exists()


def _without(taken: Any) -> Any:
    from django.db.migrations.loader import MigrationLoader

    real = MigrationLoader.load_disk

    def load_disk(self: Any) -> None:
        real(self)
        del self.disk_migrations[taken.app_label, taken.name]

    return load_disk

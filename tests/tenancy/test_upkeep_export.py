"""Everything of a mall in open formats; a mall put away; files and shut malls in dump and restore."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from kernel.clock import utc_now
from shared_apps.accounts.models import Membership
from shared_apps.fees.models import UsageEvent
from shared_apps.inbox.models import InboxItem
from shared_apps.region_journal.models import RegionJournalEntry
from tenant_apps.journal.models import JournalEntry
from tenant_apps.orders.models import Order
from tenants.database.context import region_as, tenant_selected
from tenants.divisions.models import Division
from tenants.journaling.file_store import new_key, path_of, write_object
from tenants.provisioning.services import create_tenant
from tenants.registry.models import Tenant
from tenants.upkeep.catalogue import tables_of
from tenants.upkeep.errors import DumpDamaged
from tenants.upkeep.region_parts import parts as region_parts
from tenants.upkeep.services import archiving, compare, export_tenant
from tests.database import admin, close_all
from tests.factories.orders import make_shop
from tests.factories.relayed import relay_tenant, write_order_event
from tests.tenancy.catalogues import names_left, throw_away
from tests.tenancy.restores import OPERATOR, A, B, dump, restore

THIRD = "990003"


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: Any) -> Path:
    settings.YZ_FILES_DIR = tmp_path / "files"
    return tmp_path / "files"


def unpacked(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as held:
        return {name: held.read(name) for name in held.namelist()}


def test_everything_of_a_mall_in_open_formats(tmp_path: Path) -> None:
    shop = make_shop(A)
    order = shop.place()
    with tenant_selected(A):
        Order.objects.filter(pk=order.pk).update(note='=HYPERLINK("http://x","+1")')
    key = new_key(A)
    write_object(key, b"%PDF-1.7 a contract")
    path = tmp_path / "e.zip"
    done = export_tenant(actor=OPERATOR, code=A, path=path, now=utc_now())
    held = unpacked(path)

    with region_as("yz_owner"):
        tables = [shape.name for shape in tables_of(f"t{A}")]
    assert {f"tables/{table}.csv" for table in tables} | {f"tables/{table}.json" for table in tables} <= set(held)
    orders = json.loads(held["tables/orders_order.json"])
    assert [row["number"] for row in orders] == [order.number], "computed columns are there too"
    assert orders[0]["total_amount"] == str(order.total_amount), "amounts as texts, to the cent"
    assert orders[0]["note"].startswith("=HYPERLINK"), "JSON holds what was typed"
    rows = list(csv.DictReader(io.StringIO(held["tables/orders_order.csv"].decode("utf-8-sig"))))
    assert rows[0]["note"].startswith("'=HYPERLINK"), "a cell that no spreadsheet runs"
    lines = [json.loads(line) for line in held["journal/journal.jsonl"].decode().splitlines()]
    with tenant_selected(A):
        assert len(lines) == JournalEntry.objects.count()
    assert lines[-1]["facts"]["order_number"] == order.number
    dictionary = {table["table"]: table for table in json.loads(held["dictionary.json"])}
    assert set(dictionary) == {*tables, *(f"region/{name}" for name in region_parts)}
    assert dictionary["orders_order"]["about"]
    assert {"column": "unit_id", "type": "bigint"}.items() <= next(
        column for column in dictionary["orders_order"]["columns"] if column["column"] == "unit_id"
    ).items()
    assert "本卖场全部数据" in held["index.html"].decode()
    assert json.loads(held["registry.json"])["code"] == A
    assert [held[name] for name in held if name.startswith("files/")] == [b"%PDF-1.7 a contract"]
    listed = {part["name"]: part["sm3"] for part in json.loads(held["manifest.json"])["parts"]}
    assert {
        name: hashlib.new("sm3", data).hexdigest() for name, data in held.items() if name != "manifest.json"
    } == listed
    assert done.rows == sum(table["rows"] for table in dictionary.values())


def test_what_the_region_keeps_of_a_mall_is_taken_along(tmp_path: Path) -> None:
    make_shop(A).place()
    make_shop(B).place()
    relay_tenant(A)
    relay_tenant(B)
    path = tmp_path / "e.zip"
    done = export_tenant(actor=OPERATOR, code=A, path=path, now=utc_now())
    held = unpacked(path)
    of = {name: json.loads(held[f"region/{name}.json"]) for name in region_parts}
    assert set(of) == {
        "organisations", "people", "usage_events", "statements", "inbox_items", "agency_agreements",
        "agency_evaluations", "fee_budgets", "cost_shares", "fee_statements", "fee_statement_lines", "fee_disputes",
        "fee_receipts",
    }  # fmt: skip
    assert {row["tenant_code"] for name in ("usage_events", "inbox_items") for row in of[name]} == {A}
    assert len(of["usage_events"]) == UsageEvent.objects.filter(tenant_code=A).count() > 0
    assert len(of["inbox_items"]) == InboxItem.objects.filter(tenant_code=A).count() > 0
    here = Membership.objects.filter(organisation__tenant_code=A)
    assert len(of["people"]) == here.count() > 0
    assert {row["organisation_id"] for row in of["people"]} <= {row["id"] for row in of["organisations"]}
    (placed,) = [row for row in of["statements"] if row["meter"] == "orders_placed"]
    assert (placed["events"], placed["quantity"]) == (1, "1.0000")
    assert set(of["people"][0]) == {
        "user_id", "name", "organisation_id", "organisation_code", "organisation_name", "posts", "member_since",
        "ended_at",
    }  # fmt: skip
    assert "region/people.csv" in held["index.html"].decode()
    rows = list(csv.DictReader(io.StringIO(held["region/people.csv"].decode("utf-8-sig"))))
    assert [row["name"] for row in rows] == [row["name"] for row in of["people"]]
    assert done.rows == sum(table["rows"] for table in json.loads(held["dictionary.json"]))


def test_no_cell_of_an_export_is_a_formula(tmp_path: Path) -> None:
    """Every text column of every table, whatever people typed."""
    write_order_event(A, "submitted", unit_name="=1+1", supplier_name="@SUM(A1)")
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute(f"UPDATE t{A}.journal_journalentry SET actor_name = '+cmd', organisation_name = E'\\t=1'")
    export_tenant(actor=OPERATOR, code=A, path=tmp_path / "e.zip", now=utc_now())
    cells = 0
    for name, data in unpacked(tmp_path / "e.zip").items():
        if name.endswith(".csv"):
            for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))):
                for cell in row:
                    cells += 1
                    number = cell.removeprefix("-").replace(".", "", 1).isdigit()
                    assert number or not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")), (name, cell)
    assert cells > 100


def test_the_export_command_asks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError, match="say --yes"):
        call_command("tenant_export", A, str(tmp_path))
    call_command("tenant_export", A, str(tmp_path), yes=True)
    assert list(tmp_path.glob("990001-*.export.zip"))
    with region_as("yz_region"):
        assert RegionJournalEntry.objects.filter(event="upkeep.tenant_exported", object_id=A).count() == 1


def test_stored_files_come_back_and_a_failed_restore_leaves_none(
    tmp_path: Path, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenants.upkeep.services import restoring

    key = new_key(A)
    write_object(key, b"the contract")
    assert len(dump(tmp_path / "d.zip").files) == 1
    path_of(key).unlink()

    def broken(**_: object) -> None:
        raise RuntimeError("the power goes")

    with monkeypatch.context() as patch:
        patch.setattr(restoring, "record_in_region", broken)
        with pytest.raises(RuntimeError):
            restore(tmp_path / "d.zip")
    assert not path_of(key).exists()
    restore(tmp_path / "d.zip")
    assert path_of(key).read_bytes() == b"the contract"
    restore(tmp_path / "d.zip")
    assert path_of(key).read_bytes() == b"the contract"


def test_a_suspended_mall_stays_shut_after_a_restore(tmp_path: Path) -> None:
    dump(tmp_path / "d.zip")
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute("UPDATE registry_tenant SET state='suspended', state_reason='audit' WHERE code = %s", [A])
        cursor.execute("SELECT registry_align_journal(%s)", [f"t{A}"])
        may = f"SELECT has_table_privilege('t{A}', 't{A}.journal_journalentry', 'INSERT')"
        cursor.execute(may)
        assert cursor.fetchone() == (False,)
        restore(tmp_path / "d.zip")
        cursor.execute(may)
        assert cursor.fetchone() == (False,), "the file is of a live mall, the registry says suspended"
        cursor.execute("UPDATE registry_tenant SET state='configuring', state_reason='' WHERE code = %s", [A])
        cursor.execute("SELECT registry_align_journal(%s)", [f"t{A}"])


# -- put away ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def third() -> Iterator[str]:
    with region_as("yz_region"):
        Division.objects.create(code=THIRD, name="测试丙县", level="county", parent_id="650000")
    throw_away(THIRD)
    create_tenant(code=THIRD, now=utc_now())
    yield THIRD
    throw_away(THIRD)


def test_a_mall_is_put_away_and_removed_and_can_be_brought_back(
    third: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_order_event(third, "submitted")
    relay_tenant(third)
    with pytest.raises(CommandError, match="say --yes"):
        call_command("tenant_archive", third, str(tmp_path / "away"), reason="merged", drop=True)
    call_command("tenant_archive", third, str(tmp_path / "away"), reason="merged", drop=True, yes=True, plain=True)
    assert names_left(third) == []
    (dumped,) = (tmp_path / "away").glob("*.dump.zip")
    assert list((tmp_path / "away").glob("*.export.zip"))
    with region_as("yz_region"):
        events = list(RegionJournalEntry.objects.filter(object_id=third).order_by("id").values_list("event", flat=True))
    assert events == [
        "fleet.tenant_archived", "upkeep.tenant_dumped", "upkeep.tenant_exported", "upkeep.tenant_put_away",
    ]  # fmt: skip
    # Years later somebody asks: a mall of that code is made, and the file put into it.
    close_all()
    create_tenant(code=third, now=utc_now())
    with region_as("yz_region"):
        assert Tenant.objects.get(code=third).epoch == 2
    assert restore(dumped, third).epoch == 3
    assert relay_tenant(third) == 0, "what the region has seen is not handed over again"
    with tenant_selected(third):
        assert JournalEntry.objects.filter(event="orders.submitted").count() == 1


def test_a_mall_at_work_is_not_put_away(tmp_path: Path) -> None:
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute("UPDATE registry_tenant SET state = 'live' WHERE code = %s", [A])
    with pytest.raises(CommandError, match="wrong-state"):
        call_command("tenant_archive", A, str(tmp_path / "away"), reason="merged", yes=True, plain=True)
    assert not (tmp_path / "away").exists()


def test_what_the_file_does_not_hold_is_not_removed(
    third: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = archiving.export_tenant

    def changed_meanwhile(**arguments: Any) -> object:
        with admin() as connection, connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO t{third}.journal_journalentry (epoch, at, actor_name, organisation_name, event, "
                "event_version, object_type, object_id, facts) VALUES (1, now(), '', '', 'x.y', 1, 't', '1', '{}')"
            )
        return real(**arguments)

    monkeypatch.setattr(archiving, "export_tenant", changed_meanwhile)
    with pytest.raises(CommandError, match="dump-damaged"):
        call_command("tenant_archive", third, str(tmp_path / "away"), reason="merged", drop=True, yes=True, plain=True)
    assert names_left(third) == ["schema", "role", "row", "host"]
    monkeypatch.undo()
    call_command("tenant_archive", third, str(tmp_path / "again"), reason="merged", drop=True, yes=True, plain=True)
    assert names_left(third) == []


def test_comparing_finds_one_changed_row(tmp_path: Path) -> None:
    write_order_event(A, "submitted")
    dump(tmp_path / "d.zip")
    compare(code=A, path=tmp_path / "d.zip")
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute(f"UPDATE t{A}.journal_journalentry SET actor_name = 'x'")
    with pytest.raises(DumpDamaged, match="journal_journalentry"):
        compare(code=A, path=tmp_path / "d.zip")

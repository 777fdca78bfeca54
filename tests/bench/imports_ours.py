"""The worker that imports: makes the library and the files, brings a table in as the background does, and copies."""

from __future__ import annotations

import csv
import io
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import django

from tests.bench.workers import serve

AREAS = "650000:0.00:0.00"
SUPPLIERS = "测试导入供应商"


def prepare(rows: int, suppliers: int, folder: str) -> dict[str, Any]:
    """A library of `rows` products, suppliers with a member each, and the table of one of them as CSV and Excel."""
    from kernel.clock import utc_now
    from kernel.posts import Post
    from shared_apps.exchange.kinds import KINDS
    from shared_apps.products.sampling.loading import analyse, load_sample
    from tests.bench.provisioning_ours import prepare as region
    from tests.factories.goods import make_supplier
    from tests.factories.people import join, make_organisation, make_user

    region(codes=[])
    load_sample(products=rows, suppliers=3, seed=1, now=utc_now(), say=lambda _text: None)
    for number in range(suppliers):
        organisation = make_organisation("supplier")
        make_supplier(f"{SUPPLIERS}{number}", organisation_id=organisation.pk)
        join(make_user(f"importer{number}"), organisation, [Post.SUPPLIER_ADMIN])
    analyse()
    header = [str(column.label) for column in KINDS["offers"].columns]
    table = [
        [f"SKU-{place:07}", code, f"{place % 900 + 10}.50", "1000.00", "1", f"现货{place % 7}", str(place % 9 + 1), "",
         "", AREAS]
        for place, code in enumerate(_codes(rows))
    ]  # fmt: skip
    as_csv, as_xlsx = Path(folder) / "t.csv", Path(folder) / "t.xlsx"
    with as_csv.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *table])
    _excel(as_xlsx, [header, *table])
    return {
        "csv": str(as_csv), "csv_bytes": as_csv.stat().st_size, "xlsx": str(as_xlsx),
        "xlsx_bytes": as_xlsx.stat().st_size,
    }  # fmt: skip


def _codes(rows: int) -> list[str]:
    from django.db import connections

    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT code FROM products_product WHERE state = 'listed' ORDER BY id LIMIT %s", [rows])
        return [code for (code,) in cursor.fetchall()]


def _excel(path: Path, rows: list[list[str]]) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    book.save(path)


def bring(number: int, path: str) -> dict[str, float]:
    """The file as its supplier sends it, confirmed as soon as it was read; seconds of both halves."""
    from kernel.clock import utc_now
    from shared_apps.accounts.models import User
    from shared_apps.accounts.selectors import visitor_of
    from shared_apps.exchange import services
    from shared_apps.exchange.services import receiving

    # Nothing is done by those who send and confirm: what is measured stands below.
    receiving.SMALL_BYTES_MAX = receiving.SMALL_ROWS_MAX = 0
    receiving.wake_import = lambda _import_id: None
    actor = visitor_of(user=User.objects.get(username=f"importer{number}")).actor
    file = Path(path)
    row = services.receive_table(actor=actor, kind="offers", name=file.name, content=file.read_bytes(), now=utc_now())
    began = time.perf_counter()
    services.run_import(import_id=row.pk)
    read = time.perf_counter() - began
    row.refresh_from_db()
    if row.state != "checked" or row.wrong:
        raise RuntimeError(f"{row.state} {row.reason}: {row.wrong} wrong of {row.rows}")
    began = time.perf_counter()
    if row.new:
        services.confirm_import(actor=actor, import_id=row.pk, now=utc_now())
        services.run_import(import_id=row.pk)
        row.refresh_from_db()
        if row.created != row.rows:
            raise RuntimeError(f"{row.created} of {row.rows} rows stored")
    return {"read": read, "store": time.perf_counter() - began}


def memory() -> float:
    """The largest this process became, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# A small process that starts the reader: a child's figure begins with the size of who started it.
_ALONE = """
import os, subprocess, sys
with open(sys.argv[1], "rb") as given:
    reader = subprocess.Popen(sys.argv[2:], stdin=given, stdout=subprocess.DEVNULL)
    _pid, status, used = os.wait4(reader.pid, 0)
print(status, used.ru_maxrss / 1024)
"""


def reader_memory(path: str, form: str) -> float:
    """The largest the process became that opens the file, in MB."""
    from kernel import spreadsheet_reader, spreadsheets

    reader = [sys.executable, "-I", spreadsheet_reader.__file__, str(spreadsheets.LARGE_ROWS_MAX + 1), "40"]
    alone = [sys.executable, "-I", "-c", _ALONE, path, *reader, "large", form]
    done = subprocess.run(alone, capture_output=True, text=True, check=True)
    status, megabytes = done.stdout.split()
    if status != "0":
        raise RuntimeError(f"the reader ended with {status}")
    return float(megabytes)


_to_copy: list[io.StringIO] = []


def prepare_copy(number: int, rows: int) -> None:
    """The same offers and areas for another supplier, as COPY reads them. The ids are taken beforehand."""
    from django.db import connections

    from tenants.database.context import REGION_ALIAS, owner_of

    with owner_of("public", alias=REGION_ALIAS), connections["default"].cursor() as cursor:
        cursor.execute("SELECT id FROM suppliers_supplier WHERE name = %s", [f"{SUPPLIERS}{number}"])
        (supplier,) = cursor.fetchone()
        cursor.execute("SELECT id FROM products_product WHERE state = 'listed' ORDER BY id LIMIT %s", [rows])
        products = [found for (found,) in cursor.fetchall()]
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('products_offer', 'id'), nextval(pg_get_serial_sequence("
            "'products_offer', 'id')) + %s)", [rows],
        )  # fmt: skip
        first = cursor.fetchone()[0] - rows
    offers, areas = io.StringIO(), io.StringIO()
    for place, product in enumerate(products):
        offers.write(
            f"{first + place}\t{product}\t{supplier}\t{place % 900 + 10}.50\t1000.00\t1\t现货{place % 7}\t"
            f"{place % 9 + 1}\t2026-01-01\tsubmitted\t\t1\t2026-01-01\n"
        )
        areas.write(f"{first + place}\t650000\t0.00\t0.00\n")
    _to_copy[:] = offers, areas
    offers.seek(0)
    areas.seek(0)


def copy() -> float:
    """COPY of what was prepared; seconds."""
    from django.db import connections

    from tenants.database.context import REGION_ALIAS, owner_of, region_atomic

    offers, areas = _to_copy
    with owner_of("public", alias=REGION_ALIAS), connections["default"].cursor() as cursor:
        began = time.perf_counter()
        with region_atomic():
            cursor.copy_expert(
                "COPY products_offer (id, product_id, supplier_id, price, reference_price, min_quantity, stock_note, "
                "delivery_days, valid_from, state, state_reason, version, updated_at) FROM STDIN", offers,
            )  # fmt: skip
            cursor.copy_expert(
                "COPY products_offerarea (offer_id, division_code, freight, surcharge) FROM STDIN", areas
            )
        return time.perf_counter() - began


if __name__ == "__main__":
    django.setup()
    serve(
        {
            "prepare": prepare, "bring": bring, "prepare_copy": prepare_copy, "copy": copy, "memory": memory,
            "reader_memory": reader_memory,
        }
    )  # fmt: skip

"""The demonstration's people: loaded twice, they are there once, and each can do their part."""

from __future__ import annotations

from io import StringIO

from django.core.management import call_command
from django.db import connections

from kernel.clock import utc_now
from shared_apps.accounts import demo
from shared_apps.accounts.models import Membership, Organisation, User
from shared_apps.accounts.roster import DEMO_PASSWORD, DEMO_TENANTS, roster
from shared_apps.suppliers import demo_loader


def test_loading_twice_is_loading_once() -> None:
    demo_loader.load(utc_now())
    demo.load(utc_now())
    counts = [model.objects.count() for model in (User, Organisation, Membership)]
    assert counts[0] == len(roster()) == counts[2]
    demo.load(utc_now())
    assert [model.objects.count() for model in (User, Organisation, Membership)] == counts
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM suppliers_supplier WHERE organisation_id IS NULL")
        assert cursor.fetchone() == (0,)


def test_the_table_names_addresses_names_and_the_password() -> None:
    out = StringIO()
    call_command("demo_accounts", stdout=out)
    text = out.getvalue()
    assert DEMO_PASSWORD in text
    for code, (prefix, _) in DEMO_TENANTS.items():
        assert f"http://{code}.localhost" in text
        for suffix in ("caizheng", "danwei", "jingban", "shenpi", "yanshou", "zhifu"):
            assert f"{prefix}-{suffix}" in text
    for username in ("quting", "pingtai", "shenji", "dl-jingli", "zhuanjia", "gys-kunlun"):
        assert username in text

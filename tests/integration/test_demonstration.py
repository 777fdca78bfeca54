"""The demonstration as a newcomer finds it: every list of the open mall has something in it, and loading it twice adds
nothing.
"""

from __future__ import annotations

import importlib
from datetime import timedelta

import pytest
from django.core.management import call_command

from config.management.commands.load_demo import DEMO_TENANTS, STEPS
from kernel.clock import local_date, utc_now
from shared_apps.accounts.roster import roster
from tenant_apps.contracts.models import ContractVersion
from tenant_apps.disputes.models import Dispute
from tenant_apps.evaluations.models import Evaluation
from tenant_apps.invoices.models import Invoice
from tenant_apps.orders.demo import READY_TENANT, demo_actor
from tenant_apps.orders.models import Order
from tenant_apps.orders.payments_due import due_list
from tenant_apps.payments.models import PaymentInstruction
from tenant_apps.takeover.demo import DAYS_AGO
from tenants.database.context import forget_tenant_refs, region_as, tenant_selected
from tenants.provisioning.services import create_tenant
from tenants.registry.services import mark_demo

pytestmark = pytest.mark.slow


def load() -> None:
    for name in STEPS:
        importlib.import_module(name).load(utc_now())


def counts() -> dict[str, list[str]]:
    with tenant_selected(READY_TENANT):
        return {
            model.__name__: sorted(model.objects.values_list("state", flat=True))
            for model in (Order, Dispute, Invoice, ContractVersion, PaymentInstruction)
        } | {"Evaluation": sorted(Evaluation.objects.values_list("side", flat=True))}


def test_every_list_of_the_open_mall_has_something_in_it() -> None:
    now = utc_now()
    for code in ("652301", "653101"):
        create_tenant(code=code, now=now)
    call_command("load_shipped")
    for code in DEMO_TENANTS:
        mark_demo(code=code)
    forget_tenant_refs()
    load()
    found = counts()
    assert found["Dispute"] == ["mediating", "resolved"]
    assert found["Invoice"] == ["refused", "verified"]
    assert found["Evaluation"] == ["buyer", "supplier", "supplier"]
    assert {"invoiced", "disputed", "shipped", "closed", "paid", "payment_failed", "placed"} <= set(found["Order"])
    assert {"offered", "filed"} <= set(found["ContractVersion"])
    with tenant_selected(READY_TENANT):
        with region_as("yz_region"):
            payer = demo_actor("cj-zhifu")
        with region_as("yz_mall"):
            overdue = [due_list(actor=payer, tab=tab, now=utc_now()).rows for tab in ("overdue", "late")]
    # In the first weeks of a year there is none: the old mall's order would be last year's.
    is_there = local_date(now - timedelta(days=DAYS_AGO[0])).year == local_date(now).year
    assert [len(rows) for rows in overdue] == ([1, 1] if is_there else [0, 0])
    assert len(roster()) == len({person.username for person in roster()})
    load()
    assert counts() == found

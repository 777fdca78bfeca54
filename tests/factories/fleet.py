"""Malls in the states of their life, made through the services."""

from __future__ import annotations

from kernel.actor import SYSTEM
from kernel.clock import utc_now
from shared_apps.fleet import services
from tenants.database.context import forget_tenant_refs, region_as
from tenants.registry.services import mark_live

REASON = "资金监管检查"


def bring_live(*codes: str) -> None:
    for code in codes:
        with region_as("yz_relay"):
            mark_live(code=code, now=utc_now())
    forget_tenant_refs()


def suspend(code: str, reason: str = REASON) -> None:
    with region_as("yz_region"):
        services.suspend_tenant(actor=SYSTEM, code=code, reason=reason, now=utc_now())


def resume(code: str) -> None:
    with region_as("yz_region"):
        services.resume_tenant(actor=SYSTEM, code=code, now=utc_now())


def archive(code: str, reason: str = REASON) -> None:
    with region_as("yz_region"):
        services.archive_tenant(actor=SYSTEM, code=code, reason=reason, now=utc_now())

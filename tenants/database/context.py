"""Selecting a room and opening its transactions.

The only ways in: `tenant_selected`, `region_as`, `owner_of`. Transactions are `tenant_atomic` and `region_atomic`;
the bare `transaction.atomic` always means the region and is banned by the linter.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.db import connections, transaction
from django.db.models import F, OuterRef, Subquery

from kernel.problems import NotFound
from tenants.database.base import DatabaseWrapper, NoRoomSelected
from tenants.database.logins import Login, tenant_login

REGION_ALIAS = "default"
TENANT_ALIAS = "tenant"
_REF_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class TenantRef:
    """What a request needs to know of the tenant it is in."""

    code: str
    name: str
    schema_name: str
    level: str
    kind: str
    state: str
    epoch: int
    is_demo: bool
    # Why the mall is suspended or archived; empty otherwise.
    reason: str = ""


class TenantNotFound(NotFound):
    code = "tenant-not-found"


_selected: ContextVar[TenantRef | None] = ContextVar("selected_tenant", default=None)
_refs: dict[str, tuple[float, TenantRef]] = {}
_REF_COLUMNS = ("code", "name", "schema_name", "level", "kind", "state", "epoch", "is_demo")
_hosts: dict[str, tuple[float, str, str]] = {}


def _wrapper(alias: str) -> DatabaseWrapper:
    return cast(DatabaseWrapper, connections[alias])


def tenant_ref(code: str) -> TenantRef:
    """The tenant's registry row, read at most every two seconds a process. Raises TenantNotFound."""
    kept = _refs.get(code)
    if kept and time.monotonic() - kept[0] < _REF_SECONDS:
        return kept[1]
    from tenants.registry.models import Tenant

    row = Tenant.objects.filter(code=code).values(*_REF_COLUMNS, reason=F("state_reason")).first()
    if row is None:
        raise TenantNotFound(tenant=code)
    return _keep(TenantRef(**row))


def tenant_of_host(host: str) -> tuple[str, str]:
    """The code of the tenant that answers on `host` and its primary host, or two empty strings.

    Read at most every two seconds a process and host, together with the tenant's row: one statement for both.
    """
    kept = _hosts.get(host)
    if kept and time.monotonic() - kept[0] < _REF_SECONDS:
        return kept[1], kept[2]
    from tenants.registry.models import Domain

    primary = Domain.objects.filter(tenant=OuterRef("tenant"), is_primary=True).values("domain")
    columns = {column: F(f"tenant__{column}") for column in _REF_COLUMNS}
    row = (
        Domain.objects.filter(domain=host)
        .values(**columns, reason=F("tenant__state_reason"), primary=Subquery(primary))
        .first()
    )
    if row is None:
        return "", ""
    first: str = row.pop("primary")
    ref = _keep(TenantRef(**row))
    _hosts[host] = (time.monotonic(), ref.code, first)
    return ref.code, first


def _keep(ref: TenantRef) -> TenantRef:
    _refs[ref.code] = (time.monotonic(), ref)
    return ref


def forget_tenant_refs() -> None:
    """After the registry changed in this process."""
    _refs.clear()
    _hosts.clear()


def current_tenant() -> TenantRef:
    """The selected tenant. Raises NoRoomSelected when there is none."""
    ref = _selected.get()
    if ref is None:
        raise NoRoomSelected("no tenant is selected")
    return ref


def selected_code() -> str | None:
    """The selected tenant's code, or None."""
    ref = _selected.get()
    return ref.code if ref else None


@contextmanager
def tenant_selected(code: str) -> Iterator[TenantRef]:
    """Runs its body in the tenant's room: alias `tenant` connects as that tenant's own login.

    Evaluate querysets inside. Raises TenantNotFound, and RoomSwitchInTransaction when a transaction of another
    tenant is open.
    """
    ref = tenant_ref(code)
    wrapper = _wrapper(TENANT_ALIAS)
    before = wrapper.login
    wrapper.select_login(tenant_login(ref.schema_name))
    token = _selected.set(ref)
    try:
        yield ref
    finally:
        _selected.reset(token)
        wrapper.select_login(before)


def enter_tenant(ref: TenantRef) -> None:
    """Selects for the rest of a request; `leave_rooms` ends it (a streaming answer still reads after the view)."""
    _wrapper(TENANT_ALIAS).select_login(tenant_login(ref.schema_name))
    _selected.set(ref)


def leave_rooms(**_: Any) -> None:
    """Deselects both rooms: connected to request_started and request_finished."""
    for alias in (TENANT_ALIAS, REGION_ALIAS):
        wrapper = _wrapper(alias)
        if not wrapper.in_atomic_block:
            wrapper.select_login(wrapper.default_login)
    _selected.set(None)


@contextmanager
def region_as(role: str) -> Iterator[None]:
    """Runs its body with alias `default` connected as `role` (yz_region, yz_mall, yz_relay, ...)."""
    wrapper = _wrapper(REGION_ALIAS)
    before = wrapper.login
    wrapper.select_login(Login(role))
    try:
        yield
    finally:
        wrapper.select_login(before)


@contextmanager
def owner_of(schema_name: str, *, alias: str = TENANT_ALIAS) -> Iterator[None]:
    """Runs its body as the owner of all DDL with `schema_name` first on the path: migrations and provisioning only."""
    wrapper = _wrapper(alias)
    before = wrapper.login
    wrapper.select_login(Login(settings.YZ_OWNER_ROLE, schema_name))
    try:
        yield
    finally:
        wrapper.select_login(before)


def tenant_atomic(*, savepoint: bool = True, durable: bool = False) -> transaction.Atomic:
    """A transaction of the selected tenant."""
    return transaction.atomic(using=TENANT_ALIAS, savepoint=savepoint, durable=durable)


def region_atomic(*, savepoint: bool = True, durable: bool = False) -> transaction.Atomic:
    """A transaction of the region."""
    return transaction.atomic(using=REGION_ALIAS, savepoint=savepoint, durable=durable)


def tenant_on_commit(callback: Callable[[], object]) -> None:
    """Runs `callback` once the tenant's transaction is committed, with the tenant of now selected again."""
    code = current_tenant().code

    def run() -> None:
        if selected_code() == code:
            callback()
        else:
            with tenant_selected(code):
                callback()

    transaction.on_commit(run, using=TENANT_ALIAS)


def region_on_commit(callback: Callable[[], object]) -> None:
    """Runs `callback` once the region's transaction is committed."""
    transaction.on_commit(callback, using=REGION_ALIAS)

"""Modules: chosen before the mall opens, opened with it, and opened and closed one by one after that."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.problems import Conflict, InvalidInput, NotFound, NotPermitted
from tenant_apps.journal.services import record
from tenant_apps.policies.models import MallModule
from tenant_apps.policies.rules import BUILT, MODULE_LIFECYCLE, ModuleName, ModuleStatus
from tenant_apps.policies.selectors import checklist, has_opened, on_demo_rules
from tenant_apps.policies.services.doors import lock, require_bureau
from tenants.database.context import current_tenant, tenant_atomic
from tenants.registry.rules import TenantKind


class ChecklistOpen(Conflict):
    """`facts["missing"]` names each item that is not done, with its reason."""

    code = "checklist-open"
    title = _("It cannot open: the checklist is not done")


class ModuleNotBuilt(Conflict):
    code = "module-not-built"
    title = _("This module cannot be opened yet")


class MallNotLive(Conflict):
    """Modules open one by one only after the mall has opened; the first ones open with it."""

    code = "mall-not-live"
    title = _("The mall has not gone live yet")


class MallIsLive(Conflict):
    code = "mall-is-live"
    title = _("The mall has gone live already")


def require_checklist(*, now: datetime, module: str = "") -> None:
    """Raises ChecklistOpen with what is missing, each item with its reason."""
    missing = [item for item in checklist(now=now) if not item.done]
    if missing:
        raise ChecklistOpen(
            module=module,
            missing=[{"key": one.key, "label": str(one.label), "reason": str(one.reason)} for one in missing],
            reasons=[str(one.reason) for one in missing],
        )


def choose_modules(*, actor: Actor, modules: Collection[str], now: datetime) -> list[str]:
    """Chooses what opens when the mall goes live, in place of what was chosen before; returns it in order.

    Raises InvalidInput for none, NotFound, ModuleNotBuilt, MallIsLive.
    """
    require_bureau(actor)
    if not modules:
        raise InvalidInput(errors={"modules": [str(_("Choose at least one module."))]})
    for module in modules:
        _require_known(module)
    wanted = [str(name) for name in ModuleName if name in set(modules)]
    with tenant_atomic():
        lock("module")
        if has_opened():
            raise MallIsLive
        changed = False
        for row in _rows():
            action = "choose" if row.name in wanted else "leave_out"
            target = ModuleStatus.CHOSEN if row.name in wanted else ModuleStatus.CLOSED
            if row.state == target:
                continue
            row.state = MODULE_LIFECYCLE.next(row.state, action).target
            row.changed_by_id, row.changed_by_name = actor.user_id, actor.name
            row.save()
            changed = True
        if changed:
            record(
                actor=actor,
                event="policies.modules_chosen",
                object_type="mall",
                object_id=current_tenant().code,
                facts={"modules": wanted},
                now=now,
            )
    return wanted


def _rows() -> list[MallModule]:
    """A row for every module that can be chosen, those never touched unsaved."""
    found = {row.name: row for row in MallModule.objects.filter(name__in=BUILT)}
    return [
        found.get(name) or MallModule(name=name, state=ModuleStatus.CLOSED, changed_by_name="")
        for name in ModuleName
        if name in BUILT
    ]


def open_module(*, actor: Actor, module: str, now: datetime) -> MallModule:
    """Opens a further module of a mall that is live, while every item of the checklist is done.

    Raises ModuleNotBuilt, WrongState when it is open, ChecklistOpen with what is missing, MallNotLive.
    """
    require_bureau(actor)
    _require_known(module)
    with tenant_atomic():
        lock("module")
        row = MallModule.objects.filter(name=module).first() or MallModule(name=module, state=ModuleStatus.CLOSED)
        MODULE_LIFECYCLE.next(row.state, "open")
        require_checklist(now=now, module=module)
        if not has_opened():
            raise MallNotLive(module=module)
        put_open(row, actor=actor, now=now)
    return row


def put_open(row: MallModule, *, actor: Actor, now: datetime) -> None:
    """Opens it, inside the caller's transaction; the caller has looked at the checklist."""
    move = MODULE_LIFECYCLE.next(row.state, "open")
    row.state, row.opened_at, row.closed_at, row.reason = move.target, now, None, ""
    row.changed_by_id, row.changed_by_name = actor.user_id, actor.name
    row.save()
    record(
        actor=actor,
        event="policies.module_opened",
        object_type="module",
        object_id=row.name,
        facts={"module": row.name, "on_demo_rules": on_demo_rules(now=now)},
        now=now,
    )


def open_practice_modules(*, actor: Actor, now: datetime) -> list[str]:
    """Opens every module of a practice mall, which has no checklist: nothing in it is bought. Idempotent.

    Raises NotPermitted in any other mall.
    """
    if current_tenant().kind != TenantKind.PRACTICE:
        raise NotPermitted
    with tenant_atomic():
        lock("module")
        rows = [row for row in _rows() if row.state != ModuleStatus.OPEN]
        for row in rows:
            put_open(row, actor=actor, now=now)
    return [row.name for row in rows]


def close_module(*, actor: Actor, module: str, reason: str, now: datetime) -> MallModule:
    """Closes a module; orders already submitted go on. Raises WrongState when it is not open."""
    require_bureau(actor)
    _require_known(module)
    if not reason.strip():
        raise InvalidInput(errors={"reason": [str(_("Give the reason."))]})
    with tenant_atomic():
        lock("module")
        row = MallModule.objects.filter(name=module).first() or MallModule(name=module, state=ModuleStatus.CLOSED)
        move = MODULE_LIFECYCLE.next(row.state, "close")
        row.state, row.closed_at, row.reason = move.target, now, reason
        row.changed_by_id, row.changed_by_name = actor.user_id, actor.name
        row.save()
        record(
            actor=actor,
            event="policies.module_closed",
            object_type="module",
            object_id=module,
            facts={"module": module, "reason": reason},
            now=now,
        )
    return row


def _require_known(module: str) -> None:
    if module not in set(ModuleName):
        raise NotFound(module=module)
    if module not in BUILT:
        raise ModuleNotBuilt(module=module)

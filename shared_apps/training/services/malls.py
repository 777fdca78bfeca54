"""What a bureau asks for: a practice mall opened, made anew, thrown away. A worker does it (`making`)."""

from __future__ import annotations

from datetime import datetime

from kernel import wakeups
from kernel.actor import Actor
from kernel.problems import NotFound, WrongState
from shared_apps.region_journal.services import record
from shared_apps.training.models import PracticeMall
from shared_apps.training.rules import MALL_LIFECYCLE, MallState, MallStep
from shared_apps.training.selectors import bureau_tenants
from tenants.database.context import region_atomic, region_on_commit
from tenants.registry.practice import practice_code_of
from tenants.registry.rules import TenantState
from tenants.registry.selectors import tenant_names

# A mall that trades or is being set up may practise; a shut one may not.
_PRACTISES = (TenantState.CONFIGURING, TenantState.LIVE)


class NoPractice(WrongState):
    """The bureau's own mall is suspended or archived."""

    code = "no-practice"


def open_mall(*, actor: Actor, tenant_code: str, now: datetime) -> PracticeMall:
    """Raises NotFound for another bureau's tenant, WrongState when there is one, NoPractice."""
    return _ask(actor, "open", tenant_code, now)


def remake_mall(*, actor: Actor, tenant_code: str, now: datetime) -> PracticeMall:
    """Everything in it is thrown away and seeded again; who has completed what stays. Raises NotFound, WrongState."""
    return _ask(actor, "remake", tenant_code, now)


def remove_mall(*, actor: Actor, tenant_code: str, now: datetime) -> PracticeMall:
    """Throws the practice mall away whole; who has completed what stays. Raises NotFound, WrongState."""
    return _ask(actor, "remove", tenant_code, now)


def _ask(actor: Actor, action: str, tenant_code: str, now: datetime) -> PracticeMall:
    if tenant_code not in bureau_tenants(actor=actor):
        raise NotFound(tenant=tenant_code)
    home = tenant_names(codes=[tenant_code]).get(tenant_code)
    if home is None or home.is_practice:
        raise NotFound(tenant=tenant_code)
    if action != "remove" and home.state not in _PRACTISES:
        raise NoPractice(state=home.state)
    with region_atomic():
        PracticeMall.objects.get_or_create(
            tenant_code=tenant_code,
            defaults={
                "code": practice_code_of(tenant_code),
                "state": MallState.REMOVED,
                "step": MallStep.DONE,
                "asked_at": now,
            },
        )
        mall = PracticeMall.objects.select_for_update().get(tenant_code=tenant_code)
        mall.state = MALL_LIFECYCLE.next(mall.state, action).target
        mall.step, mall.error, mall.taken_at = MallStep.WAITING, "", None
        mall.asked_by_id, mall.asked_by_name, mall.asked_at = actor.user_id, actor.name, now
        mall.save()
        record(
            actor=actor,
            event="training.mall_asked",
            object_type="practice_mall",
            object_id=mall.code,
            facts={"tenant_code": tenant_code, "code": mall.code, "action": action},
            now=now,
        )
        region_on_commit(wake)
    return mall


def wake() -> None:
    """Tells the worker of the owner's queue."""
    from shared_apps.training.tasks import work_off

    wakeups.wake(work_off.enqueue)

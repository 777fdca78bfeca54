"""The worker's part: making, re-making and removing practice malls, as the owner of all DDL.

What is to be done stands in the rows. A worker takes a row by one conditional UPDATE; one that died leaves it taken,
and another takes it up after `TAKEN_FOR`. Every part may be done twice: what exists is left, what is gone is gone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import DatabaseError
from django.db.models import Q

from kernel.actor import SYSTEM
from kernel.clock import local_date
from kernel.problems import DomainError
from shared_apps.region_journal.services import record
from shared_apps.rulebook.rules import ONLINE_SUPERMARKET, REQUIRED_THRESHOLDS
from shared_apps.rulebook.selectors import rule_set
from shared_apps.training import seeding
from shared_apps.training.models import PracticeMall
from shared_apps.training.rules import AT_WORK, MALL_LIFECYCLE, TAKEN_FOR, MallState, MallStep
from tenants.database.context import TenantNotFound, region_atomic
from tenants.provisioning.services import TenantExists, create_tenant, drop_tenant, remake_tenant
from tenants.registry.rules import TenantKind
from tenants.registry.selectors import TenantName, tenant_names

logger = logging.getLogger(__name__)
Clock = Callable[[], datetime]


def due(*, now: datetime) -> list[str]:
    """Codes of the practice malls with work that nobody has in hand."""
    return list(_due(now).order_by("asked_at").values_list("code", flat=True))


def _due(now: datetime):  # type: ignore[no-untyped-def]  # a queryset of PracticeMall
    free = Q(taken_at__isnull=True) | Q(taken_at__lte=now - TAKEN_FOR)
    return PracticeMall.objects.filter(free, state__in=AT_WORK)


def work_off(*, clock: Clock) -> int:
    """Does everything that is due; returns how many malls were worked on. A failure is written down, not raised."""
    done = 0
    for code in due(now=clock()):
        if _due(clock()).filter(code=code).update(taken_at=clock()):
            _work(PracticeMall.objects.get(code=code), clock)
            done += 1
    return done


def _work(mall: PracticeMall, clock: Clock) -> None:
    try:
        if mall.state == MallState.REMOVING:
            _step(mall, MallStep.SCHEMA)
            _drop(mall.code, clock())
            _end(mall, "finish_removing", clock())
            return
        _make(mall, clock)
        seeding.seed(code=mall.code, clock=clock, tell=lambda step: _step(mall, step))
        _end(mall, "finish", clock())
    except (DomainError, DatabaseError) as error:
        logger.exception("work on practice mall %s failed", mall.code)
        if mall.state == MallState.MAKING:
            # An opening that failed leaves nothing behind.
            _drop(mall.code, clock())
        _give_up(mall, error, clock())


def _make(mall: PracticeMall, clock: Clock) -> None:
    _step(mall, MallStep.SCHEMA)
    if mall.state == MallState.REMAKING:
        remake_tenant(code=mall.code, now=clock())
        return
    home = tenant_names(codes=[mall.tenant_code])[mall.tenant_code]
    try:
        create_tenant(
            code=mall.code,
            division_code=home.division_code,
            kind=TenantKind.PRACTICE,
            name=f"{home.name}（演练）",
            level=home.level,
            is_demo=_on_demo_rules(home, clock()),
            now=clock(),
        )
    except TenantExists:
        logger.info("practice mall %s was made already", mall.code)


def _on_demo_rules(home: TenantName, now: datetime) -> bool:
    """Practice runs on the region's thresholds; while one is not verified, on demonstration values, marked so."""
    rules = rule_set(level=home.level, on=local_date(now))
    needed = [rules.get(code, kind) for code, kind in REQUIRED_THRESHOLDS.get(ONLINE_SUPERMARKET, ())]
    return home.is_demo or any(rule is None or not rule.verified for rule in needed)


def _drop(code: str, now: datetime) -> None:
    try:
        drop_tenant(code=code, now=now)
    except TenantNotFound:
        logger.info("practice mall %s was gone already", code)


def _step(mall: PracticeMall, step: MallStep) -> None:
    """Tells the page how far the work is. Not a change of state: the journal hears of its end."""
    PracticeMall.objects.filter(pk=mall.pk).update(step=step)


def _end(mall: PracticeMall, action: str, now: datetime) -> None:
    ready = action == "finish"
    with region_atomic():
        target = MALL_LIFECYCLE.next(mall.state, action).target
        changed = PracticeMall.objects.filter(pk=mall.pk, state=mall.state).update(
            state=target,
            step=MallStep.DONE,
            error="",
            taken_at=None,
            ready_at=now if ready else None,
            times_made=mall.times_made + (1 if ready else 0),
        )
        if changed:
            facts = {"tenant_code": mall.tenant_code, "code": mall.code}
            record(
                actor=SYSTEM,
                event="training.mall_ready" if ready else "training.mall_removed",
                object_type="practice_mall",
                object_id=mall.code,
                facts={**facts, "times_made": mall.times_made + 1} if ready else facts,
                now=now,
            )


def _give_up(mall: PracticeMall, error: Exception, now: datetime) -> None:
    action = "give_up_opening" if mall.state == MallState.MAKING else "give_up"
    text = str(getattr(error, "code", "")) or type(error).__name__
    with region_atomic():
        target = MALL_LIFECYCLE.next(mall.state, action).target
        changed = PracticeMall.objects.filter(pk=mall.pk, state=mall.state).update(
            state=target, step=MallStep.DONE, error=text[:300], taken_at=None
        )
        if changed:
            record(
                actor=SYSTEM,
                event="training.mall_failed",
                object_type="practice_mall",
                object_id=mall.code,
                facts={"tenant_code": mall.tenant_code, "code": mall.code, "state": target, "error": text[:300]},
                now=now,
            )

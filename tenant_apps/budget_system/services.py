"""Telling the budget-management system, following what it says, and taking its quotas over.

The other side is called between transactions: first the report is claimed, then told, then what was said is written. A
worker that dies in between leaves a claim that runs out, and the same number is told again; it is entered once.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor, system_in
from kernel.problems import Conflict, DomainError, InvalidInput, NotFound
from kernel.retrying import CLAIM, POLL_EVERY, retry_at
from tenant_apps.budget_system.models import BudgetReport
from tenant_apps.budget_system.outbox import wake_sending
from tenant_apps.budget_system.provider import (
    BUDGET_SYSTEM,
    Answer,
    BudgetSystemProvider,
    BudgetSystemUnavailable,
    Quota,
    Report,
    Status,
)
from tenant_apps.budget_system.rules import OPEN, REPORT_LIFECYCLE, ReportState
from tenant_apps.budgets.order_numbers import numbers_of
from tenant_apps.budgets.selectors import unit_by_id
from tenant_apps.budgets.services import create_line, require_bureau
from tenant_apps.journal.services import record
from tenants.database.context import current_tenant, tenant_atomic, tenant_on_commit

logger = logging.getLogger(__name__)


class BudgetSystemAway(Conflict):
    code = "budget-system-away"
    title = _("The budget-management system does not answer now")


class ReportChanged(Conflict):
    """Another worker wrote the answer first."""

    code = "budget-report-changed"
    title = _("The report has changed in the meantime")


@dataclass(frozen=True, slots=True)
class Worked:
    """What one round did; `waiting` could not be reached or has no answer yet."""

    accepted: int = 0
    refused: int = 0
    waiting: int = 0


def send_due(*, now: datetime, limit: int = 50, provider: BudgetSystemProvider | None = None) -> Worked:
    """Tells every report whose turn it is and asks about those that were taken, oldest first.

    Rows another worker has claimed are left.
    """
    provider = provider or BUDGET_SYSTEM.connect()
    done = {"accepted": 0, "refused": 0, "waiting": 0}
    for _turn in range(limit):
        claimed = _claim(now)
        if claimed is None:
            break
        done[_told(*claimed, provider, now)] += 1
    return Worked(**done)


def _claim(now: datetime) -> tuple[BudgetReport, bool] | None:
    """The oldest report whose turn it is, marked as being worked on until the claim runs out; whether it is early.

    What an order froze is told before what becomes of it: a report waits for an earlier one of its line and order.
    """
    with tenant_atomic():
        due = BudgetReport.objects.filter(next_due_at__lte=now).order_by("next_due_at", "id")
        report = due.select_for_update(skip_locked=True, no_key=True).first()
        if report is None:
            return None
        earlier = BudgetReport.objects.filter(
            order_id=report.order_id, line_id=report.line_id, pk__lt=report.pk, state__in=OPEN
        )
        report.attempts += 1
        BudgetReport.objects.filter(pk=report.pk).update(next_due_at=now + CLAIM, attempts=report.attempts)
        return report, earlier.exists()


def _told(report: BudgetReport, is_early: bool, provider: BudgetSystemProvider, now: datetime) -> str:
    if is_early:
        _wait(report, until=now + POLL_EVERY, error="")
        return "waiting"
    try:
        if report.state == ReportState.SENT:
            answer = provider.ask(report.number)
        else:
            answer = provider.report(_as_report(report))
    except BudgetSystemUnavailable as error:
        _wait(report, until=retry_at(attempts=report.attempts, now=now), error=str(error))
        return "waiting"
    if answer.status == Status.PENDING and report.state == ReportState.SENT:
        _wait(report, until=now + POLL_EVERY, error="")
        return "waiting"
    try:
        _write(report, answer, now)
    except DomainError as refusal:
        logger.warning("answer for report %s not written: %s", report.number, refusal.code)
        return "waiting"
    return {Status.ACCEPTED: "accepted", Status.REFUSED: "refused"}.get(answer.status, "waiting")


def _write(report: BudgetReport, answer: Answer, now: datetime) -> None:
    """What the other side said, and its journal row."""
    ended: dict[str, Any] = {"settled_at": now, "next_due_at": None}
    with tenant_atomic():
        if answer.status == Status.PENDING:
            _move(report, "send", reference=answer.reference, next_due_at=now + POLL_EVERY)
            _record(report, "budget_system.report_sent", now, reference=answer.reference)
        elif answer.status == Status.ACCEPTED:
            _move(report, "accept", reference=answer.reference, state_reason="", **ended)
            _record(report, "budget_system.report_accepted", now, reference=answer.reference)
        else:
            reason = answer.reason[:300] or str(_("The budget-management system gave no reason"))
            _move(report, "refuse", state_reason=reason, **ended)
            _record(report, "budget_system.report_refused", now, reason=reason)


def resend(*, actor: Actor, report_id: int, now: datetime) -> BudgetReport:
    """The bureau has a refused report told again, under its number. Raises NotFound, WrongState, NotPermitted."""
    require_bureau(actor)
    with tenant_atomic():
        report = BudgetReport.objects.filter(pk=report_id).first()
        if report is None:
            raise NotFound(report_id=report_id)
        _move(report, "resend", next_due_at=now, settled_at=None, attempts=0)
        _record(report, "budget_system.report_resent", now, actor=actor)
        tenant_on_commit(wake_sending)
    report.refresh_from_db()
    return report


def fetch(*, unit_code: str, fiscal_year: int) -> Sequence[Quota]:
    """The other side's quotas of a unit and year. Raises BudgetSystemAway."""
    try:
        return BUDGET_SYSTEM.connect().fetch(unit_code=unit_code, fiscal_year=fiscal_year)
    except BudgetSystemUnavailable as error:
        raise BudgetSystemAway from error


def take_over(*, actor: Actor, unit_id: int, fiscal_year: int, numbers: Collection[str], now: datetime) -> list[int]:
    """Enters a budget line for each of the named quotas that is not here yet; all of them or none. Returns their ids.

    A quota keeps its number, as plan number too; its plan is left to be filed. What was frozen or spent there before is
    not known here, so a quota that is in use there is refused. Raises NotFound, InvalidInput, LineExists.
    """
    require_bureau(actor)
    unit = unit_by_id(unit_id=unit_id)
    quotas = {quota.number: quota for quota in fetch(unit_code=unit.code, fiscal_year=fiscal_year)}
    if missing := sorted(set(numbers) - set(quotas)):
        raise NotFound(quota_numbers=missing)
    used = [number for number in numbers if quotas[number].frozen or quotas[number].spent]
    if used:
        found = _("In use in the budget-management system already: %(numbers)s.") % {"numbers": ", ".join(used)}
        raise InvalidInput(errors={"numbers": [str(found)]})
    with tenant_atomic():
        return [
            create_line(
                actor=actor,
                unit_id=unit_id,
                fiscal_year=fiscal_year,
                plan_number=number,
                plan_filed_on=None,
                budget_item=quotas[number].name,
                fund_source=quotas[number].fund_source,
                functional_class=quotas[number].functional_class,
                economic_class=quotas[number].economic_class,
                project_code=quotas[number].project_code,
                project_name=quotas[number].project_name,
                quota_number=number,
                total=quotas[number].total,
                now=now,
            ).pk
            for number in sorted(numbers)
        ]


def _move(report: BudgetReport, action: str, **changes: Any) -> None:
    """The guarded UPDATE of one step. Raises ReportChanged when another worker was first, WrongState."""
    step = REPORT_LIFECYCLE.next(report.state, action)
    moved = BudgetReport.objects.filter(pk=report.pk, state=report.state, version=report.version).update(
        state=step.target, version=F("version") + 1, last_error="", **changes
    )
    if moved != 1:
        raise ReportChanged(number=report.number)


def _wait(report: BudgetReport, *, until: datetime, error: str) -> None:
    BudgetReport.objects.filter(pk=report.pk, state=report.state, version=report.version).update(
        next_due_at=until, last_error=error[:300]
    )


def _record(report: BudgetReport, event: str, now: datetime, *, actor: Actor | None = None, **facts: Any) -> None:
    record(
        actor=actor or system_in(current_tenant().code),
        event=event,
        object_type="budget_report",
        object_id=report.pk,
        facts={
            "number": report.number, "kind": report.kind, "quota_number": report.quota_number,
            "order_id": report.order_id, "amount": report.amount, **facts,
        },
        now=now,
    )  # fmt: skip


def _as_report(report: BudgetReport) -> Report:
    return Report(
        number=report.number,
        kind=report.kind,
        quota_number=report.quota_number,
        unit_code=report.unit_code,
        fiscal_year=report.fiscal_year,
        amount=report.amount,
        order_number=numbers_of([report.order_id]).get(report.order_id, ""),
        at=report.created_at,
    )

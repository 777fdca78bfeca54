"""Changes of published content, reported with the day they happened. The clock tells late ones; none is refused for it.

Nobody approves a change: the name list shows what the agency states. Source: Cai Ku [2018] 2, ten working days.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.actor import SYSTEM, Actor
from kernel.clock import local_date
from kernel.problems import InvalidInput, NotFound, WrongState
from shared_apps.accounts.services import rename_organisation
from shared_apps.agencies.models import Agency, AgencyStaff, ReportedChange
from shared_apps.agencies.permissions import MANAGERS
from shared_apps.agencies.rules.changes import change_due_on, is_late
from shared_apps.agencies.rules.content import FULL_TIME_STAFF_MIN, Content, missing_content
from shared_apps.agencies.rules.registration import REGISTRATION, AgencyState
from shared_apps.agencies.services.common import own_locked, staff_count, tell
from shared_apps.agencies.services.registering import require_complete, require_known_places
from shared_apps.rulebook.selectors import calendar
from tenants.database.context import region_atomic


def report_change(*, actor: Actor, content: Content, happened_on: date, now: datetime) -> ReportedChange:
    """The content as it is since `happened_on`; it counts at once.

    Raises NotFound, WrongState, InvalidInput when nothing differs or the day lies ahead, RegistrationIncomplete,
    CalendarYearMissing.
    """
    require_known_places(content)
    require_complete(missing_content(content))
    with region_atomic():
        agency = _published(actor)
        items = [{"field": name, "old": old, "new": new} for name, old, new in agency.content.differences(content)]
        if not items:
            raise InvalidInput(errors={"happened_on": [str(_("Nothing differs from what is published."))]})
        if content.name != agency.name:
            rename_organisation(actor=SYSTEM, organisation_id=agency.organisation_id, name=content.name, now=now)
        agency.take(content)
        return _keep(actor, agency, items, happened_on, now)


def report_staff_joined(*, actor: Actor, name: str, joined_on: date, now: datetime) -> ReportedChange:
    """Raises NotFound, WrongState, InvalidInput, CalendarYearMissing."""
    with region_atomic():
        agency = _published(actor)
        before = staff_count(agency)
        AgencyStaff.objects.create(agency=agency, name=name, joined_on=joined_on)
        return _keep(actor, agency, [{"field": "staff", "old": before, "new": before + 1}], joined_on, now)


def report_staff_left(*, actor: Actor, staff_id: int, left_on: date, now: datetime) -> ReportedChange:
    """Fewer than five stay stated as they are: the desk and spot checks see it.

    Raises NotFound, WrongState, InvalidInput, CalendarYearMissing.
    """
    with region_atomic():
        agency = _published(actor)
        before = staff_count(agency)
        person = agency.staff.filter(pk=staff_id, left_on=None).first()
        if person is None:
            raise NotFound(staff=staff_id)
        if left_on < person.joined_on:
            raise InvalidInput(errors={"left_on": [str(_("That lies before the day of joining."))]})
        person.left_on = left_on
        person.save(update_fields=["left_on"])
        return _keep(actor, agency, [{"field": "staff", "old": before, "new": before - 1}], left_on, now)


def _published(actor: Actor) -> Agency:
    agency = own_locked(actor, MANAGERS)
    if agency.state != AgencyState.PUBLISHED:
        raise WrongState(lifecycle=REGISTRATION.name, state=str(agency.state), action="report", possible=[])
    return agency


def _keep(
    actor: Actor, agency: Agency, items: Sequence[dict[str, Any]], happened_on: date, now: datetime
) -> ReportedChange:
    today = local_date(now)
    if happened_on > today:
        raise InvalidInput(errors={"happened_on": [str(_("The day lies ahead: report the change once it happened."))]})
    due_on = change_due_on(happened_on=happened_on, calendar=calendar())
    agency.version += 1
    agency.save()
    change = ReportedChange.objects.create(
        agency=agency, items=list(items), happened_on=happened_on, due_on=due_on, reported_at=now,
        is_late=is_late(due_on=due_on, reported_on=today),
    )  # fmt: skip
    staff = staff_count(agency)
    tell(
        actor, "agencies.change_reported", agency, now, fields=[item["field"] for item in items],
        happened_on=happened_on, due_on=due_on, is_late=change.is_late, staff=staff,
        few_staff=agency.content.is_local and staff < FULL_TIME_STAFF_MIN,
    )  # fmt: skip
    return change

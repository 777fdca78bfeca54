"""Setting the periods of statements."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.clock import local_date
from kernel.posts import Post
from kernel.problems import InvalidInput, NotPermitted
from shared_apps.fees.models import FeePeriod
from shared_apps.fees.rules.parameters import BOUNDS, Period
from shared_apps.region_journal.services import record
from tenants.database.context import region_atomic


def enter_period(*, actor: Actor, name: str, value: int, valid_from: date, source: str, now: datetime) -> FeePeriod:
    """A figure from a day on; what was issued before keeps its days. Raises NotPermitted, InvalidInput."""
    if not actor.has(Post.REGION_SUPERVISOR):
        raise NotPermitted
    bounds = BOUNDS[Period(name)]
    errors: dict[str, list[str]] = {}
    if not bounds.low <= value <= bounds.high:
        words = _("Enter a whole number from %(low)s to %(high)s.") % {"low": bounds.low, "high": bounds.high}
        errors["value"] = [words]
    if valid_from < local_date(now):
        errors["valid_from"] = [_("A figure holds from today or a later day.")]
    if errors:
        raise InvalidInput(errors=errors)
    with region_atomic():
        row = FeePeriod.objects.create(
            name=name,
            value=value,
            valid_from=valid_from,
            source=source,
            entered_at=now,
            entered_by=actor.user_id,
            entered_by_name=actor.name,
        )
        record(
            actor=actor,
            event="fees.period_entered",
            object_type="fee_period",
            object_id=row.pk,
            facts={"name": name, "value": value, "valid_from": valid_from, "source": source},
            now=now,
        )
    return row

"""The library's periods: a new version, never a change of one that is there."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.actor import Actor
from kernel.clock import local_date
from kernel.problems import Conflict, InvalidInput, NotPermitted
from shared_apps.region_journal.services import record
from shared_apps.suppliers.models import LibraryTerms
from shared_apps.suppliers.permissions import TERMS_WRITERS
from tenants.database.context import region_atomic


class TermsThere(Conflict):
    code = "library-terms-there"
    title = gettext_lazy("There is a version that begins on this day already")


def enter_terms(
    *,
    actor: Actor,
    valid_from: date,
    vetting_days: int,
    admission_days: int,
    correction_days: int,
    first_warning_days: int,
    last_warning_days: int,
    confirmation_months: int,
    basis: str,
    now: datetime,
) -> LibraryTerms:
    """In force from `valid_from`, which lies ahead: what has run by a version stays run by it.

    Raises NotPermitted, InvalidInput, TermsThere.
    """
    if not (actor.is_system or actor.posts & TERMS_WRITERS):
        raise NotPermitted
    if valid_from <= local_date(now):
        raise InvalidInput(errors={"valid_from": [_("Choose a day from tomorrow on.")]})
    if first_warning_days <= last_warning_days:
        raise InvalidInput(errors={"first_warning_days": [_("The first warning comes before the last.")]})
    try:
        with region_atomic():
            row = LibraryTerms.objects.create(
                valid_from=valid_from,
                vetting_days=vetting_days,
                admission_days=admission_days,
                correction_days=correction_days,
                first_warning_days=first_warning_days,
                last_warning_days=last_warning_days,
                confirmation_months=confirmation_months,
                basis=basis,
                entered_at=now,
                entered_by_name=actor.name,
            )
            record(
                actor=actor,
                event="suppliers.terms_entered",
                object_type="library_terms",
                object_id=row.pk,
                facts={"valid_from": valid_from.isoformat(), "basis": basis},
                now=now,
            )
    except IntegrityError as error:
        raise TermsThere(valid_from=valid_from.isoformat()) from error
    return row

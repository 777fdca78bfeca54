"""What the calendar does: warns of what is about to end, holds what has ended, closes what nobody goes on with.

Each object is judged anew under its supplier's lock and remembers how far it has been taken, so a run that is
repeated, late or broken off writes nothing twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from kernel.actor import SYSTEM
from kernel.clock import local_date
from shared_apps.suppliers.models import Qualification, Supplier, SupplierApplication
from shared_apps.suppliers.rules import (
    APPLICATION_LIFECYCLE,
    HOLDING_DOCUMENTS,
    ApplicationState,
    HoldCause,
    Standing,
    Terms,
)
from shared_apps.suppliers.rules.application import LINK_DAYS
from shared_apps.suppliers.rules.terms import confirm_by, warning_level
from shared_apps.suppliers.selectors.terms import terms_of
from shared_apps.suppliers.services.holds import hold_supplier
from shared_apps.suppliers.services.rows import locked, tell, tell_application
from tenants.database.context import region_atomic

_EXPIRED = 3
_IN_THE_LIBRARY = (Standing.ADMITTED, Standing.SUSPENDED)


@dataclass(frozen=True, slots=True)
class Followed:
    """How much a run did."""

    warned: int = 0
    # Expired papers and missed confirmations: those that the law or the library asks for hold the supplier.
    ended: int = 0
    lapsed: int = 0


def follow_calendar(*, now: datetime) -> Followed:
    """One run over everything that is due on this day. Idempotent."""
    today = local_date(now)
    terms = terms_of(today)
    levels = [
        *(_follow_qualification(key, today=today, terms=terms, now=now) for key in _due_qualifications(today, terms)),
        *(_follow_confirmation(key, today=today, terms=terms, now=now) for key in _due_confirmations(today, terms)),
    ]
    lapsed = sum(_lapse(key, now=now) for key in _forgotten(now, terms))
    return Followed(warned=sum(0 < level < _EXPIRED for level in levels), ended=levels.count(_EXPIRED), lapsed=lapsed)


def _due_qualifications(today: date, terms: Terms) -> list[int]:
    due = Qualification.objects.filter(
        ended_at=None,
        expires_on__lte=today + timedelta(days=terms.first_warning_days),
        warned__lt=_EXPIRED,
        supplier__standing__in=_IN_THE_LIBRARY,
    )
    return list(due.order_by("expires_on", "pk").values_list("pk", flat=True))


def _follow_qualification(key: int, *, today: date, terms: Terms, now: datetime) -> int:
    """The level it is taken to, 0 where there is nothing new."""
    with region_atomic():
        found = Qualification.objects.filter(pk=key).values_list("supplier_id", flat=True).first()
        if found is None:
            return 0
        supplier = locked(found)
        row = Qualification.objects.get(pk=key)
        if row.ended_at is not None or row.expires_on is None or supplier.standing not in _IN_THE_LIBRARY:
            return 0
        level = warning_level(expires_on=row.expires_on, today=today, terms=terms)
        if level <= row.warned:
            return 0
        row.warned = level
        row.save(update_fields=["warned"])
        if level == _EXPIRED and row.kind in HOLDING_DOCUMENTS:
            hold_supplier(
                actor=SYSTEM, supplier_id=supplier.pk, cause=HoldCause.QUALIFICATION_EXPIRED,
                reference=str(row.pk), reason=f"{row.title} {row.expires_on.isoformat()}", now=now,
            )  # fmt: skip
        else:
            _warn(supplier, HoldCause.QUALIFICATION_EXPIRED, str(row.pk), level, row.expires_on, now)
    return level


def _due_confirmations(today: date, terms: Terms) -> list[int]:
    # A month has 28 days at least: whoever is left out is not due, the others are judged to the day.
    before = today + timedelta(days=terms.first_warning_days - 28 * terms.confirmation_months)
    due = Supplier.objects.filter(
        confirmed_on__lte=before, confirmation_warned__lt=_EXPIRED, standing__in=_IN_THE_LIBRARY
    )
    return list(due.order_by("confirmed_on", "pk").values_list("pk", flat=True))


def _follow_confirmation(key: int, *, today: date, terms: Terms, now: datetime) -> int:
    with region_atomic():
        supplier = locked(key)
        if supplier.confirmed_on is None or supplier.standing not in _IN_THE_LIBRARY:
            return 0
        due_on = confirm_by(confirmed_on=supplier.confirmed_on, months=terms.confirmation_months)
        level = warning_level(expires_on=due_on, today=today, terms=terms)
        if level <= supplier.confirmation_warned:
            return 0
        supplier.confirmation_warned = level
        supplier.save(update_fields=["confirmation_warned"])
        if level == _EXPIRED:
            hold_supplier(
                actor=SYSTEM, supplier_id=key, cause=HoldCause.NOT_RECONFIRMED, reference="",
                reason=due_on.isoformat(), now=now,
            )  # fmt: skip
        else:
            _warn(supplier, HoldCause.NOT_RECONFIRMED, "", level, due_on, now)
    return level


def _warn(supplier: Supplier, cause: HoldCause, reference: str, level: int, due_on: date, now: datetime) -> None:
    tell(
        SYSTEM, "suppliers.warned", supplier, now,
        cause=str(cause), reference=reference, level=level, due_on=due_on.isoformat(),
        organisation_id=supplier.organisation_id,
    )  # fmt: skip


def _forgotten(now: datetime, terms: Terms) -> list[int]:
    """Drafts whose link nobody opened in time, and what the applicant has not touched for the period of correction."""
    unopened = Q(owner_id=None, supplier=None, created_at__lte=now - timedelta(days=LINK_DAYS))
    idle = Q(changed_at__lte=now - timedelta(days=terms.correction_days))
    rows = SupplierApplication.objects.filter(
        unopened | idle, state__in=[ApplicationState.DRAFT.value, ApplicationState.RETURNED.value]
    )
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _lapse(key: int, *, now: datetime) -> int:
    with region_atomic():
        row = SupplierApplication.objects.select_for_update().get(pk=key)
        if row.state not in {ApplicationState.DRAFT, ApplicationState.RETURNED}:
            return 0
        row.state = APPLICATION_LIFECYCLE.next(row.state, "lapse").target
        row.changed_at = now
        row.save(update_fields=["state", "changed_at"])
        tell_application(SYSTEM, "suppliers.application_lapsed", row, now)
    return 1

"""What a ban does to an agency: agreements that have not begun end, begun ones are wound up.

Source: Cai Ku [2018] 2 (secondary), Government Procurement Law art. 78. The decision itself is kept by `sanctions`.
"""

from __future__ import annotations

from datetime import date, datetime

from kernel.actor import SYSTEM
from shared_apps.agencies.models import AgencyHold, Agreement
from shared_apps.agencies.rules.agreements import AGREEMENT, AgreementState
from shared_apps.agencies.services import agreements
from shared_apps.agencies.services.common import locked_agency, tell
from tenants.database.context import region_atomic


def hold_agency(*, agency_id: int, reference: str, reason: str, until: date, now: datetime) -> None:
    """Keeps the agency out, inside the caller's transaction. A second time it changes nothing. Raises NotFound."""
    with region_atomic():
        agency = locked_agency(agency_id)
        if AgencyHold.objects.filter(agency=agency, reference=reference).exists():
            return
        AgencyHold.objects.create(agency=agency, reference=reference, reason=str(reason), since=now, until=until)
        tell(SYSTEM, "agencies.held", agency, now, reference=reference, until=until)
        open_ones = Agreement.objects.select_for_update(of=("self",)).select_related("agency").filter(agency=agency)
        for agreement in open_ones.filter(state=AgreementState.FILED).order_by("pk"):
            agreement.state = AGREEMENT.next(agreement.state, "end_by_ban").target
            agreement.finished_at, agreement.end_reason, agreement.ban_reference = now, str(reason), reference
            agreement.save(update_fields=["state", "finished_at", "end_reason", "ban_reference"])
            agreements.tell(SYSTEM, "agencies.agreement_ended_by_ban", agreement, now, reference=reference)
        for agreement in open_ones.filter(state=AgreementState.STARTED).order_by("pk"):
            agreement.state = AGREEMENT.next(agreement.state, "wind_up").target
            agreement.ban_reference = reference
            agreement.save(update_fields=["state", "ban_reference"])
            agreements.tell(SYSTEM, "agencies.agreement_to_wind_up", agreement, now, reference=reference)


def release_agency(*, agency_id: int, reference: str, now: datetime) -> None:
    """Ends what `hold_agency` with this reference began; agreements that it ended stay ended."""
    with region_atomic():
        agency = locked_agency(agency_id)
        found = AgencyHold.objects.filter(agency=agency, reference=reference, released_at=None)
        if found.update(released_at=now):
            tell(SYSTEM, "agencies.released", agency, now, reference=reference)

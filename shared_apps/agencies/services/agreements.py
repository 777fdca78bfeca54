"""Records of agency agreements: filed, begun, completed, ended. The purchaser chose and signed before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.clock import local, local_date
from kernel.locks import advisory_lock_key, advisory_xact_lock
from kernel.problems import Conflict, InvalidInput, NotFound
from shared_apps.accounts import selectors as people
from shared_apps.accounts.rules import OrganisationKind
from shared_apps.agencies.models import Agency, AgencyHold, Agreement, Participant
from shared_apps.agencies.rules.agreements import AGREEMENT, agreement_number
from shared_apps.agencies.rules.evaluations import evaluation_due_on
from shared_apps.agencies.rules.registration import AgencyState
from shared_apps.agencies.selectors.agreements import may_file_for, purchaser_to_file_for
from shared_apps.region_journal.services import record
from shared_apps.rulebook.selectors import calendar
from tenants.database.context import REGION_ALIAS, region_atomic


class AgencyNotOnList(Conflict):
    code = "agency-not-on-list"
    title = _("The agency is not on the public name list")


class AgencyBanned(Conflict):
    code = "agency-banned"
    title = _("The agency is banned from government procurement")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What an agreement must name (Government Procurement Law art. 20)."""

    subject: str
    scope: str
    powers: str
    signed_on: date
    starts_on: date
    ends_on: date
    files_clause: str
    fee_rule: str
    ending_clause: str
    breach_clause: str


def facts_of(agreement: Agreement) -> dict[str, Any]:
    return {
        "number": agreement.number,
        "agency_id": agreement.agency_id,
        "uscc": agreement.agency.uscc,
        "agency_name": agreement.agency.name,
        "tenant_code": agreement.tenant_code,
        "purchaser_id": agreement.purchaser_id,
        "state": str(agreement.state),
    }


def tell(actor: Actor, event: str, agreement: Agreement, now: datetime, **more: Any) -> None:
    record(
        actor=actor,
        event=event,
        object_type="agency_agreement",
        object_id=agreement.pk,
        facts={**facts_of(agreement), **more},
        now=now,
    )


def _require_free(agency: Agency) -> None:
    """Raises AgencyNotOnList, AgencyBanned."""
    if agency.state != AgencyState.PUBLISHED:
        raise AgencyNotOnList(uscc=agency.uscc)
    hold = AgencyHold.objects.filter(agency=agency, released_at=None).order_by("until").last()
    if hold is not None:
        raise AgencyBanned(uscc=agency.uscc, until=hold.until)


def file_agreement(*, actor: Actor, purchaser_id: int, uscc: str, terms: Terms, now: datetime) -> Agreement:
    """Keeps the record of an agreement that the purchaser has signed with an agency of its own choice.

    Raises NotFound, InvalidInput, AgencyNotOnList, AgencyBanned.
    """
    purchaser = purchaser_to_file_for(actor=actor, organisation_id=purchaser_id)
    if terms.ends_on < terms.starts_on:
        raise InvalidInput(errors={"ends_on": [str(_("The last day lies before the first."))]})
    if terms.signed_on > local_date(now):
        raise InvalidInput(errors={"signed_on": [str(_("File the agreement once it is signed."))]})
    day = f"{local(now):%Y%m%d}"
    with region_atomic():
        agency = Agency.objects.select_for_update().filter(uscc=uscc).first()
        if agency is None:
            raise AgencyNotOnList(uscc=uscc)
        _require_free(agency)
        # Numbers of one day follow each other without a gap that somebody would have to explain.
        advisory_xact_lock(REGION_ALIAS, advisory_lock_key("agencies", "agreement", day))
        sequence = Agreement.objects.filter(number__startswith=f"DL{day}").count() + 1
        agreement = Agreement.objects.create(
            number=agreement_number(day=day, sequence=sequence), agency=agency, tenant_code=purchaser.tenant_code,
            purchaser_id=purchaser.pk, purchaser_name=purchaser.name, state=AGREEMENT.initial,
            filed_by_id=actor.user_id, filed_by_name=actor.name, filed_at=now, **asdict(terms),
        )  # fmt: skip
        tell(
            actor, "agencies.agreement_filed", agreement, now, subject=terms.subject, starts_on=terms.starts_on,
            ends_on=terms.ends_on,
        )  # fmt: skip
    return agreement


def _moved(actor: Actor, agreement_id: int, action: str) -> Agreement:
    """The agreement, locked and in its next state. Raises NotFound for strangers, WrongState."""
    agreement = (
        Agreement.objects.select_for_update(of=("self",)).select_related("agency").filter(pk=agreement_id).first()
    )
    if agreement is None or not may_file_for(
        actor=actor, organisation_id=agreement.purchaser_id, tenant_code=agreement.tenant_code
    ):
        raise NotFound(agreement=agreement_id)
    agreement.state = AGREEMENT.next(agreement.state, action).target
    return agreement


def start_agreement(*, actor: Actor, agreement_id: int, now: datetime) -> Agreement:
    """The agency has begun its work. Raises NotFound, WrongState, AgencyNotOnList, AgencyBanned."""
    with region_atomic():
        agreement = _moved(actor, agreement_id, "start")
        _require_free(agreement.agency)
        agreement.started_at = now
        agreement.save(update_fields=["state", "started_at"])
        tell(actor, "agencies.agreement_started", agreement, now)
    return agreement


def complete_agreement(*, actor: Actor, agreement_id: int, supplier_codes: Sequence[str], now: datetime) -> Agreement:
    """The work is done; the suppliers named took part in it and may evaluate, as may the purchaser.

    Raises NotFound, WrongState, InvalidInput for a supplier that the region does not know, CalendarYearMissing.
    """
    with region_atomic():
        agreement = _moved(actor, agreement_id, "complete")
        took_part = [_supplier(code) for code in dict.fromkeys(supplier_codes)]
        agreement.finished_at = now
        due_on = agreement.evaluation_due_on = evaluation_due_on(finished_on=local_date(now), calendar=calendar())
        agreement.save(update_fields=["state", "finished_at", "evaluation_due_on"])
        Participant.objects.bulk_create(
            Participant(agreement=agreement, organisation_id=found.pk, uscc=found.code, name=found.name)
            for found in took_part
        )
        tell(actor, "agencies.agreement_completed", agreement, now, suppliers=len(took_part), evaluation_due_on=due_on)
    return agreement


def _supplier(code: str) -> Any:
    try:
        return people.organisation_by_code(kind=OrganisationKind.SUPPLIER, code=code)
    except NotFound:
        raise InvalidInput(
            errors={"supplier_codes": [str(_("No supplier of the region has the code %(code)s.") % {"code": code})]}
        ) from None


def end_agreement(*, actor: Actor, agreement_id: int, reason: str, now: datetime) -> Agreement:
    """Ends it before its time. Work that had begun is evaluated. Raises NotFound, WrongState, CalendarYearMissing."""
    with region_atomic():
        agreement = _moved(actor, agreement_id, "end")
        agreement.finished_at, agreement.end_reason = now, reason
        if agreement.started_at is not None:
            agreement.evaluation_due_on = evaluation_due_on(finished_on=local_date(now), calendar=calendar())
        agreement.save(update_fields=["state", "finished_at", "end_reason", "evaluation_due_on"])
        tell(
            actor, "agencies.agreement_ended", agreement, now, reason=reason,
            evaluation_due_on=agreement.evaluation_due_on,
        )  # fmt: skip
    return agreement

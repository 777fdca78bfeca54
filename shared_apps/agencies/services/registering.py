"""The agency's side: state the content, name the staff, add files, submit, withdraw, deregister."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.problems import Conflict, InvalidInput, NotFound, WrongState
from shared_apps.agencies.models import Agency, AgencyFile, AgencyStaff, Agreement
from shared_apps.agencies.permissions import MANAGERS
from shared_apps.agencies.provinces import provinces
from shared_apps.agencies.purposes import REGISTRATION_FILE
from shared_apps.agencies.rules.agreements import OPEN
from shared_apps.agencies.rules.content import Content, FileKind, Lack, missing
from shared_apps.agencies.rules.registration import EDITABLE, REGISTRATION
from shared_apps.agencies.services.common import locked_agency, move, own_locked, staff_count, tell
from shared_apps.agencies.wording import LACKS
from shared_apps.region_files.services import store_file
from tenants.database.context import region_atomic
from tenants.divisions.selectors import places


class RegistrationIncomplete(InvalidInput):
    """`errors` says by field what the name list still asks for."""

    code = "registration-incomplete"
    title = _("The content is not complete yet")


class AgreementsOpen(Conflict):
    code = "agreements-open"
    title = _("Agreements of this agency are still open")


class AgencyChanged(Conflict):
    code = "agency-changed"
    title = _("The agency's content was changed after you opened it")


def require_complete(found: Mapping[str, Lack]) -> None:
    """Raises RegistrationIncomplete."""
    if found:
        raise RegistrationIncomplete(errors={field: [str(LACKS[lack])] for field, lack in found.items()})


def require_known_places(content: Content) -> None:
    """Raises InvalidInput for a province or a division that there is not."""
    errors: dict[str, list[str]] = {}
    if content.home_province not in provinces():
        errors["home_province"] = [str(_("There is no province with this code."))]
    if content.division_code and content.division_code not in places():
        errors["division_code"] = [str(_("There is no division with this code today."))]
    if errors:
        raise InvalidInput(errors=errors)


def lacks_of(agency: Agency) -> dict[str, Lack]:
    """What keeps the locked agency from the name list."""
    files = agency.files.filter(replaced_at=None).values_list("kind", flat=True)
    return missing(content=agency.content, staff=staff_count(agency), files=set(files))


def _require_editable(agency: Agency, action: str) -> None:
    if agency.state not in EDITABLE:
        raise WrongState(lifecycle=REGISTRATION.name, state=str(agency.state), action=action, possible=[])


def save_content(*, actor: Actor, content: Content, now: datetime) -> Agency:
    """States the content anew while it is a draft or was returned; it need not be complete yet.

    Raises NotFound, WrongState, InvalidInput.
    """
    require_known_places(content)
    with region_atomic():
        agency = own_locked(actor)
        _require_editable(agency, "save")
        fields = [name for name, _old, _new in agency.content.differences(content)]
        agency.take(content)
        agency.version += 1
        agency.save()
        tell(actor, "agencies.content_saved", agency, now, fields=fields)
    return agency


def add_staff(*, actor: Actor, name: str, joined_on: date, now: datetime) -> AgencyStaff:
    """Names somebody who works full time, in the draft. Raises NotFound, WrongState."""
    with region_atomic():
        agency = own_locked(actor)
        _require_editable(agency, "save")
        person = AgencyStaff.objects.create(agency=agency, name=name, joined_on=joined_on)
        _touched(actor, agency, now)
    return person


def remove_staff(*, actor: Actor, staff_id: int, now: datetime) -> Agency:
    """Takes a name out of the draft. Raises NotFound, WrongState."""
    with region_atomic():
        agency = own_locked(actor)
        _require_editable(agency, "save")
        person = agency.staff.filter(pk=staff_id).first()
        if person is None:
            raise NotFound(staff=staff_id)
        person.delete()
        _touched(actor, agency, now)
    return agency


def _touched(actor: Actor, agency: Agency, now: datetime) -> None:
    agency.version += 1
    agency.save(update_fields=["version"])
    tell(actor, "agencies.staff_changed", agency, now, staff=staff_count(agency))


def add_file(*, actor: Actor, kind: FileKind, name: str, content: bytes, now: datetime) -> AgencyFile:
    """Keeps a file; one of the same kind is replaced, and stays kept. Raises NotFound, WrongState, FileRefused."""
    with region_atomic():
        agency = own_locked(actor)
        _require_editable(agency, "save")
        stored = store_file(
            actor=actor, name=name, content=content, purpose=REGISTRATION_FILE.name, now=now,
            organisation_id=agency.organisation_id,
        )  # fmt: skip
        if kind != FileKind.OTHER:
            agency.files.filter(kind=kind, replaced_at=None).update(replaced_at=now)
        file = AgencyFile.objects.create(agency=agency, kind=kind, key=stored.key, name=stored.name, uploaded_at=now)
        agency.version += 1
        agency.save(update_fields=["version"])
        tell(actor, "agencies.file_added", agency, now, kind=str(kind), key=stored.key)
    return file


def submit(*, actor: Actor, now: datetime) -> Agency:
    """Hands the complete content to the region's desk. Raises NotFound, WrongState, RegistrationIncomplete."""
    with region_atomic():
        agency = own_locked(actor, MANAGERS)
        move(agency, actor=actor, action="submit")
        require_complete(lacks_of(agency))
        agency.submitted_at, agency.return_reasons = now, {}
        agency.version += 1
        agency.save()
        tell(actor, "agencies.registration_submitted", agency, now)
    return agency


def withdraw(*, actor: Actor, now: datetime) -> Agency:
    """Gives the registration up; `reopen` begins it again. Raises NotFound, WrongState."""
    return _step(actor, "withdraw", "agencies.registration_withdrawn", now)


def reopen(*, actor: Actor, now: datetime) -> Agency:
    """Raises NotFound, WrongState."""
    return _step(actor, "reopen", "agencies.registration_reopened", now)


def _step(actor: Actor, action: str, event: str, now: datetime) -> Agency:
    with region_atomic():
        agency = own_locked(actor, MANAGERS)
        move(agency, actor=actor, action=action)
        agency.return_reasons = {}
        agency.version += 1
        agency.save(update_fields=["state", "return_reasons", "version"])
        tell(actor, event, agency, now)
    return agency


def deregister(*, actor: Actor, hand_over: str, now: datetime, agency_id: int | None = None) -> Agency:
    """Takes the agency off the list for good. `hand_over` says which purchasers have the files of its projects.

    The agency's own manager names no id, region staff do. Raises NotFound, WrongState, InvalidInput, AgreementsOpen.
    Source: Cai Ku [2018] 2 (files go to the purchasers).
    """
    if not hand_over.strip():
        raise InvalidInput(errors={"hand_over": [str(_("Say to which purchasers the files were handed."))]})
    with region_atomic():
        agency = own_locked(actor, MANAGERS) if agency_id is None else locked_agency(agency_id)
        move(agency, actor=actor, action="deregister")
        if open_ones := Agreement.objects.filter(agency=agency, state__in=OPEN).count():
            raise AgreementsOpen(agreements=open_ones)
        agency.deregistered_at, agency.hand_over = now, hand_over
        agency.version += 1
        agency.save()
        tell(actor, "agencies.deregistered", agency, now)
    return agency

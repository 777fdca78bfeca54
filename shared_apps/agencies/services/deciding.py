"""The region's desk: the content is complete and is published, or goes back with a reason for each field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from kernel.actor import SYSTEM, Actor
from kernel.problems import InvalidInput
from shared_apps.accounts.services import rename_organisation
from shared_apps.agencies.models import Agency
from shared_apps.agencies.permissions import REGION, require
from shared_apps.agencies.rules.content import RETURNABLE
from shared_apps.agencies.services.common import locked_agency, move, tell
from shared_apps.agencies.services.registering import AgencyChanged, lacks_of, require_complete
from tenants.database.context import region_atomic


def publish(*, actor: Actor, agency_id: int, version: int, now: datetime) -> Agency:
    """Puts the agency on the public list. Registration asks for complete content, not for anybody's approval.

    Raises NotFound, WrongState, AgencyChanged, RegistrationIncomplete.
    """
    require(actor, REGION)
    with region_atomic():
        agency = _read(actor, agency_id, "publish", version)
        require_complete(lacks_of(agency))
        agency.published_at = now
        # The party goes by the name that is published: it may have been mended in the draft.
        rename_organisation(actor=SYSTEM, organisation_id=agency.organisation_id, name=agency.name, now=now)
        agency.version += 1
        agency.save()
        tell(actor, "agencies.published", agency, now)
    return agency


def return_registration(
    *, actor: Actor, agency_id: int, version: int, reasons: Mapping[str, str], now: datetime
) -> Agency:
    """Sends it back; the agency sees each reason at its field. Raises NotFound, WrongState, AgencyChanged."""
    require(actor, REGION)
    if not reasons or not set(reasons) <= set(RETURNABLE):
        raise InvalidInput(errors={"fields": [str(_("Name at least one field, each with its reason."))]})
    with region_atomic():
        agency = _read(actor, agency_id, "return", version)
        agency.return_reasons = {field: reasons[field] for field in RETURNABLE if field in reasons}
        agency.version += 1
        agency.save(update_fields=["state", "return_reasons", "version"])
        tell(actor, "agencies.registration_returned", agency, now, fields=list(agency.return_reasons))
    return agency


def _read(actor: Actor, agency_id: int, action: str, version: int) -> Agency:
    agency = locked_agency(agency_id)
    move(agency, actor=actor, action=action)
    if agency.version != version:
        raise AgencyChanged(read=version, present=agency.version)
    return agency

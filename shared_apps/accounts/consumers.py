"""What accounts does when a tenant's journal tells of an invitation, or of units whose organisations are new."""

from __future__ import annotations

import logging
from uuid import UUID

from shared_apps.accounts.models import Invitation, Organisation
from shared_apps.accounts.rules import OrganisationKind
from shared_apps.accounts.services.invitations import store_invitation
from shared_apps.accounts.services.unit_organisations import enter_unit_organisations
from tenants.journaling.consumers import RelayedEntry, consumer
from tenants.registry.selectors import is_practice

logger = logging.getLogger(__name__)


@consumer("access.person_invited")
def make_invitation(entry: RelayedEntry) -> None:
    """Makes the invitation and sends the letter. A tenant invites into its own budget units only.

    The posts stay in the tenant: the membership that comes of it carries none.
    """
    facts = entry.facts
    organisation = Organisation.objects.filter(
        pk=facts["organisation_id"], tenant_code=entry.tenant, kind=OrganisationKind.BUDGET_UNIT, is_active=True
    ).first()
    if organisation is None:
        logger.warning("%s invited into organisation %s, not one of its units", entry.tenant, facts["organisation_id"])
        return
    key = UUID(facts["invitation_key"])
    if Invitation.objects.filter(pk=key).exists():
        return
    store_invitation(
        organisation=organisation,
        name=facts["name"],
        email=facts["email"],
        posts=[],
        invited_by=entry.actor_id,
        key=key,
        now=entry.at,
    )


@consumer("budgets.units_awaited")
def enter_organisations(entry: RelayedEntry) -> None:
    """Enters the organisations that a bureau named with its units, as budget units of its own level and no other.

    The bureau may enter them on the region's host as well; a mall's login cannot write there. Practice names nobody.
    """
    if not is_practice(code=entry.tenant):
        enter_unit_organisations(tenant_code=entry.tenant, named=entry.facts["organisations"], now=entry.at)

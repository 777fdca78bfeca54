"""Beginning a registration. Nobody has an account yet: the letter to the mailbox leads to one."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from kernel.actor import SYSTEM, Actor
from kernel.inputs import checked_uscc
from kernel.posts import Post
from kernel.problems import Conflict, NotFound, TooManyRequests
from shared_apps.accounts import selectors as people
from shared_apps.accounts import services as accounts
from shared_apps.accounts.rules import OrganisationKind, wait_seconds
from shared_apps.accounts.secret import keyed_hash
from shared_apps.agencies.models import Agency, Opening
from shared_apps.agencies.permissions import require
from shared_apps.agencies.rules import registration
from shared_apps.agencies.rules.registration import AgencyState
from shared_apps.agencies.services.common import tell
from tenants.database.context import region_atomic

_WINDOW = timedelta(minutes=registration.OPENING_WINDOW_MINUTES)


class AgencyExists(Conflict):
    code = "agency-exists"
    title = _("An agency with this credit code is registered or registering already")


def open_registration(
    *, uscc: str, name: str, contact_name: str, contact_email: str, address: str, now: datetime
) -> Agency:
    """Keeps the code for the agency and invites the contact as its manager.

    While nobody has accepted, another beginning with the same code replaces the letter: who once mistyped the mailbox,
    or was forestalled by a stranger, is not shut out. Raises AgencyExists, TooManyRequests, InvalidInput.
    """
    code = checked_uscc(uscc)
    _refuse_floods(address=address, mailbox=contact_email, now=now)
    try:
        with region_atomic():
            Opening.objects.create(
                at=now,
                address_hash=keyed_hash("address", address) if address else "",
                mailbox_hash=keyed_hash("mailbox", contact_email.lower()),
            )
            agency = Agency.objects.select_for_update().filter(uscc=code).first()
            again = agency is not None
            if agency is None:
                organisation = accounts.create_organisation(
                    actor=SYSTEM, kind=OrganisationKind.AGENCY, code=code, name=name, tenant_code=None, now=now
                )
                agency = _new(organisation.pk, code, name, contact_name, contact_email, now)
            else:
                _refuse_taken(agency)
                for letter in people.open_invitations(actor=SYSTEM, organisation_id=agency.organisation_id):
                    accounts.withdraw_invitation(actor=SYSTEM, key=letter.key, now=now)
                agency.name, agency.contact_name, agency.contact_email = name, contact_name, contact_email
                agency.version += 1
                agency.save(update_fields=["name", "contact_name", "contact_email", "version"])
            visitor = Actor(user_id=None, name=contact_name)
            tell(
                visitor, "agencies.registration_opened", agency, now,
                organisation_id=agency.organisation_id, again=again,
            )  # fmt: skip
            accounts.invite(
                actor=SYSTEM, organisation_id=agency.organisation_id, name=contact_name, email=contact_email,
                posts=[Post.AGENCY_MANAGER], now=now,
            )  # fmt: skip
    except (IntegrityError, accounts.OrganisationExists) as error:
        raise AgencyExists(uscc=code) from error
    return agency


def open_for_organisation(
    *, actor: Actor, organisation_id: int, uscc: str, name: str, contact_name: str, contact_email: str, now: datetime,
    is_demo: bool = False,
) -> Agency:  # fmt: skip
    """Begins the registration of an agency whose organisation is entered already. Raises AgencyExists, NotFound."""
    require(actor, {Post.PLATFORM_OPERATOR})
    code = checked_uscc(uscc)
    organisation = people.managed_organisation(actor=actor, organisation_id=organisation_id)
    if organisation.kind != OrganisationKind.AGENCY:
        raise NotFound(organisation=organisation_id)
    try:
        with region_atomic():
            agency = _new(organisation_id, code, name, contact_name, contact_email, now, is_demo=is_demo)
            tell(actor, "agencies.registration_opened", agency, now, organisation_id=organisation_id, again=False)
    except IntegrityError as error:
        raise AgencyExists(uscc=code) from error
    return agency


def _new(
    organisation_id: int, uscc: str, name: str, contact_name: str, contact_email: str, now: datetime,
    *, is_demo: bool = False,
) -> Agency:  # fmt: skip
    return Agency.objects.create(
        uscc=uscc, organisation_id=organisation_id, state=AgencyState.DRAFT, name=name, contact_name=contact_name,
        contact_email=contact_email, opened_at=now, is_demo=is_demo,
    )  # fmt: skip


def _refuse_taken(agency: Agency) -> None:
    """Somebody acts for it already, or it is past its beginning."""
    members = people.members_of(actor=SYSTEM, organisation_id=agency.organisation_id)
    if agency.state != AgencyState.DRAFT or members:
        raise AgencyExists(uscc=agency.uscc)


def _refuse_floods(*, address: str, mailbox: str, now: datetime) -> None:
    """Each beginning sends a letter: neither one address nor one mailbox takes many. Raises TooManyRequests."""
    recent = Opening.objects.filter(at__gt=now - _WINDOW).order_by("-at")
    limits = [(recent.filter(mailbox_hash=keyed_hash("mailbox", mailbox.lower())), registration.OPENINGS_PER_MAILBOX)]
    if address:
        limits.append((recent.filter(address_hash=keyed_hash("address", address)), registration.OPENINGS_PER_ADDRESS))
    wait = max(
        wait_seconds(list(found.values_list("at", flat=True)[:allowed]), allowed=allowed, window=_WINDOW, now=now)
        for found, allowed in limits
    )
    if wait:
        raise TooManyRequests(retry_after_seconds=wait)

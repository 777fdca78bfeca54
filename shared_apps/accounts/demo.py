"""Loads the demonstration's organisations and people; a second loading changes nothing."""

from __future__ import annotations

from datetime import datetime

from kernel.actor import SYSTEM
from shared_apps.accounts import services
from shared_apps.accounts.models import Membership, Organisation, User
from shared_apps.accounts.roster import DEMO_PASSWORD, DemoOrganisation, roster
from shared_apps.accounts.rules import OrganisationKind
from shared_apps.suppliers.selectors import supplier_by_code
from shared_apps.suppliers.services import link_organisation


def load(now: datetime) -> None:
    """Organisations, people and memberships, and the suppliers' link to their organisations.

    After the suppliers' demonstration data. Posts inside the malls follow in `tenant_apps.access.demo`, once the
    units exist.
    """
    organisations: dict[tuple[str, str | None, str], Organisation] = {
        (row.kind, row.tenant_code, row.code): row for row in Organisation.objects.all()
    }
    users = dict(User.objects.values_list("username", "id"))
    members = set(Membership.objects.filter(ended_at=None).values_list("user_id", "organisation_id"))
    for person in roster():
        organisation = organisations.get(person.organisation.key)
        if organisation is None:
            organisation = organisations[person.organisation.key] = _create(person.organisation, now)
        if person.username not in users:
            users[person.username] = services.create_user(
                actor=SYSTEM,
                username=person.username,
                name=person.name,
                email=f"{person.username}@demo.example",
                password=DEMO_PASSWORD,
                now=now,
            ).pk
        if (users[person.username], organisation.pk) not in members:
            services.add_membership(
                actor=SYSTEM,
                user_id=users[person.username],
                organisation_id=organisation.pk,
                posts=person.posts,
                now=now,
            )
            members.add((users[person.username], organisation.pk))


def _create(wanted: DemoOrganisation, now: datetime) -> Organisation:
    organisation = services.create_organisation(
        actor=SYSTEM,
        kind=wanted.kind,
        code=wanted.code,
        name=wanted.name,
        tenant_code=wanted.tenant_code,
        now=now,
    )
    if wanted.kind == OrganisationKind.SUPPLIER and (supplier := supplier_by_code(uscc=wanted.code)):
        link_organisation(actor=SYSTEM, supplier_id=supplier.id, organisation_id=organisation.pk, now=now)
    return organisation

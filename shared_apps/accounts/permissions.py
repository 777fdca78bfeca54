"""Who may change people and organisations in the region's room."""

from __future__ import annotations

from kernel.actor import Actor
from kernel.posts import Post
from kernel.problems import NotPermitted
from shared_apps.accounts.models import Organisation
from shared_apps.accounts.rules import OrganisationKind

# Who looks after the people of an organisation that is neither a bureau's nor the platform's to look after.
OWN_ADMINISTRATOR = {
    OrganisationKind.SUPPLIER: Post.SUPPLIER_ADMIN,
    OrganisationKind.AGENCY: Post.AGENCY_MANAGER,
    OrganisationKind.REGION_FINANCE: Post.REGION_SUPERVISOR,
    OrganisationKind.FINANCE_BUREAU: Post.TIER_SUPERVISOR,
    OrganisationKind.CENTRAL_PURCHASING_BODY: Post.CPB_OPERATOR,
}

# Parties of trade, whose people nobody else looks after day by day.
SELF_MANAGED = frozenset({OrganisationKind.SUPPLIER, OrganisationKind.AGENCY})


def supervises(actor: Actor, tenant_code: str | None) -> bool:
    """Holds the supervisor's post in the finance bureau of that tenant."""
    bureaus = {place.organisation_id for place in actor.belongs if place.tenant_code == tenant_code}
    return tenant_code is not None and bool(bureaus & actor.organisations(Post.TIER_SUPERVISOR))


def may_create_organisation(actor: Actor, *, kind: OrganisationKind, tenant_code: str | None) -> bool:
    if actor.is_system or actor.has(Post.PLATFORM_OPERATOR):
        return True
    return kind == OrganisationKind.BUDGET_UNIT and supervises(actor, tenant_code)


def may_manage_people(actor: Actor, organisation: Organisation) -> bool:
    """Invite people into an organisation, change their posts there, end their membership."""
    if actor.is_system or actor.has(Post.PLATFORM_OPERATOR):
        return True
    kind = OrganisationKind(organisation.kind)
    if kind == OrganisationKind.BUDGET_UNIT:
        return supervises(actor, organisation.tenant_code)
    post = OWN_ADMINISTRATOR.get(kind)
    return post is not None and actor.has(post, organisation_id=organisation.pk)


def require(permitted: bool) -> None:
    """Raises NotPermitted."""
    if not permitted:
        raise NotPermitted


# The platform answers for the systems, the auditor for those who do; neither is a bureau.
LOG_READERS = frozenset({Post.PLATFORM_OPERATOR, Post.AUDITOR})

# Posts that may look after people of some organisation: the door of the routes; which one is decided behind it.
MANAGERS = frozenset({Post.PLATFORM_OPERATOR, *OWN_ADMINISTRATOR.values()})

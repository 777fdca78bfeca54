"""A budget unit of a test tenant, with its organisation and people."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.actor import SYSTEM
from kernel.clock import utc_now
from kernel.posts import Post
from shared_apps.accounts.models import Organisation, User
from shared_apps.accounts.rules import OrganisationKind
from tenant_apps.budgets.services import create_unit
from tenants.database.context import tenant_selected
from tests.factories.people import grant, join, make_organisation, make_user


@dataclass(frozen=True)
class Unit:
    tenant: str
    id: int
    organisation: Organisation


def make_unit(tenant: str, code: str = "001001", name: str = "市第一中学") -> Unit:
    organisation = make_organisation(OrganisationKind.BUDGET_UNIT, code, name, tenant)
    with tenant_selected(tenant):
        row = create_unit(actor=SYSTEM, code=code, name=name, organisation_id=organisation.pk, now=utc_now())
    return Unit(tenant, row.pk, organisation)


def make_holder(unit: Unit, *posts: Post, name: str = "测试用户") -> User:
    """A member of the unit's organisation holding these posts in the unit."""
    user = make_user(name=name)
    join(user, unit.organisation)
    for post in posts:
        grant(unit.tenant, user, unit.id, unit.organisation.pk, post)
    return user


def make_bureau_person(tenant: str, name: str = "监管员") -> User:
    user = make_user(name=name)
    organisation = make_organisation(OrganisationKind.FINANCE_BUREAU, None, "财政局", tenant)
    join(user, organisation, [Post.TIER_SUPERVISOR])
    return user

"""The posts a person can hold. A post is what routes and lifecycle actions are opened to."""

from __future__ import annotations

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Post(StrEnum):
    PLATFORM_OPERATOR = "platform_operator"
    REGION_SUPERVISOR = "region_supervisor"
    HIGHER_SUPERVISOR = "higher_supervisor"
    TIER_SUPERVISOR = "tier_supervisor"
    CPB_OPERATOR = "cpb_operator"
    UNIT_ADMINISTRATOR = "unit_administrator"
    BUYER_CLERK = "buyer_clerk"
    BUYER_APPROVER = "buyer_approver"
    BUYER_ACCEPTOR = "buyer_acceptor"
    BUYER_PAYER = "buyer_payer"
    SUPPLIER_ADMIN = "supplier_admin"
    SUPPLIER_SALES = "supplier_sales"
    AGENCY_MANAGER = "agency_manager"
    AGENCY_CLERK = "agency_clerk"
    EXPERT = "expert"
    AUDITOR = "auditor"

    @property
    def label(self) -> str:
        return str(POST_LABELS[self])


POST_LABELS: dict[Post, Promise] = {
    Post.PLATFORM_OPERATOR: _("Platform operator"),
    Post.REGION_SUPERVISOR: _("Regional supervisor"),
    Post.HIGHER_SUPERVISOR: _("Supervisor of a higher level"),
    Post.TIER_SUPERVISOR: _("Finance bureau supervisor"),
    Post.CPB_OPERATOR: _("Central purchasing body operator"),
    Post.UNIT_ADMINISTRATOR: _("Unit administrator"),
    Post.BUYER_CLERK: _("Purchasing clerk"),
    Post.BUYER_APPROVER: _("Purchasing approver"),
    Post.BUYER_ACCEPTOR: _("Acceptance officer"),
    Post.BUYER_PAYER: _("Payment officer"),
    Post.SUPPLIER_ADMIN: _("Supplier administrator"),
    Post.SUPPLIER_SALES: _("Supplier sales"),
    Post.AGENCY_MANAGER: _("Agency manager"),
    Post.AGENCY_CLERK: _("Agency clerk"),
    Post.EXPERT: _("Review expert"),
    Post.AUDITOR: _("Auditor"),
}

# Granted to nobody: at a mall's door a supervisor of a bureau that the mall's level answers to becomes one.
DERIVED_POSTS = frozenset({Post.HIGHER_SUPERVISOR})
# Supervise a mall from above: they read it and change nothing.
SUPERVISE_FROM_ABOVE = frozenset({Post.REGION_SUPERVISOR, Post.HIGHER_SUPERVISOR})
# Granted inside the tenant, by the tenant; all others are granted with a membership in the region.
TENANT_POSTS = frozenset(
    {
        Post.UNIT_ADMINISTRATOR,
        Post.BUYER_CLERK,
        Post.BUYER_APPROVER,
        Post.BUYER_ACCEPTOR,
        Post.BUYER_PAYER,
    }
)
REGION_POSTS = frozenset(Post) - TENANT_POSTS - DERIVED_POSTS

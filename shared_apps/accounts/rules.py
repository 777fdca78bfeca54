"""Kinds of organisations, which posts each may hold, and how long secrets live."""

from __future__ import annotations

from enum import StrEnum

from kernel.posts import Post

HAND_OFF_SECONDS = 60
INVITATION_DAYS = 7
MALL_SESSION_HOURS = 8


class OrganisationKind(StrEnum):
    PLATFORM = "platform"
    REGION_FINANCE = "region_finance"
    FINANCE_BUREAU = "finance_bureau"
    CENTRAL_PURCHASING_BODY = "central_purchasing_body"
    BUDGET_UNIT = "budget_unit"
    SUPPLIER = "supplier"
    AGENCY = "agency"
    EXPERT = "expert"
    AUDIT = "audit"


# Granted with a membership; posts of budget units are granted inside the tenant (kernel.posts.TENANT_POSTS).
POSTS_OF_KIND: dict[OrganisationKind, frozenset[Post]] = {
    OrganisationKind.PLATFORM: frozenset({Post.PLATFORM_OPERATOR}),
    OrganisationKind.REGION_FINANCE: frozenset({Post.REGION_SUPERVISOR}),
    OrganisationKind.FINANCE_BUREAU: frozenset({Post.TIER_SUPERVISOR}),
    OrganisationKind.CENTRAL_PURCHASING_BODY: frozenset({Post.CPB_OPERATOR}),
    OrganisationKind.BUDGET_UNIT: frozenset(),
    OrganisationKind.SUPPLIER: frozenset({Post.SUPPLIER_ADMIN, Post.SUPPLIER_SALES}),
    OrganisationKind.AGENCY: frozenset({Post.AGENCY_MANAGER, Post.AGENCY_CLERK}),
    OrganisationKind.EXPERT: frozenset({Post.EXPERT}),
    OrganisationKind.AUDIT: frozenset({Post.AUDITOR}),
}

# Organisations of one tenant; the others serve the whole region.
TENANT_KINDS = frozenset(
    {
        OrganisationKind.FINANCE_BUREAU,
        OrganisationKind.CENTRAL_PURCHASING_BODY,
        OrganisationKind.BUDGET_UNIT,
    }
)

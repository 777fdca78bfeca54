"""What a mall takes along of accounts: its organisations, and who belonged to them from when to when.

Names and posts only: sign-in names, addresses, sessions and the security log are the region's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shared_apps.accounts.models import Membership, Organisation
from tenants.registry.practice import home_of
from tenants.upkeep.region_parts import region_part


@region_part(
    "organisations",
    about="Organisations of this level in the region's list",
    columns={
        "id": "bigint", "kind": "text", "code": "text", "name": "text", "is_active": "boolean",
        "created_at": "timestamp with time zone",
    },
)  # fmt: skip
def organisations(code: str) -> Iterator[tuple[Any, ...]]:
    rows = Organisation.objects.filter(tenant_code=home_of(code)).order_by("id")
    yield from rows.values_list("id", "kind", "code", "name", "is_active", "created_at").iterator()


@region_part(
    "people",
    about="Members of these organisations with the posts the region granted; ended ones included",
    columns={
        "user_id": "bigint", "name": "text", "organisation_id": "bigint", "organisation_code": "text",
        "organisation_name": "text", "posts": "jsonb", "member_since": "timestamp with time zone",
        "ended_at": "timestamp with time zone",
    },
)  # fmt: skip
def people(code: str) -> Iterator[tuple[Any, ...]]:
    rows = Membership.objects.filter(organisation__tenant_code=home_of(code)).order_by("id")
    yield from rows.values_list(
        "user_id", "user__name", "organisation_id", "organisation__code", "organisation__name", "posts", "created_at",
        "ended_at",
    ).iterator()  # fmt: skip

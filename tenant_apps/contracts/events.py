"""What contracts tell the journal: who stands where and the digest of what was offered, not what it says."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from kernel.events import EventType, declare
from kernel.posts import Post
from tenant_apps.contracts.models import Announcement, ContractVersion, Signature
from tenant_apps.contracts.rules import VersionState

_FIELDS: dict[str, Any] = {
    "contract_id": int,
    "number": str,
    "ordinal": int,
    "kind": str,
    "state": str,
    "amount": Decimal,
    "order_id": int,
    "order_number": str,
    "unit_id": int,
    "unit_name": str,
    "organisation_id": int,
    "supplier_name": str,
    "supplier_organisation_id": int,
    "sm3": str | None,
    "next_post": str | None,
    "due_at": datetime | None,
    "reason": str | None,
}
VERSION_EVENTS = (
    "drafted",
    "reworked",
    "offered",
    "superseded",
    "withdrawn",
    "part_signed",
    "signed",
    "published",
    "filed",
)
_SIGNATURE_FIELDS: dict[str, Any] = {
    "contract_version_id": int,
    "side": str,
    "state": str,
    "digest": str,
    "reason": str | None,
}
for _name in VERSION_EVENTS:
    declare(EventType(f"contracts.{_name}", 1, _FIELDS))
for _name in ("signing_asked", "signing_sent", "signing_confirmed", "signing_refused", "signing_lapsed"):
    declare(EventType(f"contracts.{_name}", 1, _SIGNATURE_FIELDS))
for _name in ("announcing_asked", "announcing_sent", "announcing_refused", "announced"):
    declare(
        EventType(
            f"contracts.{_name}",
            1,
            {"contract_version_id": int, "number": str, "state": str, "reference": str, "reason": str | None},
        )
    )
declare(EventType("contracts.supplement_ordered", 1, {"number": str, "order_id": int, "order_number": str}))
declare(EventType("contracts.rule_decided", 1, {"needed": bool, "from_amount": Decimal, "reason": str}))

# Whom a version waits for; a half-signed one for the side that has not signed (see version_facts).
_NEXT = {
    VersionState.DRAFT: Post.BUYER_CLERK,
    VersionState.OFFERED: Post.SUPPLIER_SALES,
    VersionState.SIGNED: Post.BUYER_CLERK,
    VersionState.PUBLISHED: Post.BUYER_CLERK,
}


def version_facts(
    row: ContractVersion, *, sm3: str | None = None, reason: str | None = None, next_post: Post | None = None
) -> dict[str, Any]:
    """The facts of a version's event, as it is after the step. `row.contract` is read along by the caller."""
    contract = row.contract
    post = next_post or _NEXT.get(VersionState(row.state))
    due = {VersionState.SIGNED: row.publish_due_at, VersionState.PUBLISHED: row.file_due_at}
    return {
        "contract_id": contract.pk,
        "number": row.number,
        "ordinal": row.ordinal,
        "kind": str(row.kind),
        "state": str(row.state),
        "amount": row.amount,
        "order_id": contract.order_id,
        "order_number": contract.order_number,
        "unit_id": contract.unit_id,
        "unit_name": contract.unit_name,
        "organisation_id": contract.organisation_id,
        "supplier_name": contract.supplier_name,
        "supplier_organisation_id": contract.supplier_organisation_id,
        "sm3": sm3,
        "next_post": post.value if post else None,
        "due_at": due.get(VersionState(row.state)),
        "reason": reason,
    }


def signature_facts(row: Signature, *, reason: str | None = None) -> dict[str, Any]:
    return {
        "contract_version_id": row.contract_version_id,
        "side": str(row.side),
        "state": str(row.state),
        "digest": row.digest,
        "reason": reason,
    }


def announcement_facts(row: ContractVersion, announcement: Announcement) -> dict[str, Any]:
    return {
        "contract_version_id": row.pk,
        "number": row.number,
        "state": str(announcement.state),
        "reference": announcement.reference,
        "reason": announcement.state_reason or None,
    }

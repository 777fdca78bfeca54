"""What a suspended or archived mall answers, and who may still read an archived one."""

from __future__ import annotations

from django.db import ProgrammingError
from django.utils.translation import gettext_lazy as _

from kernel.posts import SUPERVISE_FROM_ABOVE, Post
from kernel.problems import DomainError, NotPermitted
from tenants.database.context import TenantRef, forget_tenant_refs, selected_code, tenant_ref
from tenants.registry.rules import SHUT, TenantState

# insufficient_privilege: what the database answers when a shut mall's login adds to its journal.
_NO_RIGHT = "42501"
READERS_OF_ARCHIVED = frozenset({*SUPERVISE_FROM_ABOVE, Post.PLATFORM_OPERATOR, Post.AUDITOR, Post.TIER_SUPERVISOR})


class TenantSuspended(NotPermitted):
    """Reads stay; nothing is changed until the region resumes the mall."""

    code = "tenant-suspended"
    title = _("This mall is suspended: it can be read, and nothing can be changed")


class TenantArchived(DomainError):
    """The mall is closed for good."""

    code = "tenant-archived"
    status = 410
    title = _("This mall is archived")


def is_shut(ref: TenantRef) -> bool:
    """Whether nothing may be written in the tenant."""
    return ref.state in SHUT


def refusal_of(ref: TenantRef) -> DomainError | None:
    """What a write in the tenant is answered; None where writing is allowed."""
    if not is_shut(ref):
        return None
    kind = TenantArchived if ref.state == TenantState.ARCHIVED else TenantSuspended
    return kind(tenant=ref.code, reason=ref.reason)


def refusal_behind(error: BaseException) -> DomainError | None:
    """The refusal for which the database stands when the selected tenant was shut a moment ago; None for any other.

    A process may remember a tenant's state for two seconds; the database knows at once.
    """
    code = selected_code()
    if code is None or not isinstance(error, ProgrammingError):
        return None
    if getattr(error.__cause__, "pgcode", None) != _NO_RIGHT:
        return None
    forget_tenant_refs()
    return refusal_of(tenant_ref(code))

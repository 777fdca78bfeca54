"""Making and revoking API tokens. One transaction and one journal row each."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.actor import Actor
from kernel.posts import Post
from kernel.problems import Conflict, InvalidInput, NotFound, NotPermitted
from shared_apps.accounts.secret import hash_of, new_secret
from shared_apps.exchange.kinds.base import Scope
from shared_apps.exchange.kinds.offers import scope_of
from shared_apps.exchange.models import ApiToken
from shared_apps.exchange.rules import SCOPES, TOKEN_ADDRESSES_MAX, TOKEN_DAYS_MAX, TOKEN_PREFIX, TOKENS_MAX
from shared_apps.region_journal.services import record
from tenants.database.context import region_atomic


class TooManyTokens(Conflict):
    code = "too-many-tokens"
    title = gettext_lazy("There are enough API tokens: revoke one that is not used any more")


@dataclass(frozen=True, slots=True)
class NewToken:
    """`secret` is known here and never again."""

    row: ApiToken
    secret: str


def administered(actor: Actor) -> Scope:
    """The supplier whose administrator the actor is. Raises NotPermitted."""
    scope = scope_of(actor)
    if actor.user_id is None or not actor.has(Post.SUPPLIER_ADMIN, organisation_id=scope.organisation_id):
        raise NotPermitted(action="administer")
    return scope


def make_token(
    *, actor: Actor, name: str, scopes: Sequence[str], days: int, now: datetime, addresses: str = ""
) -> NewToken:
    """A token that ends after `days`. Raises InvalidInput, TooManyTokens, NotPermitted."""
    scope = administered(actor)
    errors: dict[str, list[str]] = {}
    if not scopes or set(scopes) - set(SCOPES):
        errors["scopes"] = [_("Choose what the token is for.")]
    if not 1 <= days <= TOKEN_DAYS_MAX:
        errors["days"] = [_("A token holds for at most %(most)s days.") % {"most": TOKEN_DAYS_MAX}]
    if not _are_networks(addresses):
        errors["addresses"] = [_("Write one network address a line, such as 203.0.113.7 or 203.0.113.0/24.")]
    if errors or actor.user_id is None or scope.supplier_id is None:
        raise InvalidInput(errors=errors)
    secret = TOKEN_PREFIX + new_secret()
    with region_atomic():
        alive = ApiToken.objects.filter(organisation_id=scope.organisation_id, revoked_at=None, expires_at__gt=now)
        if alive.count() >= TOKENS_MAX:
            raise TooManyTokens(most=TOKENS_MAX)
        row = ApiToken.objects.create(
            organisation_id=scope.organisation_id,
            supplier_id=scope.supplier_id,
            name=name,
            prefix=secret[:12],
            secret_hash=hash_of(secret),
            scopes=sorted(set(scopes)),
            addresses="\n".join(addresses.split()),
            made_by_id=actor.user_id,
            made_by_name=actor.name,
            made_at=now,
            expires_at=now + timedelta(days=days),
        )
        _tell(actor, "exchange.token_made", row, now)
    return NewToken(row, secret)


def revoke_token(*, actor: Actor, token_id: int, now: datetime) -> None:
    """It is refused from now on. A second revocation changes nothing. Raises NotFound for others' tokens."""
    scope = administered(actor)
    with region_atomic():
        row = ApiToken.objects.select_for_update().filter(pk=token_id, organisation_id=scope.organisation_id).first()
        if row is None:
            raise NotFound(token=token_id)
        if row.revoked_at is not None:
            return
        row.revoked_at, row.revoked_by_name = now, actor.name
        row.save(update_fields=["revoked_at", "revoked_by_name"])
        _tell(actor, "exchange.token_revoked", row, now)


def _are_networks(addresses: str) -> bool:
    named = addresses.split()
    if len(named) > TOKEN_ADDRESSES_MAX:
        return False
    try:
        for one in named:
            ipaddress.ip_network(one, strict=False)
    except ValueError:
        return False
    return all(one.isascii() for one in named)


def _tell(actor: Actor, event: str, row: ApiToken, now: datetime) -> None:
    facts = {
        "supplier_id": row.supplier_id, "prefix": row.prefix, "scopes": row.scopes, "expires_at": row.expires_at,
    }  # fmt: skip
    record(actor=actor, event=event, object_type="api_token", object_id=row.pk, facts=facts, now=now)

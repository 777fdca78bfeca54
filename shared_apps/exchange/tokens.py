"""Who acts by an API token. Named by `settings.YZ_TOKEN_ACTOR`, asked once a request on routes that take tokens."""

from __future__ import annotations

import ipaddress
import logging
import time
from datetime import datetime

from django.http import HttpRequest
from redis.exceptions import RedisError

from kernel.actor import Actor, HeldPost
from kernel.authentication import TokenRefused
from kernel.clock import utc_now
from kernel.posts import Post
from kernel.problems import TooManyRequests
from shared_apps.accounts.counting import counted
from shared_apps.accounts.secret import hash_of
from shared_apps.accounts.security import address_of
from shared_apps.accounts.selectors import user_by_id, visitor_of
from shared_apps.exchange.models import ApiToken
from shared_apps.exchange.rules import POST_OF_SCOPE, TOKEN_CALLS_PER_MINUTE, TOKEN_PREFIX, USE_NOTED_EVERY

logger = logging.getLogger(__name__)
NAME_LENGTH_MAX = 40


def actor_of_token(*, request: HttpRequest, token: str, scope: str) -> Actor:
    """Its maker, in the one organisation, with the one post of the scope. At most four statements.

    Raises TokenRefused, and TooManyRequests beyond the calls of a minute.
    """
    if getattr(request, "room", "region") != "region" or not token.startswith(TOKEN_PREFIX) or len(token) > 100:
        raise TokenRefused
    row = ApiToken.objects.filter(secret_hash=hash_of(token), revoked_at=None).first()
    now = utc_now()
    address = address_of(request)
    if row is None or row.expires_at <= now or scope not in row.scopes or not may_come_from(row.addresses, address):
        raise TokenRefused
    if wait := _wait(row):
        raise TooManyRequests(retry_after_seconds=wait)
    actor = _narrowed(row, POST_OF_SCOPE[scope])
    _note_use(row, address, now)
    return actor


def may_come_from(addresses: str, address: str) -> bool:
    """Whether the address is one of those named, one address or network a line; all are where none is."""
    named = addresses.split()
    if not named:
        return True
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in ipaddress.ip_network(one, strict=False) for one in named)


def _narrowed(row: ApiToken, post: Post) -> Actor:
    """The maker with one post in one organisation. Raises TokenRefused when the maker no longer administers it."""
    user = user_by_id(user_id=row.made_by_id)
    if user is None:
        raise TokenRefused
    whole = visitor_of(user=user).actor
    if not whole.has(Post.SUPPLIER_ADMIN, organisation_id=row.organisation_id):
        raise TokenRefused
    return Actor(
        user_id=user.pk,
        name=f"{row.name}/{user.name}"[:NAME_LENGTH_MAX],
        tenant=None,
        belongs=tuple(place for place in whole.belongs if place.organisation_id == row.organisation_id),
        held=(HeldPost(post, row.organisation_id),),
    )


def _wait(row: ApiToken) -> int:
    """Seconds until the token may be used again; 0 while it may. Counted in Valkey, and not at all without it."""
    minute, second = divmod(int(time.time()), 60)
    try:
        calls = counted(f"token:{row.pk}:{minute}")
    except RedisError:
        logger.warning("calls by token are not counted: no answer from the cache")
        return 0
    return 60 - second if calls > TOKEN_CALLS_PER_MINUTE else 0


def _note_use(row: ApiToken, address: str, now: datetime) -> None:
    if row.used_at is None or now - row.used_at >= USE_NOTED_EVERY or row.used_from != address:
        ApiToken.objects.filter(pk=row.pk).update(used_at=now, used_from=address[:45])

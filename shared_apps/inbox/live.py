"""News for open pages: a signed ticket says which channels a page may hear; the news carries no content.

`config.live` serves the streams. It knows tickets and channels, no database.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from typing import Any

from django.conf import settings
from django.core import signing
from redis import Redis
from redis.exceptions import RedisError

from kernel.actor import Actor

logger = logging.getLogger(__name__)

SALT = "yizhang.live"
TICKET_SECONDS = 600
CHANNELS_MAX = 50

_redis: Redis | None = None


def channel_prefix() -> str:
    return f"{settings.CACHES['default']['KEY_PREFIX']}:live:"


def channels_of(actor: Actor) -> list[str]:
    """One for each organisation, and one for each level whose bureau or purchasing body the actor belongs to."""
    found = [f"organisation:{place.organisation_id}" for place in actor.belongs]
    found += [f"tenant:{place.tenant_code}" for place in actor.belongs if place.tenant_code]
    return sorted(set(found))[:CHANNELS_MAX]


def ticket(*, actor: Actor, origin: str) -> str:
    """Good for ten minutes, for a page of `origin` alone."""
    value: str = signing.dumps({"channels": channels_of(actor), "origin": origin}, salt=SALT)
    return value


def read_ticket(text: str, *, origin: str) -> list[str]:
    """The channels of a ticket. Raises signing.BadSignature when it is forged, old, or of another origin."""
    held: dict[str, Any] = signing.loads(text, salt=SALT, max_age=TICKET_SECONDS)
    if held["origin"] != origin:
        raise signing.BadSignature("of another origin")
    return list(held["channels"])


def stream_url(*, actor: Actor, origin: str) -> str:
    """Where the page listens; empty where no live process is set up."""
    if not (settings.YZ_LIVE_URL and actor.signed_in):
        return ""
    return f"{settings.YZ_LIVE_URL}/live/?ticket={ticket(actor=actor, origin=origin)}"


def publish(*, organisations: Collection[int], tenant_code: str | None, tenants: Sequence[str] = ()) -> None:
    """Tells open pages to ask again. A lost one costs nothing but time: the page asks on its own too."""
    global _redis
    if _redis is None:
        _redis = Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
    names = [f"organisation:{key}" for key in sorted(organisations)]
    names += [f"tenant:{code}" for code in (*tenants, *([tenant_code] if tenant_code else []))]
    try:
        pipe = _redis.pipeline(transaction=False)
        for name in names:
            pipe.publish(channel_prefix() + name, "inbox")
        pipe.execute()
    except RedisError as error:
        logger.warning("no live news: %s", error)

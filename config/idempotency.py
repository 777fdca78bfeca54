"""The idempotency of the API's writes (settings.YZ_IDEMPOTENCY): keeps the answer in the room of the request."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from kernel.access import access_of
from kernel.api import actor_of
from kernel.clock import utc_now
from shared_apps.region_idempotency.services import run_in_region
from tenant_apps.idempotency.services import run_in_tenant
from tenants.journaling.idempotency import Answer, checked_key, request_hash

HEADER = "Idempotency-Key"
REPLAY_HEADER = "Idempotent-Replay"


def run(*, request: Request, body: Mapping[str, Any], perform: Callable[[], Response]) -> Response:
    """Runs `perform` once per (user, endpoint, key). Without the header, or not signed in, it runs directly.

    Raises InvalidInput for a malformed key, RequestRunning (409) and KeyReused (422).
    """
    given = request.headers.get(HEADER)
    user_id = actor_of(request).user_id
    if given is None:
        return perform()
    key = checked_key(given)
    if user_id is None:
        return perform()
    match = request.resolver_match
    access = access_of(match.func) if match else None
    if access is None:
        raise LookupError(f"{request.path}: the route declares no access")
    first: list[Response] = []

    def answer() -> Answer:
        first.append(perform())
        sent = first[0]
        body_sent = "" if sent.data is None else JSONRenderer().render(sent.data).decode()
        return Answer(sent.status_code, body_sent)

    run_here = run_in_tenant if getattr(request._request, "room", "region") == "tenant" else run_in_region
    kept = run_here(
        user_id=user_id,
        endpoint=access.name,
        key=key,
        hashed=request_hash(path=request.path, body=body),
        perform=answer,
        now=utc_now(),
    )
    if not kept.replayed:
        return first[0]
    return Response(json.loads(kept.body) if kept.body else None, status=kept.status, headers={REPLAY_HEADER: "true"})

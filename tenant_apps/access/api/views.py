"""API of access, on a tenant's host."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import utc_now
from kernel.posts import Post
from shared_apps.accounts.serializers import MeSerializer
from tenant_apps.access import deputies, selectors, services
from tenant_apps.access.rules import FIXED_PAIRS, Pair, people_needed
from tenant_apps.access.serializers import (
    DeputySerializer,
    GrantInput,
    HandOverInput,
    HoldingSerializer,
    InvitedSerializer,
    InviteInput,
    LendInput,
    PairsInput,
    PairsSerializer,
    pairs_of,
)

MANAGERS = frozenset({Post.TIER_SUPERVISOR, Post.UNIT_ADMINISTRATOR})
BUREAU = frozenset({Post.TIER_SUPERVISOR})


@documented(summary="Who is signed in, where they belong and which posts they hold in this mall")
class Me(ReadView):
    access = Access("access.me", signed_in=True)
    output_serializer = MeSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return actor_of(request)


@documented(summary="Open holdings of posts in the units the caller looks after")
class Holdings(ReadView):
    access = Access("access.posts", posts=MANAGERS)
    output_serializer = HoldingSerializer
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.managed_holdings(actor=actor_of(request))


@documented(summary="Give a post to a person the unit's organisation knows")
class Grant(WriteView):
    access = Access("access.grant", posts=MANAGERS)
    input_serializer = GrantInput
    output_serializer = HoldingSerializer
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.grant_to_member(actor=actor_of(request), now=utc_now(), **data)


@documented(summary="End a post")
class End(WriteView):
    access = Access("access.end", posts=MANAGERS)
    output_serializer = HoldingSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.end_post(actor=actor_of(request), holding_id=path["holding_id"], now=utc_now())


@documented(summary="Hand a post over to another person of the unit's organisation, in one step")
class HandOver(WriteView):
    access = Access("access.hand_over", posts=MANAGERS)
    input_serializer = HandOverInput
    output_serializer = HoldingSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.hand_over_to_member(
            actor=actor_of(request), holding_id=path["holding_id"], to_user_id=data["to_user_id"], now=utc_now()
        )


@documented(summary="Who acts in the caller's stead now")
class Deputies(ReadView):
    access = Access("access.deputies", posts=deputies.LENDABLE)
    output_serializer = DeputySerializer
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        return deputies.lent_by(actor=actor_of(request))


@documented(
    summary="Let a colleague act in one's own post, up to and including a day",
    description="Approving, accepting goods and paying can be lent; what is held in another's stead cannot be lent on.",
)
class Lend(WriteView):
    access = Access("access.lend", posts=deputies.LENDABLE)
    input_serializer = LendInput
    output_serializer = DeputySerializer
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return deputies.lend(actor=actor_of(request), now=utc_now(), **data)


@documented(summary="Take a lent post back before its last day")
class TakeBack(WriteView):
    access = Access("access.take_back", posts=deputies.LENDABLE)
    output_serializer = DeputySerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return deputies.take_back(actor=actor_of(request), holding_id=path["holding_id"], now=utc_now())


@documented(
    summary="Invite a person into a unit",
    description="The letter is sent when the region has heard of it; the posts count from the first entry on.",
)
class Invite(WriteView):
    access = Access("access.invite", posts=MANAGERS)
    input_serializer = InviteInput
    output_serializer = InvitedSerializer
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        key = services.invite_to_unit(actor=actor_of(request), now=utc_now(), **data)
        return {"invitation_key": key}


def _shown(pairs: frozenset[Pair]) -> dict[str, Any]:
    return {
        "pairs": sorted(sorted(pair) for pair in pairs),
        "fixed": sorted(sorted(pair) for pair in FIXED_PAIRS),
        "people_needed": people_needed(pairs),
    }


@documented(summary="Posts nobody may act in together on one order")
class Pairs(ReadView):
    access = Access("access.pairs", posts=MANAGERS)
    output_serializer = PairsSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return _shown(selectors.incompatible_pairs())


@documented(summary="Choose the posts that stay apart, within the region's bounds")
class ChoosePairs(WriteView):
    access = Access("access.choose_pairs", posts=BUREAU)
    input_serializer = PairsInput
    output_serializer = PairsSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        pairs = pairs_of(data["pairs"])
        services.choose_pairs(actor=actor_of(request), pairs=pairs, reason=data["reason"], now=utc_now())
        return _shown(pairs)

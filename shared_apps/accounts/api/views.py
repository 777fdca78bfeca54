"""API of accounts, on the region's host."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import utc_now
from kernel.posts import Post
from shared_apps.accounts import selectors, services
from shared_apps.accounts.permissions import MANAGERS
from shared_apps.accounts.serializers import (
    ChangePostsInput,
    InvitationSerializer,
    InviteInput,
    MemberSerializer,
    MeSerializer,
    OrganisationInput,
    OrganisationSerializer,
)


@documented(summary="Who is signed in, where they belong and which posts they hold here")
class Me(ReadView):
    access = Access("accounts.me", signed_in=True)
    output_serializer = MeSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return actor_of(request)


@documented(summary="Organisations whose people the caller looks after")
class Organisations(ReadView):
    access = Access("accounts.organisations", posts=MANAGERS)
    output_serializer = OrganisationSerializer
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.managed_organisations(actor=actor_of(request))


@documented(summary="Set an organisation up: the platform any, a finance bureau the budget units of its level")
class CreateOrganisation(WriteView):
    access = Access("accounts.create_organisation", posts=frozenset({Post.PLATFORM_OPERATOR, Post.TIER_SUPERVISOR}))
    input_serializer = OrganisationInput
    output_serializer = OrganisationSerializer
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.create_organisation(actor=actor_of(request), now=utc_now(), **data)


@documented(summary="Members of an organisation the caller looks after")
class Members(ReadView):
    access = Access("accounts.members", posts=MANAGERS)
    output_serializer = MemberSerializer
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.members_of(actor=actor_of(request), organisation_id=path["organisation_id"])


@documented(summary="Give a member other posts of the organisation's kind")
class ChangePosts(WriteView):
    access = Access("accounts.change_posts", posts=MANAGERS)
    input_serializer = ChangePostsInput
    output_serializer = MemberSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.change_posts(
            actor=actor_of(request), membership_id=path["membership_id"], posts=data["posts"], now=utc_now()
        )


@documented(summary="End a membership: all posts in the organisation are gone with the next request")
class EndMembership(WriteView):
    access = Access("accounts.end_membership", posts=MANAGERS)
    output_serializer = MemberSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.end_membership(actor=actor_of(request), membership_id=path["membership_id"], now=utc_now())


@documented(summary="Open invitations of an organisation the caller looks after")
class Invitations(ReadView):
    access = Access("accounts.invitations", posts=MANAGERS)
    output_serializer = InvitationSerializer
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.open_invitations(actor=actor_of(request), organisation_id=path["organisation_id"])


@documented(summary="Invite a person into an organisation; a letter with a link goes to their address")
class Invite(WriteView):
    access = Access("accounts.invite", posts=MANAGERS)
    input_serializer = InviteInput
    output_serializer = InvitationSerializer
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.invite(actor=actor_of(request), now=utc_now(), **data)


@documented(summary="Send an open invitation again; the former link is dead")
class Resend(WriteView):
    access = Access("accounts.resend_invitation", posts=MANAGERS)
    output_serializer = InvitationSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.resend_invitation(actor=actor_of(request), key=path["key"], now=utc_now())


@documented(summary="Withdraw an open invitation")
class Withdraw(WriteView):
    access = Access("accounts.withdraw_invitation", posts=MANAGERS)
    output_serializer = InvitationSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.withdraw_invitation(actor=actor_of(request), key=path["key"], now=utc_now())
